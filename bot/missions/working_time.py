"""Counting working time: slots of a week on a local clock, without holidays. Pure.

Moments go in aware, in any zone, and come out in UTC; a naive one is a ValueError.

When the clock is put forward, a time that it skips is the moment of the change; when it is put back,
a time that it shows twice is the first of the two. So slots never overlap, and one over a change has
the length that really passed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.errors import NoWorkingTime
from bot.types import Slot, WeekSlots

MAX_CLOSURE = timedelta(days=60)  # no search for a working day beyond this; see docs/parameters.md

_ANY_DAY = date(2000, 1, 1)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When somebody works: `slots` on the clock of `zone` (IANA name), but for days that
    `is_holiday`. Raises ValueError for slots of a weekday that are empty, overlap or are not in
    order."""

    zone: str
    slots: WeekSlots
    is_holiday: Callable[[date], bool]

    def __post_init__(self) -> None:
        for weekday, slots in self.slots.items():
            edges = [edge for slot in slots for edge in (_on(_ANY_DAY, slot))]
            starts_late = any(edges[at] >= edges[at + 1] for at in range(0, len(edges), 2))
            if weekday not in range(7) or starts_late or edges != sorted(edges):
                raise ValueError(f"slots of weekday {weekday} are empty, overlap or are unordered")


def add_working(start: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
    """The first moment at which `amount` of working time has passed since `start`; `start` itself
    for none. Raises NoWorkingTime; ValueError for a negative amount."""
    left, moment = _check_amount(amount), _to_utc(start)
    if not left:
        return moment
    slots = _walk(moment, 1, hours)
    while True:
        begin, end = next(slots)
        begin = max(begin, moment)
        if left <= end - begin:
            return begin + left
        left -= max(end - begin, timedelta())


def subtract_working(end: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
    """The last moment from which `amount` of working time is left until `end`; `end` itself for
    none. Raises NoWorkingTime; ValueError for a negative amount."""
    left, moment = _check_amount(amount), _to_utc(end)
    if not left:
        return moment
    slots = _walk(moment, -1, hours)
    while True:
        begin, until = next(slots)
        until = min(until, moment)
        if left <= until - begin:
            return until - left
        left -= max(until - begin, timedelta())


def working_between(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """The working time from `start` to `end`; none if `end` is not later."""
    first, last = _to_utc(start), _to_utc(end)
    day, total = _local_day(first, hours) - _DAY, timedelta()
    last_day = _local_day(last, hours) + _DAY
    while day <= last_day:
        for begin, until in _list_slots(day, hours):
            total += max(min(until, last) - max(begin, first), timedelta())
        day += _DAY
    return total


def is_working(moment: datetime, hours: WorkingHours) -> bool:
    """Whether `moment` lies in a slot; the end of a slot does not."""
    at = _to_utc(moment)
    day = _local_day(at, hours)
    days = (day - _DAY, day, day + _DAY)
    return any(begin <= at < end for one in days for begin, end in _list_slots(one, hours))


def next_working(moment: datetime, hours: WorkingHours) -> datetime:
    """`moment` if it lies in a slot, else the beginning of the next one. Raises NoWorkingTime."""
    at = _to_utc(moment)
    return next(max(begin, at) for begin, end in _walk(at, 1, hours) if at < end)


def usual_day(hours: WorkingHours) -> timedelta:
    """How long a working day is: the commonest length of the week's working days, the longer of two
    that are as common. Raises NoWorkingTime."""
    lengths = Counter(
        sum((end - begin for begin, end in (_on(_ANY_DAY, slot) for slot in slots)), timedelta())
        for slots in hours.slots.values()
        if slots
    )
    if not lengths:
        raise NoWorkingTime("no weekday has working hours; set them with at least one slot")
    return max(lengths, key=lambda length: (lengths[length], length))


def _walk(moment: datetime, step: int, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """The slots from the day before `moment` on (`step` 1), or from the day after it back (-1)."""
    day, closed = _local_day(moment, hours) - step * _DAY, 0
    while closed <= MAX_CLOSURE.days:
        slots = _list_slots(day, hours)
        yield from slots[::step]
        closed = 0 if slots else closed + 1
        day += step * _DAY
    raise NoWorkingTime(
        f"no working time in {MAX_CLOSURE.days} days around {day} ({hours.zone}); "
        "check slots and holidays"
    )


def _list_slots(day: date, hours: WorkingHours) -> tuple[tuple[datetime, datetime], ...]:
    """The slots of a local day in UTC, without those that a change of the clock leaves empty."""
    slots = hours.slots.get(day.weekday(), ())
    if not slots or hours.is_holiday(day):
        return ()
    return _find_edges(day, slots, hours.zone)


@lru_cache(maxsize=4096)  # every timer of a case walks over the same days again
def _find_edges(
    day: date, slots: tuple[Slot, ...], zone: str
) -> tuple[tuple[datetime, datetime], ...]:
    """Beginning and end in UTC of each slot of a day on the clock of `zone`."""
    clock = ZoneInfo(zone)
    edges = [[_find_moment(edge, clock) for edge in _on(day, slot)] for slot in slots]
    return tuple((begin, end) for begin, end in edges if begin < end)


def _on(day: date, slot: Slot) -> tuple[datetime, datetime]:
    """Beginning and end of a slot on the clock of that day."""
    begin, end = slot
    return (
        datetime.combine(day, begin),
        datetime.combine(day, end) if end > time.min else datetime.combine(day + _DAY, end),
    )


def _find_moment(clock: datetime, zone: ZoneInfo) -> datetime:
    """When the clock of `zone` first shows `clock`, or a later time if it skips that one; in UTC."""
    moment = clock.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == clock:
        return moment
    # By the offset after the change, the moment is before it; by the one before, after it.
    earliest = clock.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = earliest.astimezone(zone).utcoffset()
    minutes = range((moment - earliest) // _MINUTE)
    changed = bisect_left(
        minutes, True, key=lambda n: (earliest + n * _MINUTE).astimezone(zone).utcoffset() != before
    )
    return earliest + changed * _MINUTE


def _local_day(moment: datetime, hours: WorkingHours) -> date:
    return moment.astimezone(ZoneInfo(hours.zone)).date()


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(UTC)


def _check_amount(amount: timedelta) -> timedelta:
    if amount < timedelta():
        raise ValueError(f"{amount} is negative")
    return amount
