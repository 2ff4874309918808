"""The seats of a body: what each of its members takes, when they are away, and a case's first offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class SeatRules:
    """What a body's lead has set for the seat of the member `channel`:`user`.

    `topics` are ids of bot/admin/desk/topics.yaml, None: those of the role. `languages` are those of
    cases that it takes, () for any; `capacity` is how many open cases at once, None for any number.
    The member is away from `away_from` until `away_until`, both included, on the mission's calendar;
    `stand_in`, "channel:user", takes over for that time, "" where there is none."""

    mission: str
    channel: str
    user: str
    topics: tuple[str, ...] | None = None
    languages: tuple[Language, ...] = ()
    capacity: int | None = None
    away_from: date | None = None
    away_until: date | None = None
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class SeatOffer:
    """To whom a case is offered before all others, "channel:user", and why: the role of the seat, the
    case's topic as staff read it and how many open cases its holder has. `stands_in`: for a holder who is away."""

    account: str
    role: str
    topic: str
    open_cases: int = 0
    stands_in: bool = False
