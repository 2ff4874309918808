"""Working time against a counter of minutes, over changes of the clock, holidays and years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import NoWorkingTime
from bot.missions.working_time import (
    WorkingHours,
    add_working,
    is_working,
    next_working,
    subtract_working,
    usual_day,
    working_between,
)
from bot.types import Slot, WeekSlots

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OFFICE: tuple[Slot, ...] = ((time(9), time(12)), (time(13), time(18)))
EVERY_DAY: WeekSlots = dict.fromkeys(range(7), ((time(0), time(0)),))

# Changes of the clock by night, at midnight and by half an hour; a day that does not exist; none.
ZONES_AND_CHANGES = [
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 30)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Tehran", date(2026, 12, 31)),
    ("Asia/Ho_Chi_Minh", date(2026, 12, 31)),
]


@st.composite
def draw_slots(draw: st.DrawFn) -> tuple[Slot, ...]:
    """Up to three slots of a day in whole minutes; the last may end at midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    clock = [time(*divmod(edge % (24 * 60), 60)) for edge in edges]
    return tuple(zip(clock[::2], clock[1::2], strict=False))


@st.composite
def draw_hours(draw: st.DrawFn) -> tuple[WorkingHours, datetime]:
    """Hours, and a moment within a day of a change of their clock."""
    zone, change = draw(st.sampled_from(ZONES_AND_CHANGES))
    week = {weekday: draw(draw_slots()) for weekday in range(7)}
    holidays = draw(st.sets(st.integers(-3, 3).map(lambda n: change + n * DAY), max_size=3))
    near = datetime.combine(change, time(), UTC) + draw(st.integers(-36 * 60, 36 * 60)) * MINUTE
    return WorkingHours(zone, week, holidays.__contains__), near


def count_minutes(start: datetime, end: datetime, hours: WorkingHours) -> int:
    """The minutes of work from `start` to `end`, by looking at the clock on the wall each minute.
    Somebody who sees it put back goes on from where they were."""
    zone, count = ZoneInfo(hours.zone), 0
    moment, reached = start - DAY, datetime.min
    while moment < end:
        reached = max(reached, moment.astimezone(zone).replace(tzinfo=None))
        slots = () if hours.is_holiday(reached.date()) else hours.slots[reached.weekday()]
        clock = reached.time()
        works = any(
            begin <= clock and (clock < until or until == time.min) for begin, until in slots
        )
        count += works and moment >= start
        moment += MINUTE
    return count


@settings(max_examples=60, deadline=None)
@given(draw_hours(), st.integers(0, 3 * 24 * 60))
def test_between_counts_what_a_clock_on_the_wall_shows(
    drawn: tuple[WorkingHours, datetime], length: int
) -> None:
    hours, start = drawn
    end = start + length * MINUTE
    assert working_between(start, end, hours) == count_minutes(start, end, hours) * MINUTE


@settings(max_examples=60, deadline=None)
@given(draw_hours(), st.integers(0, 40 * 60))
def test_what_was_added_lies_between(drawn: tuple[WorkingHours, datetime], amount: int) -> None:
    hours, start = drawn
    added = amount * MINUTE
    try:
        end = add_working(start, added, hours)
        begin = subtract_working(start, added, hours)
    except NoWorkingTime:
        assert not any(hours.slots.values())
        return
    assert working_between(start, end, hours) == added
    assert working_between(begin, start, hours) == added
    if amount:
        # The first such moment, and the last: a minute less is less.
        assert working_between(start, end - MINUTE, hours) == added - MINUTE
        assert working_between(begin + MINUTE, start, hours) == added - MINUTE


@settings(max_examples=60, deadline=None)
@given(draw_hours())
def test_the_next_working_moment_is_the_first_that_works(
    drawn: tuple[WorkingHours, datetime],
) -> None:
    hours, moment = drawn
    assert is_working(moment, hours) == (count_minutes(moment, moment + MINUTE, hours) == 1)
    try:
        opening = next_working(moment, hours)
    except NoWorkingTime:
        assert not any(hours.slots.values())
        return
    assert is_working(opening, hours)
    assert working_between(moment, opening, hours) == timedelta()


