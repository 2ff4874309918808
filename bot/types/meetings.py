"""A body's regular meetings, and what they resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

ResolutionState = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A regular meeting of the body of `mission`. `uid` and `sequence` are those of its invitation
    (RFC 5545): a meeting that is moved keeps the one and raises the other. `minutes` is how long it
    takes, `place` "" where none is named."""

    uid: str
    mission: str
    starts_at: datetime
    minutes: int = 90
    place: str = ""
    sequence: int = 0
    withdrawn_at: datetime | None = None
    agenda_sent_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Something that a body's meeting resolved: what is to be done, by whom ("" for all) and until
    when. `number` is 0 until it is stored; `settled_at` is when it was done or dropped."""

    number: int
    mission: str
    text: str
    owner: str
    due: date | None
    resolved_on: date
    entered_by: str
    state: ResolutionState = "open"
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What one entry of minutes changes in the resolutions of `mission`: those that are new, and the
    numbers of those that are done or dropped by now."""

    mission: str
    new: tuple[Resolution, ...] = ()
    settled: tuple[tuple[int, ResolutionState], ...] = ()
