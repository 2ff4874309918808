"""How long a founder has been waiting for the body: two clocks, read from what happened to a case.

Nothing of them is stored, so nothing can drift: `read_clocks` goes through the case's events.

first response   starts with the founder's question; a person's reply stops it, and nothing else
update           starts with each reply of a person: by then the founder hears again

    What a reply promises goes on while the body waits for an authority, with a longer target. It
    stops while the body waits for the founder, and starts again when they write, when staff reply
    all the same, or when the case is moved. Whom a case is moved to waits for no one. Moving a case,
    changing its urgency and merging another into it keep both clocks running. The end of a case
    stops both; reopening starts the update clock, or the first response of a case that was never
    answered.

Each change of the clocks, and each of who has to be reminded, is a new `generation`: a timer of an
earlier one is stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.missions.working_time import WorkingHours, working_between

Target = Literal["first_response", "update"]

# What happens to a case, as far as clocks care. `replied`: a person's message to the founder.
# `resumed`: the wait for founder or authority is over without a message of the founder. `merged`:
# another case was merged into this one; the other's last event is `closed`.
EventKind = Literal[
    "handed_over", "claimed", "noted", "replied", "founder_wrote", "waiting_founder",
    "waiting_authority", "resumed", "moved", "urgency_changed", "merged", "resolved", "reopened",
    "closed",
]  # fmt: skip
Waiting = Literal["founder", "authority"]


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event, `at` an aware moment. `since`, for `merged` only: since when the founder of the
    other case had been waiting for the body there, None if they were not."""

    kind: EventKind
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks of a case. `first_response_started` is the founder's message that asked for
    people; `first_response_stopped` the first reply of a person since. `update_started` is None
    while the update clock stands. `resumed` is when the wait for an authority ended, if it did
    since the last reply. `ended`: resolved or closed."""

    first_response_started: datetime
    first_response_stopped: datetime | None = None
    update_started: datetime | None = None
    waiting: Waiting | None = None
    resumed: datetime | None = None
    ended: bool = False
    generation: int = 1

    @property
    def running(self) -> Target | None:
        """The clock that runs; never both."""
        if self.ended:
            return None
        if self.first_response_stopped is None:
            return "first_response"
        return "update" if self.update_started else None

    @property
    def started(self) -> datetime | None:
        """When the clock that runs was started, None if none runs."""
        if self.running == "first_response":
            return self.first_response_started
        return self.update_started if self.running else None


def read_clocks(asked_at: datetime, events: Iterable[CaseEvent]) -> Clocks:
    """The clocks after the `events` of a case, in their order, oldest first. `asked_at` is when the
    founder wrote what made it a case: the question, or the yes to Naru's offer of a person."""
    clocks = Clocks(first_response_started=asked_at)
    for event in events:
        clocks = _apply(clocks, event)
    return clocks


def measure_wait(
    asked_at: datetime, events: Iterable[CaseEvent], hours: WorkingHours, now: datetime
) -> timedelta:
    """How much working time the body has had the case until `now`: all from the question to the end,
    without the time in which it waited for the founder, authorities included."""
    clocks, since, total = Clocks(first_response_started=asked_at), asked_at, timedelta()
    for event in events:
        if not clocks.ended and clocks.waiting != "founder":
            total += working_between(since, event.at, hours)
        clocks, since = _apply(clocks, event), event.at
    if not clocks.ended and clocks.waiting != "founder":
        total += working_between(since, now, hours)
    return total


def _apply(clocks: Clocks, event: CaseEvent) -> Clocks:
    if event.kind not in _MOVES or (clocks.ended and event.kind not in _AFTER_THE_END):
        return clocks
    moved = _MOVES[event.kind](clocks, event)
    if moved == clocks and event.kind not in _NEW_RECEIVERS:
        return clocks
    return replace(moved, generation=clocks.generation + 1)


def _reply(clocks: Clocks, event: CaseEvent) -> Clocks:
    """A reply while the founder is waited for promises the next one: the case is `answered`
    again, and only another word of the staff parks it."""
    return replace(
        clocks,
        first_response_stopped=clocks.first_response_stopped or event.at,
        update_started=None if clocks.ended else event.at,
        waiting=None if clocks.waiting == "founder" else clocks.waiting,
        resumed=None,
    )


def _wait_for_founder(clocks: Clocks, _event: CaseEvent) -> Clocks:
    return replace(clocks, waiting="founder", update_started=None, resumed=None)


def _wait_for_authority(clocks: Clocks, event: CaseEvent) -> Clocks:
    awake = clocks if clocks.waiting != "founder" else _resume(clocks, event)
    return replace(awake, waiting="authority", resumed=None)


def _resume(clocks: Clocks, event: CaseEvent) -> Clocks:
    """The body's turn again, if it waited. The promise made before the wait for an authority stays: whether the
    time from now on or that one ends first, is decided in ladder.py."""
    if clocks.waiting == "authority":
        return replace(clocks, waiting=None, resumed=event.at)
    if clocks.waiting == "founder":
        answered = clocks.first_response_stopped is not None
        return replace(clocks, waiting=None, update_started=event.at if answered else None)
    return clocks


def _hear_founder(clocks: Clocks, event: CaseEvent) -> Clocks:
    """A founder who adds something while the body has the turn moves no clock, in either direction."""
    return _resume(clocks, event) if clocks.waiting == "founder" else clocks


def _merge(clocks: Clocks, event: CaseEvent) -> Clocks:
    """Who has been waiting longer in the other case does not start from zero here."""
    if event.since is None:
        return clocks
    if clocks.first_response_stopped is None:
        return replace(
            clocks, first_response_started=min(clocks.first_response_started, event.since)
        )
    waiting = None if clocks.waiting == "founder" else clocks.waiting
    started = min(clocks.update_started or event.since, event.since)
    return replace(clocks, update_started=started, waiting=waiting)


def _reopen(clocks: Clocks, event: CaseEvent) -> Clocks:
    if not clocks.ended:
        return clocks
    if clocks.first_response_stopped is None:
        return Clocks(event.at, generation=clocks.generation)
    return replace(clocks, update_started=event.at, waiting=None, resumed=None, ended=False)


def _end(clocks: Clocks, _event: CaseEvent) -> Clocks:
    return replace(clocks, update_started=None, waiting=None, resumed=None, ended=True)


def _keep(clocks: Clocks, _event: CaseEvent) -> Clocks:
    return clocks


# What is not here moves no clock: Naru's own messages, a claim, a note between staff.
_MOVES: Mapping[EventKind, Callable[[Clocks, CaseEvent], Clocks]] = {
    "replied": _reply,
    "founder_wrote": _hear_founder,
    "waiting_founder": _wait_for_founder,
    "waiting_authority": _wait_for_authority,
    "resumed": _resume,
    "moved": _resume,  # whom the case goes to has to look at it, and waits for no one
    "urgency_changed": _keep,
    "merged": _merge,
    "resolved": _end,
    "reopened": _reopen,
    "closed": _end,
}
_NEW_RECEIVERS: frozenset[EventKind] = frozenset({"moved", "urgency_changed"})
_AFTER_THE_END: frozenset[EventKind] = frozenset({"replied", "reopened"})