def office_in(zone: str, is_holiday: Callable[[date], bool] = lambda day: False) -> WorkingHours:
    """Monday to Friday, with lunch."""
    return WorkingHours(zone, dict.fromkeys(range(5), OFFICE), is_holiday)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 4000), st.sampled_from(["Asia/Seoul", "America/New_York", "Africa/Cairo"]))
def test_years_of_work_come_back_whole(amount: int, zone: str) -> None:
    start = datetime(2026, 12, 1, 3, 7, tzinfo=UTC)
    hours = office_in(zone, lambda day: (day.month, day.day) in {(12, 25), (1, 1)})
    end = add_working(start, timedelta(hours=amount), hours)
    assert working_between(start, end, hours) == timedelta(hours=amount)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [("America/Los_Angeles", "2026-03-08", 23), ("America/Los_Angeles", "2026-11-01", 25)],
)
def test_a_whole_day_has_the_hours_that_it_has(zone: str, day: str, length: int) -> None:
    hours = WorkingHours(zone, EVERY_DAY, lambda day: False)
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    end = (start + DAY).replace(tzinfo=ZoneInfo(zone))
    assert working_between(start, end, hours) == timedelta(hours=length)
    assert add_working(start, timedelta(hours=length), hours) == end


@pytest.mark.parametrize(
    "hours",
    [
        WorkingHours("Asia/Seoul", {}, lambda day: False),
        WorkingHours("Asia/Seoul", dict.fromkeys(range(7), ()), lambda day: False),
        WorkingHours("Asia/Seoul", dict.fromkeys(range(7), OFFICE), lambda day: True),
    ],
    ids=["no weekday", "no slot", "all holidays"],
)
def test_a_calendar_without_work_is_an_error_and_no_endless_search(hours: WorkingHours) -> None:
    now, hour = datetime(2026, 12, 1, tzinfo=UTC), timedelta(hours=1)
    for search in (add_working, subtract_working):
        with pytest.raises(NoWorkingTime):
            search(now, hour, hours)
    with pytest.raises(NoWorkingTime):
        next_working(now, hours)
    assert not is_working(now, hours)
    assert working_between(now, now + 400 * DAY, hours) == timedelta()


@pytest.mark.parametrize(
    "slots",
    [
        ((time(9), time(9)),),
        ((time(13), time(9)),),
        ((time(9), time(13)), (time(12), time(18))),
        ((time(13), time(18)), (time(9), time(12))),
        ((time(9), time(0)), (time(13), time(18))),
    ],
)
def test_slots_that_contradict_each_other_are_refused(slots: tuple[Slot, ...]) -> None:
    with pytest.raises(ValueError, match="weekday 0"):
        WorkingHours("Asia/Seoul", {0: slots}, lambda day: False)


def test_moments_need_a_zone_and_amounts_are_not_negative() -> None:
    hours, now = office_in("Asia/Seoul"), datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="no zone"):
        add_working(datetime(2026, 12, 1), timedelta(hours=1), hours)
    for search in (add_working, subtract_working):
        with pytest.raises(ValueError, match="negative"):
            search(now, -timedelta(hours=1), hours)


def test_a_usual_day_is_the_commonest_and_a_short_friday_is_none() -> None:
    half = ((time(9), time(12)),)
    assert usual_day(office_in("Asia/Seoul")) == timedelta(hours=8)
    week: WeekSlots = {**dict.fromkeys(range(4), OFFICE), 4: half, 5: ()}
    assert usual_day(WorkingHours("Asia/Seoul", week, lambda day: False)) == timedelta(hours=8)
    even: WeekSlots = {0: half, 1: OFFICE}
    assert usual_day(WorkingHours("Asia/Seoul", even, lambda day: False)) == timedelta(hours=8)
    with pytest.raises(NoWorkingTime):
        usual_day(WorkingHours("Asia/Seoul", {}, lambda day: False))
