"""What starts, stops and keeps the clocks of a case, and that no open case is without one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cases.targets import (
    AUTHORITY_TARGETS,
    CaseEvent,
    EventKind,
    find_due,
    measure_wait,
    next_step,
    read_clocks,
    shift,
)
from bot.missions.working_time import WorkingHours
from bot.types import URGENCIES, Urgency

ASKED = datetime(2026, 11, 16, 1, tzinfo=UTC)  # a Monday, 10:00 in Seoul
HOUR = timedelta(hours=1)
OFFICE = WorkingHours(
    "Asia/Seoul",
    dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(18)))),
    lambda day: False,
)


def happen(*events: tuple[EventKind, float]) -> list[CaseEvent]:
    """Events so many hours after the question."""
    return [CaseEvent(kind, ASKED + hours * HOUR) for kind, hours in events]


def due_after(*events: tuple[EventKind, float], urgency: Urgency = "high") -> datetime | None:
    return find_due(read_clocks(ASKED, happen(*events)), urgency, OFFICE)


@st.composite
def draw_events(draw: st.DrawFn) -> list[CaseEvent]:
    """A life of a case in any order, reopened and merged as well."""
    kinds = draw(st.lists(st.sampled_from(get_args(EventKind)), max_size=12))
    at, events = ASKED, []
    for kind in kinds:
        at += draw(st.integers(0, 60 * 30)) * timedelta(minutes=1)
        since = draw(st.none() | st.integers(0, 90).map(lambda n: ASKED - n * HOUR))
        events.append(CaseEvent(kind, at, since if kind == "merged" else None))
    return events


@settings(max_examples=120, deadline=None)
@given(draw_events(), st.sampled_from(URGENCIES))
def test_an_open_case_always_has_a_clock_unless_it_waits_for_its_founder(
    events: list[CaseEvent], urgency: Urgency
) -> None:
    clocks = read_clocks(ASKED, events)
    runs = not clocks.ended and (
        clocks.first_response_stopped is None or clocks.waiting != "founder"
    )
    assert (clocks.running is not None) == runs == (clocks.started is not None)
    step = next_step(clocks, urgency, OFFICE, OFFICE, ASKED)
    assert (step is not None) == runs
    if clocks.first_response_stopped:
        assert any(event.kind == "replied" for event in events)


@settings(max_examples=120, deadline=None)
@given(draw_events(), st.sampled_from(URGENCIES))
def test_only_a_reply_an_end_or_a_wait_moves_a_target_later(
    events: list[CaseEvent], urgency: Urgency
) -> None:
    for count in range(1, len(events) + 1):
        before, after = read_clocks(ASKED, events[: count - 1]), read_clocks(ASKED, events[:count])
        assert after.generation - before.generation in (0, 1)
        if after.generation == before.generation:
            assert after == before
        due, then = find_due(before, urgency, OFFICE), find_due(after, urgency, OFFICE)
        may_move = {"replied", "waiting_founder", "waiting_authority", "resolved", "closed"}
        if due and events[count - 1].kind not in may_move:
            assert then and then <= due


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 600), min_size=2, max_size=8), st.sampled_from(URGENCIES))
def test_waiting_for_authorities_again_and_again_breaks_no_promise(
    minutes: list[int], urgency: Urgency
) -> None:
    at, events = ASKED + HOUR, [CaseEvent("replied", ASKED + HOUR)]
    promised = shift(at, AUTHORITY_TARGETS[urgency], OFFICE)
    for count, wait in enumerate(minutes):
        at += wait * timedelta(minutes=1)
        events.append(CaseEvent("resumed" if count % 2 else "waiting_authority", at))
        due = find_due(read_clocks(ASKED, events), urgency, OFFICE)
        assert due and due <= promised


def test_moving_and_merging_do_not_begin_the_wait_anew() -> None:
    first = due_after()
    assert first == ASKED + 5 * HOUR  # four hours of work and lunch
    kinds: tuple[EventKind, ...] = ("moved", "urgency_changed", "merged")
    keeping: tuple[EventKind, ...] = (*kinds, "founder_wrote", "waiting_founder")
    for kind in keeping:
        assert due_after((kind, 3)) == first
    for kind in kinds:
        assert due_after(("replied", 0), (kind, 3)) == first


def test_a_case_that_is_merged_brings_its_longer_wait() -> None:
    """Its founder asked there two hours earlier, and no one has replied there."""
    earlier = CaseEvent("merged", ASKED + 3 * HOUR, since=ASKED - 2 * HOUR)
    assert find_due(read_clocks(ASKED, [earlier]), "high", OFFICE) == ASKED + 4 * HOUR
    parked = happen(("replied", 1), ("waiting_founder", 1))
    clocks = read_clocks(ASKED, [*parked, earlier])
    assert clocks.running == "update" and clocks.started == ASKED - 2 * HOUR


def test_an_authority_gives_more_time_and_its_answer_takes_it_back() -> None:
    assert due_after(("replied", 0), ("waiting_authority", 0)) == ASKED + 48 * HOUR
    # Four working hours from its answer, an hour after the reply
    assert due_after(("replied", 0), ("waiting_authority", 0), ("resumed", 1)) == ASKED + 6 * HOUR
    # What was promised for the wait comes first
    late = due_after(("replied", 0), ("waiting_authority", 0), ("resumed", 47))
    assert late == ASKED + 48 * HOUR


def test_the_end_stops_all_and_reopening_begins_anew() -> None:
    assert due_after(("replied", 1), ("resolved", 2), ("founder_wrote", 3)) is None
    assert due_after(("closed", 2)) is None
    reopened = ASKED + 24 * HOUR
    clocks = read_clocks(ASKED, happen(("replied", 1), ("resolved", 2), ("reopened", 24)))
    assert clocks.running == "update" and clocks.started == reopened
    clocks = read_clocks(ASKED, happen(("closed", 2), ("reopened", 24)))
    assert clocks.running == "first_response" and clocks.started == reopened


@pytest.mark.parametrize("end", ["resolved", "closed"])
def test_a_word_after_the_end_starts_no_clock(end: EventKind) -> None:
    clocks = read_clocks(ASKED, happen((end, 2), ("replied", 3)))
    assert clocks.running is None and clocks.first_response_stopped == ASKED + 3 * HOUR


def test_the_body_has_a_case_while_an_authority_does_but_not_while_the_founder_does() -> None:
    events = happen(
        ("replied", 1),  # 11:00
        ("waiting_authority", 1),
        ("resumed", 5),  # 15:00
        ("waiting_founder", 6),
        ("founder_wrote", 23),  # Tuesday 09:00
    )
    assert measure_wait(ASKED, events, OFFICE, ASKED + 24 * HOUR) == 6 * HOUR


def test_a_word_of_the_founder_does_not_end_the_wait_for_an_authority() -> None:
    waits = due_after(("replied", 0), ("waiting_authority", 0), ("founder_wrote", 3))
    assert waits == ASKED + 48 * HOUR


def test_from_the_founder_straight_to_an_authority_the_clock_starts() -> None:
    events = happen(("replied", 0), ("waiting_founder", 0), ("waiting_authority", 24))
    clocks = read_clocks(ASKED, events)
    assert clocks.running == "update" and clocks.started == ASKED + 24 * HOUR


def test_reopening_does_not_bring_old_timers_back() -> None:
    assert read_clocks(ASKED, happen(("closed", 2), ("reopened", 24))).generation == 3


def test_a_case_that_is_moved_while_its_founder_is_waited_for_has_a_clock_again() -> None:
    asked = datetime(2026, 3, 2, 9, tzinfo=UTC)
    kinds: tuple[EventKind, ...] = ("replied", "waiting_founder", "moved")
    events = [CaseEvent(kind, asked + timedelta(hours=at)) for at, kind in enumerate(kinds, 1)]
    assert read_clocks(asked, events[:2]).started is None
    assert read_clocks(asked, events).started == events[2].at


def test_a_reply_to_a_founder_who_is_waited_for_promises_the_next_one() -> None:
    parked = happen(("replied", 1), ("waiting_founder", 2))
    assert read_clocks(ASKED, parked).running is None
    clocks = read_clocks(ASKED, [*parked, *happen(("replied", 24))])
    assert clocks.running == "update" and clocks.started == ASKED + 24 * HOUR
    assert clocks.waiting is None
    parked_first = happen(("waiting_founder", 1), ("replied", 2))
    assert read_clocks(ASKED, parked_first).started == ASKED + 2 * HOUR


def test_a_reply_during_the_wait_for_an_authority_leaves_it_waiting() -> None:
    clocks = read_clocks(ASKED, happen(("waiting_authority", 1), ("replied", 2)))
    assert clocks.waiting == "authority" and clocks.started == ASKED + 2 * HOUR


def test_whom_a_case_is_moved_to_does_not_wait_for_an_authority() -> None:
    """The usual time from the move on, but not later than what was promised for the wait."""
    waits: tuple[tuple[EventKind, float], ...] = (("replied", 0), ("waiting_authority", 0))
    assert due_after(*waits, ("moved", 1)) == ASKED + 6 * HOUR
    assert due_after(*waits, ("moved", 47)) == ASKED + 48 * HOUR
    assert due_after(*waits, ("moved", 1), ("replied", 2)) == ASKED + 7 * HOUR
