"""When open cases are due, worked out again only after something was done with one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.cases.reminders.timers import find_case_due
from bot.missions.missions import Missions
from bot.types import BodyHours, Case

if TYPE_CHECKING:
    from adapters.bootstrap import App


class Basis(NamedTuple):
    """What the moment depends on: the last entry of the log, the case as stored, whose hours."""

    entry: int
    version: int
    mission: str
    hours: BodyHours | None


@dataclass(slots=True)
class DueTimes:
    """Kept between requests: all inboxes ask for them whenever anything changes."""

    known: dict[int, tuple[Basis, datetime | None]] = field(default_factory=dict)

    def find(
        self, app: App, cases: Iterable[Case], missions: Missions
    ) -> dict[int, datetime | None]:
        """By when the founder of each open case hears from a person; None while no clock runs. Raises
        UnknownMission for a mission no longer listed."""
        marks = app.store.console.notices.list_log_marks()
        found: dict[int, tuple[Basis, datetime | None]] = {}
        for case in cases:
            hours = missions.get(case.mission).hours
            basis = Basis(marks.get(case.number, 0), case.version, case.mission, hours)
            entry = self.known.get(case.number)
            if entry is None or entry[0] != basis:
                entry = basis, find_case_due(case, app.store.list_log(case.number), missions)
            found[case.number] = entry
        self.known = found
        return {number: due for number, (_, due) in found.items()}
