"""When a mission is open: local working hours, weekends, holidays of the host country and Korea.

No source states the missions' hours. Assumed: 09:00–18:00 on the host country's working days.
Constants: see docs/parameters.md.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.missions.missions import mission_city_name
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

MAX_CLOSURE = timedelta(days=60)  # no search for a working day beyond this; see docs/parameters.md


def is_mission_open(mission: Mission, now: datetime) -> bool:
    """Whether the mission is open at `now` (aware, any zone) by the assumed hours."""
    local = now.astimezone(ZoneInfo(mission.timezone))
    return OPENING_TIME <= local.time() < CLOSING_TIME and _is_working_day(
        mission.country, local.date()
    )


def find_next_opening(mission: Mission, now: datetime) -> datetime:
    """When the mission opens next, in its own time zone; `now` itself if it is open.

    After 60 closed days in a row the last of them is returned.
    """
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
    """`moment` (aware) as local time of the mission: "하노이 현지 시각 11월 23일(월) 09:00"."""
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
    """The public holidays of a country in one year; empty if the library does not list them."""
    # Imported here: the library is slow to load and most commands do not need it.
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
