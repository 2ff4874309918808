"""One case as the people in it know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.targets import CaseEvent
from bot.types import Urgency


@dataclass(slots=True)
class Story:
    """One case as its people know it. `history` are the moves that clocks care about, each with the
    mission and urgency from then on; `touched` when anything was done or sent."""

    number: int
    founder: str
    mission: str
    urgency: Urgency
    asked_at: datetime
    thread: str = ""
    history: list[tuple[CaseEvent, str]] = field(default_factory=list)
    held: bool = False
    parked: str = ""
    ended: bool = False
    habit: str = "prompt"
    replies: int = 0
    touched: list[datetime] = field(default_factory=list)
    merges: bool = False
    silent: bool = False  # no one acts on it any more: its timers were taken away
    first_mission: str = ""

    def __post_init__(self) -> None:
        self.first_mission = self.mission
