"""The seats of a body as they stand: each member with their role and what their lead has set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Services
from bot.errors import NoWorkingTime
from bot.missions.office_hours import find_next_opening
from bot.phrases import render_phrase
from bot.types import SEAT_ROLES, Mission, SeatRules, StaffMember
from knowledge.types import Language

# What a seat takes while no one has set its topics: assumed, no source says who does what.
TOPICS_BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "diplomat": ("safety", "visa"),
    "agency": ("market", "export", "certification", "logistics", "programme", "esg"),
    "lawyer": ("law", "payment", "fraud"),
    "accountant": ("tax", "finance"),
    "customs": ("customs", "tariffs"),
    "ip": ("ip",),
    "startup": ("setup",),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of a body with the rules of their seat."""

    member: StaffMember
    rules: SeatRules

    @property
    def account(self) -> str:
        """Who sits here: "channel:user"."""
        return self.member.account

    @property
    def role(self) -> str:
        """One of SEAT_ROLES, or "staff"."""
        return self.member.role

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it takes: those set, else those of its role."""
        if self.rules.topics is not None:
            return self.rules.topics
        return TOPICS_BY_ROLE.get(self.role, ())

    @property
    def label(self) -> str:
        """Who sits here, as staff read it: "Kim(변호사)"."""
        return self.name_in(STAFF_LANGUAGE)

    def name_in(self, language: Language) -> str:
        """Who sits here, with their role in a language."""
        role = render_phrase(f"staff.role_{self.role}", language)
        name = self.member.name or self.account
        return render_phrase("staff.who", language, name=name, role=role)

    def is_away(self, day: date) -> bool:
        """Whether the holder is away on a day of the mission's calendar."""
        first, last = self.rules.away_from, self.rules.away_until
        return first is not None and first <= day and (last is None or day <= last)

    def is_full(self, open_cases: Mapping[str, int]) -> bool:
        """Whether the holder has as many open cases (counted by account) as they take."""
        capacity = self.rules.capacity
        return capacity is not None and open_cases.get(self.account, 0) >= capacity


def list_seats(services: Services, mission: str) -> list[Seat]:
    """The seats of a mission's body, who was admitted first in front."""
    return [Seat(member, rules) for member, rules in services.list_seats(mission)]


def find_stand_in(seat: Seat, seats: Iterable[Seat]) -> Seat | None:
    """The seat of who stands in for the holder of `seat`; None without one, or if they left."""
    wanted = seat.rules.stand_in
    return next((one for one in seats if wanted and one.account == wanted), None)


def find_role(word: str) -> str | None:
    """The role that a word names, by its id or its Korean name; None for any other word."""
    wanted = word.strip().lower()
    for role in SEAT_ROLES:
        if wanted in (role, render_phrase(f"staff.role_{role}", STAFF_LANGUAGE)):
            return role
    return None


def find_working_day(mission: Mission, now: datetime) -> date:
    """The day, on the mission's calendar, on which it next works: who is away then does not see a case
    that comes in on the evening before."""
    try:
        return find_next_opening(mission, now).date()
    except NoWorkingTime:
        return mission.find_day(now)
