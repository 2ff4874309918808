"""When a mission is open: local working hours, weekends, host and Korean holidays.

No source states the missions' hours. Assumed: 09:00–18:00 on the host country's working days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.missions import mission_city_name
from bot.phrases import render_phrase
from bot.types import Mission
from knowledge.types import Language

OPENING_TIME, CLOSING_TIME = time(9), time(18)

# Missions abroad also close on these four: 삼일절, 광복절, 개천절, 한글날.
KOREAN_NATIONAL_DAYS = frozenset({(3, 1), (8, 15), (10, 3), (10, 9)})

SATURDAY_SUNDAY = frozenset({5, 6})
FRIDAY_SATURDAY = frozenset({4, 5})
THURSDAY_FRIDAY = frozenset({3, 4})

# Iran has debated moving to Friday–Saturday; Thursday–Friday is the assumption here.
WEEKENDS_BY_COUNTRY = {
    **dict.fromkeys(("SA", "QA", "KW", "OM", "BH", "EG", "IQ", "JO", "IL", "BD"), FRIDAY_SATURDAY),
    "IR": THURSDAY_FRIDAY,
}

MAX_CLOSURE = timedelta(days=60)


def is_mission_open(mission: Mission, now: datetime) -> bool:
    """Whether the mission is open at `now` (any zone), by the assumed hours."""
    local = now.astimezone(ZoneInfo(mission.timezone))
    return OPENING_TIME <= local.time() < CLOSING_TIME and _is_working_day(
        mission.country, local.date()
    )


def find_next_opening(mission: Mission, now: datetime) -> datetime:
    """The moment from which the mission can be reached, in its own zone: `now` if it is open."""
    zone = ZoneInfo(mission.timezone)
    local = now.astimezone(zone)
    if is_mission_open(mission, now):
        return local
    day = local.date() if local.time() < OPENING_TIME else local.date() + timedelta(days=1)
    last = day + MAX_CLOSURE
    while not _is_working_day(mission.country, day) and day < last:
        day += timedelta(days=1)
    return datetime.combine(day, OPENING_TIME, zone)


def format_local_time(moment: datetime, mission: Mission, language: Language) -> str:
    """The moment on the mission's own clock: "하노이 현지 시각 11월 23일(월) 09:00"."""
    from babel.dates import format_datetime

    local = moment.astimezone(ZoneInfo(mission.timezone))
    when = format_datetime(local, render_phrase("routing.clock", language), locale=language)
    return render_phrase(
        "routing.local_time", language, city=mission_city_name(mission, language), when=when
    )


def _is_working_day(country: str, day: date) -> bool:
    """Whether offices in the country work on that day."""
    weekend = WEEKENDS_BY_COUNTRY.get(country, SATURDAY_SUNDAY)
    closed = day.weekday() in weekend or (day.month, day.day) in KOREAN_NATIONAL_DAYS
    return not closed and day not in _load_holidays(country, day.year)


@cache
def _load_holidays(country: str, year: int) -> frozenset[date]:
    """The country's public holidays of one year; none where the library knows no such country."""
    # Imported here: the library is slow to load and most commands never ask for the time.
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
