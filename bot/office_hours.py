"""When a mission is open: local working hours, weekends, host and Korean holidays.

No source states the missions' hours. Assumed: 09:00–18:00 on the host country's working days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.missions import city_called
from bot.phrases import say
from bot.types import Mission
from knowledge.types import Language

OPENS, CLOSES = time(9), time(18)

# Missions abroad also close on these four: 삼일절, 광복절, 개천절, 한글날.
NATIONAL_DAYS = frozenset({(3, 1), (8, 15), (10, 3), (10, 9)})

SATURDAY_SUNDAY = frozenset({5, 6})
FRIDAY_SATURDAY = frozenset({4, 5})
THURSDAY_FRIDAY = frozenset({3, 4})

# Iran has debated moving to Friday–Saturday; Thursday–Friday is the assumption here.
WEEKENDS = {
    **dict.fromkeys(("SA", "QA", "KW", "OM", "BH", "EG", "IQ", "JO", "IL", "BD"), FRIDAY_SATURDAY),
    "IR": THURSDAY_FRIDAY,
}

LONGEST_CLOSURE = timedelta(days=60)


def is_open(mission: Mission, now: datetime) -> bool:
    """Whether the mission is open at `now` (any zone), by the assumed hours."""
    local = now.astimezone(ZoneInfo(mission.timezone))
    return OPENS <= local.time() < CLOSES and _works(mission.country, local.date())


def opens_at(mission: Mission, now: datetime) -> datetime:
    """The moment from which the mission can be reached, in its own zone: `now` if it is open."""
    zone = ZoneInfo(mission.timezone)
    local = now.astimezone(zone)
    if is_open(mission, now):
        return local
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    last = day + LONGEST_CLOSURE
    while not _works(mission.country, day) and day < last:
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, zone)


def local_time(moment: datetime, mission: Mission, language: Language) -> str:
    """The moment on the mission's own clock: "하노이 현지 시각 11월 23일(월) 09:00"."""
    from babel.dates import format_datetime

    local = moment.astimezone(ZoneInfo(mission.timezone))
    when = format_datetime(local, say("routing.clock", language), locale=language)
    return say("routing.local_time", language, city=city_called(mission, language), when=when)


def _works(country: str, day: date) -> bool:
    """Whether offices in the country work on that day."""
    weekend = WEEKENDS.get(country, SATURDAY_SUNDAY)
    closed = day.weekday() in weekend or (day.month, day.day) in NATIONAL_DAYS
    return not closed and day not in _holidays(country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """The country's public holidays of one year; none where the library knows no such country."""
    # Imported here: the library is slow to load and most commands never ask for the time.
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
