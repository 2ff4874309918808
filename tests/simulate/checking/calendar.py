"""Working time of the year, counted in a table of its slots: none of the product's arithmetic is used.
Taken from it are only the facts: the slots of the week, the zone, and which days are holidays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.missions.working_time import WorkingHours

MARGIN = timedelta(days=90)  # before and after the year
HOUR = timedelta(hours=1)
DAY = 8 * HOUR  # of the slots that are assumed: 09:00-12:00 and 13:00-18:00


class Calendar:
    """All slots from 90 days before `start` to 90 days after `end`, and the working time before each."""

    def __init__(self, facts: WorkingHours, start: datetime, end: datetime) -> None:
        zone = ZoneInfo(facts.zone)
        self.begins: list[datetime] = []
        self.ends: list[datetime] = []
        self.before: list[timedelta] = []
        day, total = (start - MARGIN).date(), timedelta()
        while day <= (end + MARGIN).date():
            for begin, until in () if facts.is_holiday(day) else facts.slots.get(day.weekday(), ()):
                first = datetime.combine(day, begin, zone).astimezone(UTC)
                last = datetime.combine(day, until, zone).astimezone(UTC)
                self.begins.append(first)
                self.ends.append(last)
                self.before.append(total)
                total += last - first
            day += timedelta(days=1)

    def open_from(self, moment: datetime) -> datetime:
        """The moment itself in a slot, else the beginning of the next one."""
        return max(moment, self.begins[bisect_right(self.ends, moment)])

    def worked(self, moment: datetime) -> timedelta:
        """The working time of the table until a moment."""
        at = bisect_right(self.begins, moment) - 1
        return self.before[at] + min(moment, self.ends[at]) - self.begins[at]

    def move(self, moment: datetime, amount: timedelta) -> datetime:
        """The first moment `amount` of working time later; for a negative one the last that is as much
        earlier."""
        if not amount:
            return moment
        wanted = self.worked(moment) + amount
        find = bisect_left if amount > timedelta() else bisect_right
        at = find(self.before, wanted) - 1
        return self.begins[at] + (wanted - self.before[at])
