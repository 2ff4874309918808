"""What a field of a form or an address says: anybody can write anything there."""

from __future__ import annotations

from datetime import date, datetime, time

from knowledge.types import KOREA

NUMBER_DIGITS = 9
YEARS = range(2000, 3000)  # far from where a calendar ends


def read_number(text: str, otherwise: int = 0) -> int:
    """A number; `otherwise` for what is none that any of ours could be."""
    return int(text) if text.isdecimal() and len(text) <= NUMBER_DIGITS else otherwise


def read_moment(text: str) -> datetime | None:
    """A moment written as 2026-11-21T09:30; None for what is none, or not of our time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def read_day(text: str) -> date | None:
    """A day written as 2026-11-21; None for what is none, or not of our time."""
    moment = read_moment(text) if len(text) == len("2026-11-21") else None
    return moment and moment.date()


def begin_day(day: date) -> datetime:
    """When a day begins in Korea."""
    return datetime.combine(day, time(), KOREA)
