"""When a case that no one took is overdue: two hours where hours count, else working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cases.states import is_open
from bot.missions.office_hours import find_next_opening
from bot.types import Case, Mission, Urgency

CRITICAL_HOURS = 2  # around the clock
WORKING_DAYS: Mapping[Urgency, int] = {"high": 1, "normal": 2, "low": 5}  # of the mission


def find_due(case: Case, mission: Mission) -> datetime | None:
    """Until when somebody should have taken a case (in the mission's zone); None for one that is
    taken or ended."""
    if case.taken_at is not None or not is_open(case):
        return None
    zone = ZoneInfo(mission.timezone)
    if case.urgency == "critical":
        return (case.opened_at + timedelta(hours=CRITICAL_HOURS)).astimezone(zone)
    return add_working_days(case.opened_at, WORKING_DAYS[case.urgency], mission)


def add_working_days(start: datetime, days: int, mission: Mission) -> datetime:
    """The same time of day `days` working days of a mission after a moment, or after the next
    opening where it is closed then."""
    moment = find_next_opening(mission, start)
    at = moment.time()
    for _ in range(days):
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
        moment = datetime.combine(find_next_opening(mission, midnight).date(), at, moment.tzinfo)
    return moment
