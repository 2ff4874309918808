"""Quarters of the year by Korea's clock, and when papers are due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.missions.office_hours import find_next_opening
from bot.phrases import render_phrase
from bot.types import Meeting, Mission
from knowledge.types import KOREA, Language

DIGEST_WORKING_DAY = 3  # of the quarter after the one that is told of
_NAME = re.compile(r"(2[0-9]{3})-[Qq]([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year; `number` is 1 to 4."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As it is written: 2026-Q3."""
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> datetime:
        """When it begins in Seoul."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=KOREA)

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def after(self) -> Quarter:
        """The quarter after."""
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    def has(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        return self.start <= moment < self.after.start


def parse_quarter(name: str) -> Quarter | None:
    """The quarter that a name like 2026-Q3 means; None for any other text."""
    match = _NAME.fullmatch(name.strip())
    return Quarter(int(match[1]), int(match[2])) if match else None


def render_quarter(name: str, language: Language) -> str:
    """A quarter's name in a sentence: 2026-Q3 is "2026년 3분기". Raises ValueError for another text."""
    quarter = parse_quarter(name)
    if quarter is None:
        raise ValueError(f"{name!r} is no quarter")
    return render_phrase("desk.quarter", language, year=quarter.year, number=quarter.number)


def find_ended_quarter(now: datetime) -> Quarter:
    """The last quarter that has ended."""
    local = now.astimezone(KOREA)
    return Quarter(local.year, (local.month + 2) // 3).before


def find_digest_day(quarter: Quarter, desk: Mission) -> datetime:
    """When the desk gets the digest of a quarter: as it opens on its third working day after it."""
    return add_working_days(quarter.after.start, DIGEST_WORKING_DAY - 1, desk)


def find_agenda_day(meeting: Meeting, mission: Mission, days: int) -> datetime:
    """When a body gets the agenda of its meeting: `days` before it, or as the mission opens next."""
    return find_next_opening(mission, meeting.starts_at - timedelta(days=days))


def add_working_days(start: datetime, days: int, mission: Mission) -> datetime:
    """The same time of day `days` working days of a mission after a moment, or after the next
    opening where it is closed then."""
    moment = find_next_opening(mission, start)
    at = moment.time()
    for _ in range(days):
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
        moment = datetime.combine(find_next_opening(mission, midnight).date(), at, moment.tzinfo)
    return moment
