"""When a case is looked at next, read from its log. Pure.

An open case always has a timer: the next step of the ladder while a clock runs, the day until which
it is parked, and otherwise a look after REVISIT, so that none is forgotten. A timer is an event in
the inbox whose key names the case and what it was set for; when it runs out, the log is read again,
and one that was set for something else by then only sets what is due now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.cases.states import is_open
from bot.cases.targets import (
    CaseEvent,
    Clocks,
    EventKind,
    Span,
    StepKey,
    find_due,
    next_step,
    read_clocks,
    shift,
)
from bot.context import Decision, Services
from bot.errors import NoWorkingTime, UnknownMission
from bot.messages import Timer
from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.missions.working_time import WorkingHours, add_working, next_working, working_between
from bot.types import DOMESTIC, URGENCIES, Case, CaseAct, LogEntry

CASE_KEY_PREFIX = "case:"
OFFER = "offer"
REVISIT = Span(5, "working_days")  # after the last step of a case that no clock and no day wakes
CRITICAL_REVISIT = Span(24 * 60, "minutes")
NO_HOURS_WAIT = timedelta(days=1)  # for a body that never works, as far as its hours say

_EVENTS: Mapping[CaseAct, EventKind] = {
    "answer": "replied", "ask_founder": "waiting_founder", "wait_authority": "waiting_authority",
    "resume": "resumed", "unroute": "resumed", "founder_writes": "founder_wrote", "reassign": "moved",
    "receive": "merged", "resolve": "resolved", "reopen": "reopened", "close": "closed",
    "merge": "closed", "relay": "waiting_authority", "withdraw": "closed",
}  # fmt: skip


class CaseReader(Protocol):
    """Where the cases and their logs are kept."""

    def get_case(self, number: int, /) -> Case:
        """One case. Raises UnknownCase."""

    def list_log(self, number: int, /) -> list[LogEntry]:
        """What was done with a case, in order."""


@dataclass(frozen=True, slots=True)
class Look:
    """The next look at a case, `at` a moment, for `reason`: "TARGET:GENERATION:STEP", or "wait",
    "revisit" and OFFER with their generation and count. `step` is that of the ladder."""

    reason: str
    at: datetime
    step: StepKey | None = None


def read_case_clocks(case: Case, log: Iterable[LogEntry]) -> Clocks:
    """The clocks of a case after its log, oldest first."""
    return read_clocks(case.asked_at or case.opened_at, filter(None, map(_read_event, log)))


def find_case_due(case: Case, log: Iterable[LogEntry], missions: Missions) -> datetime | None:
    """By when the founder of a case hears from a person; None while no clock runs. Raises
    UnknownMission for a mission no longer listed."""
    hours = build_working_hours(missions.get(case.mission))
    try:
        return find_due(read_case_clocks(case, log), case.urgency, hours)
    except NoWorkingTime:
        return None


def list_looks(
    case: Case, log: Sequence[LogEntry], missions: Missions, now: datetime
) -> tuple[Look, ...]:
    """When an open case is looked at next and why, at least one; () for one that has ended. Raises
    UnknownMission for a mission no longer listed."""
    if not is_open(case):
        return ()
    clocks = read_case_clocks(case, log)
    hours = build_working_hours(missions.get(case.mission))
    desk = build_working_hours(missions.get(DOMESTIC))
    told = {entry.detail for entry in log if entry.act == "remind"}
    try:
        return _list_looks(case, log, (clocks, hours, desk), told, now)
    except NoWorkingTime:
        return (Look(f"revisit:{clocks.generation}:{len(told)}", log[-1].at + NO_HOURS_WAIT),)


def _list_looks(
    case: Case, log: Sequence[LogEntry], times: tuple[Clocks, WorkingHours, WorkingHours],
    told: set[str], now: datetime,
) -> tuple[Look, ...]:  # fmt: skip
    clocks, hours, desk = times
    done = [key for key in map(parse_step, told) if key]
    looks = []
    if step := next_step(clocks, case.urgency, hours, desk, now, done):
        looks.append(Look(_name_step(step.key), step.at, step.key))
    waits = f"wait:{clocks.generation}:{case.wait_until:%Y%m%d}" if case.wait_until else ""
    if case.wait_until and waits not in told:
        looks.append(Look(waits, next_working(max(case.wait_until, now), hours)))
    if case.offer and case.state == "routed" and (due := find_due(clocks, case.urgency, hours)):
        looks.append(_find_end_of_offer(log, clocks, due, hours, now))
    if not looks:
        span = CRITICAL_REVISIT if case.urgency == "critical" else REVISIT
        last = max((entry.at for entry in log), default=case.opened_at)
        at = shift(last, span, hours)
        if case.urgency != "critical":
            at = next_working(max(at, now), hours)
        looks.append(Look(f"revisit:{clocks.generation}:{len(told)}", at))
    return tuple(looks)


def _find_end_of_offer(
    log: Sequence[LogEntry], clocks: Clocks, due: datetime, hours: WorkingHours, now: datetime
) -> Look:
    """When a case that one seat is offered goes to all: after half of the working time that was left
    until its target, and like every word to a body within its hours."""
    offers = [entry.at for entry in log if entry.act == "offer"]
    half = working_between(offers[-1], due, hours) / 2
    at = next_working(max(add_working(offers[-1], half, hours), now), hours)
    return Look(f"{OFFER}:{clocks.generation}:{len(offers)}", at)


def set_timers(
    decision: Decision, cases: CaseReader, missions: Missions, now: datetime
) -> Decision:
    """The decision with the timers of every case that it takes a step of, so that no act can
    forget them, and without those that the step has overtaken. Without a step, unchanged."""
    changed = {
        case.number: case
        for case in (
            decision.new_case,
            *decision.new_asides,
            decision.case,
            *decision.more_cases,
        )
        if case is not None
    }
    timers: list[Timer] = []
    overtaken: set[str] = set()
    for number in dict.fromkeys(entry.case for entry in decision.log):
        case = changed.get(number) or cases.get_case(number)
        known = cases.list_log(number) if case is not decision.new_case else []
        if known:
            overtaken |= _list_keys(cases.get_case(number), known, missions, now)
        log = [*known, *(entry for entry in decision.log if entry.case == number)]
        looks = list_looks(case, log, missions, now)
        timers += [build_timer(number, look) for look in looks]
    timers = [*decision.timers, *timers]
    kept = {timer.key for timer in timers}
    return replace(decision, timers=tuple(timers), overtaken=tuple(sorted(overtaken - kept)))


def _list_keys(case: Case, log: Sequence[LogEntry], missions: Missions, now: datetime) -> set[str]:
    """The keys of the timers that wait for a case as it stands before a decision."""
    try:
        looks = list_looks(case, log, missions, now)
    except UnknownMission:  # it is moved away from one that is no longer listed
        return set()
    return {build_timer(case.number, look).key for look in looks}


def renew_timers(services: Services, mission: str) -> tuple[Timer, ...]:
    """The timers of all open cases that the hours of a mission decide on, after these have changed."""
    timers: list[Timer] = []
    for case in services.list_open_cases():
        if mission in (case.mission, DOMESTIC):  # the desk's hours: of every ladder
            looks = list_looks(
                case, services.list_log(case.number), services.missions, services.now
            )
            timers += [build_timer(case.number, look) for look in looks]
    return tuple(timers)


def build_timer(number: int, look: Look) -> Timer:
    """The timer of a look. The moment is part of the key: one look may move."""
    key = f"{CASE_KEY_PREFIX}{number}:{look.reason}:{int(look.at.timestamp())}"
    return Timer(key, key, look.at)


def parse_timer(key: str) -> tuple[int, str] | None:
    """The case and the reason of a timer's key; None for a timer of a conversation."""
    if not key.startswith(CASE_KEY_PREFIX):
        return None
    number, _, rest = key.removeprefix(CASE_KEY_PREFIX).partition(":")
    return int(number), rest.rpartition(":")[0]


def write_wait(clocks: Clocks) -> str:
    """Since when the founder of a case that is merged has waited, for the log of the other case."""
    return clocks.started.isoformat() if clocks.started else ""


def _read_event(entry: LogEntry) -> CaseEvent | None:
    if entry.act == "correct" and entry.detail in URGENCIES:
        return CaseEvent("urgency_changed", entry.at)
    kind = _EVENTS.get(entry.act)
    if kind is None:
        return None
    since = entry.detail.partition(" ")[2] if entry.act == "receive" else ""
    return CaseEvent(kind, entry.at, datetime.fromisoformat(since) if since else None)


def _name_step(key: StepKey) -> str:
    return f"{key.target}:{key.generation}:{key.step}"


def parse_step(reason: str) -> StepKey | None:
    """The step of the ladder that a reason or an entry of the log names; None for another look."""
    match reason.split(":"):
        case [("first_response" | "update") as target, generation, step] if generation.isdecimal():
            return StepKey(target, int(generation), step)  # type: ignore[arg-type]
    return None
