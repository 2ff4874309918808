"""One case as the people in it know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.types import Urgency

MoveKind = Literal[
    "replied", "founder_wrote", "waiting_founder", "waiting_authority", "resumed", "moved", "merged",
    "resolved", "reopened", "closed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """What was done that may change a wait; `since`, of a merge: since when the other founder waited."""

    kind: MoveKind
    at: datetime
    since: datetime | None = None


@dataclass(slots=True)
class FirstOffer:
    """A case was offered to one seat `at` a moment, and taken, moved or ended at `over`."""

    at: datetime
    over: datetime | None = None


@dataclass(slots=True)
class Story:
    """One case as its people know it. `history` are the moves that clocks care about, each with the
    mission from then on; `touched` when anything was done or sent; `told` when its founder must have
    got a word; `holder` who has it, `parent` the case that a request to the desk was made for."""

    number: int
    founder: str
    mission: str
    urgency: Urgency
    asked_at: datetime
    parent: int = 0
    sealed: bool = False
    thread: str = ""
    history: list[tuple[Move, str]] = field(default_factory=list)
    holder: str = ""
    offered_to: str = ""
    offers: list[FirstOffer] = field(default_factory=list)
    parked: str = ""
    ended: str = ""
    habit: str = "prompt"
    replies: int = 0
    touched: list[datetime] = field(default_factory=list)
    told: list[datetime] = field(default_factory=list)
    merges: bool = False
    waited: bool = False  # for a reminder, since who has it is away
    silent: bool = False  # no one acts on it any more: a fault was planted in it
    first_mission: str = ""

    def __post_init__(self) -> None:
        self.first_mission = self.mission

    def move(self, kind: MoveKind, at: datetime, since: datetime | None = None) -> None:
        """Something was done with it."""
        self.history.append((Move(kind, at, since), self.mission))

    def end_offer(self, at: datetime) -> None:
        """Nobody is asked first any longer."""
        self.offered_to = ""
        if self.offers and self.offers[-1].over is None:
            self.offers[-1].over = at
