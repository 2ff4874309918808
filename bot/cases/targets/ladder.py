"""By when a founder hears from a person, and who is told before and after that moment. Pure.

A working day is as long as the body's usual day (8 hours by the assumed slots), counted in working
time: a question at 11:00 is due at 11:00 two working days later, one in the evening at the end of
the second. By days of the calendar a question at 17:59 would count its last minute as a day.

Constants: see docs/parameters.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.cases.targets.clocks import Clocks, Target
from bot.missions.office_hours import format_local_time, name_zone
from bot.missions.working_time import (
    WorkingHours,
    add_working,
    next_working,
    subtract_working,
    usual_day,
)
from bot.types import Mission, Urgency
from knowledge.types import Language

Step = Literal["thread", "lead", "desk", "emergency"]
Unit = Literal["minutes", "working_hours", "working_days"]


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time: minutes around the clock, working hours, or the body's usual working days."""

    amount: int
    unit: Unit


# First response and next update have the same target: both are when the founder next hears.
TARGETS: Mapping[Urgency, Span] = {
    "critical": Span(120, "minutes"),
    "high": Span(4, "working_hours"),
    "normal": Span(2, "working_days"),
    "low": Span(5, "working_days"),
}

# The next update while the body waits for an authority, which it cannot hurry.
AUTHORITY_TARGETS: Mapping[Urgency, Span] = {
    "critical": Span(24 * 60, "minutes"),
    "high": Span(2, "working_days"),
    "normal": Span(5, "working_days"),
    "low": Span(10, "working_days"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told, and how long before (negative) or after the target."""

    step: Step
    offset: Span


# The thread is reminded, then the body's lead is told, then the domestic desk; for a critical case
# all is early and around the clock, and the emergency route follows that the desk has set.
LADDERS: Mapping[Urgency, tuple[Rung, ...]] = {
    "critical": (
        Rung("thread", Span(-60, "minutes")),
        Rung("lead", Span(-30, "minutes")),
        Rung("desk", Span(0, "minutes")),
        Rung("emergency", Span(30, "minutes")),
    ),
    "high": (
        Rung("thread", Span(-1, "working_hours")),
        Rung("lead", Span(0, "working_hours")),
        Rung("desk", Span(4, "working_hours")),
    ),
    "normal": (
        Rung("thread", Span(-4, "working_hours")),
        Rung("lead", Span(0, "working_hours")),
        Rung("desk", Span(1, "working_days")),
    ),
    "low": (
        Rung("thread", Span(-1, "working_days")),
        Rung("lead", Span(0, "working_hours")),
        Rung("desk", Span(2, "working_days")),
    ),
}


@dataclass(frozen=True, slots=True)
class StepKey:
    """What names a timer of a case: one step for one target in one generation of the clocks."""

    target: Target
    generation: int
    step: Step


@dataclass(frozen=True, slots=True)
class DueStep:
    """The next step of the ladder and when it may leave (UTC)."""

    key: StepKey
    at: datetime


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment on a mission's clock, the name of its zone, and both as a text."""

    at: datetime
    zone: str
    text: str


def due_at(urgency: Urgency, started: datetime, hours: WorkingHours) -> datetime:
    """When a clock that was `started` reaches its target (UTC). Raises NoWorkingTime, but for
    critical cases, whose time runs around the clock."""
    return shift(started, TARGETS[urgency], hours)


def find_due(clocks: Clocks, urgency: Urgency, hours: WorkingHours) -> datetime | None:
    """When the founder hears from a person at the latest (UTC); None while no clock runs. Raises
    NoWorkingTime.

    After the wait for an authority it is the usual target from then on, but not later than what
    was promised for the wait, however often the body waits again.
    """
    started = clocks.started
    if started is None:
        return None
    if clocks.running == "first_response":
        return due_at(urgency, started, hours)
    if clocks.waiting == "authority":
        return shift(started, AUTHORITY_TARGETS[urgency], hours)
    if clocks.resumed:
        promised = shift(started, AUTHORITY_TARGETS[urgency], hours)
        return min(promised, due_at(urgency, clocks.resumed, hours))
    return due_at(urgency, started, hours)


def is_missed(clocks: Clocks, urgency: Urgency, hours: WorkingHours, now: datetime) -> bool:
    """Whether the clock that runs has passed its target; at the minute itself it has not."""
    due = find_due(clocks, urgency, hours)
    return due is not None and now > due


def next_step(
    clocks: Clocks,
    urgency: Urgency,
    hours: WorkingHours,
    desk_hours: WorkingHours,
    now: datetime,
    done: Collection[StepKey] = (),
) -> DueStep | None:
    """The first step of the ladder that is not `done`; None while no clock runs or when all are.

    It is to be taken if its `at` is not after `now`; else a timer is to be set for `at`. A step
    leaves inside the slots of who receives it (the body's `hours`, for the desk `desk_hours`), in a
    critical case at once. When a timer fires, this is asked again: a timer whose key is not the
    step's is stale. Raises NoWorkingTime, but for critical cases.
    """
    due, target = find_due(clocks, urgency, hours), clocks.running
    if due is None or target is None:
        return None
    for rung in LADDERS[urgency]:
        key = StepKey(target, clocks.generation, rung.step)
        if key in done:
            continue
        at = shift(due, rung.offset, hours)
        if urgency != "critical":
            at = next_working(max(at, now), desk_hours if rung.step == "desk" else hours)
        return DueStep(key, at)
    return None


def describe_due(due: datetime, mission: Mission, language: Language) -> LocalMoment:
    """A target as its founder and its staff are told it: on the mission's clock, with its zone."""
    zone = name_zone(due, mission, language)
    text = f"{format_local_time(due, mission, language)} ({zone})"
    return LocalMoment(due.astimezone(mission.zone), zone, text)


def shift(moment: datetime, span: Span, hours: WorkingHours) -> datetime:
    """`moment` moved by a span, back if it is negative; working time is moved in working time."""
    if span.unit == "minutes":
        return moment.astimezone(UTC) + timedelta(minutes=span.amount)
    unit = timedelta(hours=1) if span.unit == "working_hours" else usual_day(hours)
    if span.amount < 0:
        return subtract_working(moment, -span.amount * unit, hours)
    return add_working(moment, span.amount * unit, hours)
