"""The clocks and the ladder as docs/cases.md words them, written a second time: what is read here is
what people did, not the log of a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.types import Urgency
from tests.simulate.checking.calendar import DAY, HOUR, Calendar
from tests.simulate.story import Move, Story

MINUTE = timedelta(minutes=1)
# When the founder hears next, and while an authority is waited for.
TARGETS: dict[Urgency, tuple[timedelta, timedelta]] = {
    "critical": (120 * MINUTE, 24 * 60 * MINUTE),
    "high": (4 * HOUR, 2 * DAY),
    "normal": (2 * DAY, 5 * DAY),
    "low": (5 * DAY, 10 * DAY),
}
# Whom a step goes to, and how long before or after the target.
LADDER: dict[Urgency, dict[str, timedelta]] = {
    "critical": {
        "thread": -60 * MINUTE, "lead": -30 * MINUTE, "desk": 0 * MINUTE, "emergency": 30 * MINUTE,
    },
    "high": {"thread": -HOUR, "lead": 0 * HOUR, "desk": 4 * HOUR},
    "normal": {"thread": -4 * HOUR, "lead": 0 * HOUR, "desk": DAY},
    "low": {"thread": -DAY, "lead": 0 * HOUR, "desk": 2 * DAY},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FounderWait:
    """How a founder waits: `since` when (None: no clock runs), whether they were `answered` once, whom
    the body waits for, and when its wait for an authority was over."""

    since: datetime | None
    answered: bool = False
    waits_for: str = ""
    resumed: datetime | None = None
    ended: bool = False

    def after(self, move: Move) -> FounderWait:
        """The wait after something was done."""
        at, runs = move.at, self.waits_for != "founder"
        match move.kind:
            case "replied":
                waits_for = self.waits_for if runs else ""
                return FounderWait(at, answered=True, waits_for=waits_for)
            case "waiting_founder":
                since = None if self.answered else self.since
                return replace(self, since=since, waits_for="founder", resumed=None)
            case "waiting_authority":
                awake = self if runs else self._wake(at)
                return replace(awake, waits_for="authority", resumed=None)
            case "resumed" | "moved" if self.waits_for == "authority":
                return replace(self, waits_for="", resumed=at)
            case "resumed" | "founder_wrote" | "moved" if not runs:
                return self._wake(at)
            case "merged" if move.since:
                since = min(self.since or move.since, move.since)
                return replace(self, since=since, waits_for=self.waits_for if runs else "")
            case "resolved" | "closed":
                return FounderWait(None, self.answered, ended=True)
            case "reopened":
                return FounderWait(at, self.answered)
        return self

    def _wake(self, at: datetime) -> FounderWait:
        return replace(self, waits_for="", since=at if self.answered else self.since)

    def find_due(self, urgency: Urgency, calendar: Calendar) -> datetime | None:
        """By when the founder hears from a person."""
        if self.since is None:
            return None
        usual, long = TARGETS[urgency]
        if not self.answered:
            return move_by(self.since, usual, urgency, calendar)
        if self.waits_for == "authority":
            return move_by(self.since, long, urgency, calendar)
        if self.resumed:
            promised = move_by(self.since, long, urgency, calendar)
            return min(promised, move_by(self.resumed, usual, urgency, calendar))
        return move_by(self.since, usual, urgency, calendar)


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which neither wait, mission nor ladder of a case changed."""

    begin: datetime
    end: datetime
    wait: FounderWait
    mission: str


def move_by(moment: datetime, amount: timedelta, urgency: Urgency, calendar: Calendar) -> datetime:
    """A moment moved by time around the clock in a critical case, else by working time."""
    return moment + amount if urgency == "critical" else calendar.move(moment, amount)


def list_windows(story: Story, end: datetime) -> Iterator[Window]:
    """A case's life until `end`, cut where its ladder begins anew: where its wait changes, and where
    others have to be reminded from then on."""
    begin, wait, mission = story.asked_at, FounderWait(story.asked_at), story.first_mission
    for move, mission_after in story.history:
        after = wait.after(move)
        if after != wait or (move.kind == "moved" and not wait.ended):
            yield Window(begin, move.at, wait, mission)
            begin, wait, mission = move.at, after, mission_after
    yield Window(begin, end, wait, mission)
