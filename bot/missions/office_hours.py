"""When a mission works: the hours its body has set, else those that are assumed; its holidays.

No source states the hours of most missions. Assumed: 09:00–12:00 and 13:00–18:00 on the host
country's working days. Constants: see docs/parameters.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.missions.missions import mission_city_name
from bot.missions.public_holidays import Holiday, list_public_holidays, load_closed_days
from bot.missions.working_time import WorkingHours, is_working, next_working
from bot.phrases import render_phrase
from bot.types import BodyHours, Mission, Slot
from knowledge.types import Language

ASSUMED_SLOTS: tuple[Slot, ...] = ((time(9), time(12)), (time(13), time(18)))

SATURDAY_SUNDAY = frozenset({5, 6})
FRIDAY_SATURDAY = frozenset({4, 5})
THURSDAY_FRIDAY = frozenset({3, 4})

# Iran has debated moving to Friday–Saturday; Thursday–Friday is the assumption here.
WEEKENDS_BY_COUNTRY = {
    **dict.fromkeys(("SA", "QA", "KW", "OM", "BH", "EG", "IQ", "JO", "IL", "BD"), FRIDAY_SATURDAY),
    "IR": THURSDAY_FRIDAY,
}


def assume_hours(mission: Mission) -> BodyHours:
    """The hours of a body whose lead has set none."""
    weekend = WEEKENDS_BY_COUNTRY.get(mission.country, SATURDAY_SUNDAY)
    slots = {weekday: ASSUMED_SLOTS for weekday in range(7) if weekday not in weekend}
    return BodyHours(mission.id, slots, assumed=True)


def build_working_hours(mission: Mission) -> WorkingHours:
    """When the mission works, on its own clock; by assumption while its body has set nothing.
    Raises ValueError for slots that overlap."""
    body = mission.hours or assume_hours(mission)

    def is_holiday(day: date) -> bool:
        if day in body.extra_holidays:
            return True
        return day not in body.off_holidays and day in load_closed_days(mission.country, day.year)

    return WorkingHours(mission.timezone, body.slots, is_holiday)


def list_holidays(mission: Mission, year: int, language: Language) -> list[Holiday]:
    """All days of a year on which the mission is closed or would be, by day: those its body switched
    off are marked, those it added are among them."""
    body = mission.hours or assume_hours(mission)
    found = {
        one.day: replace(one, off=one.day in body.off_holidays)
        for one in list_public_holidays(mission.country, year, language)
    }
    for day, name in body.extra_holidays.items():
        if day.year == year:
            found[day] = Holiday(day, name, "added", mission.id)
    return [found[day] for day in sorted(found)]


def is_mission_open(mission: Mission, now: datetime) -> bool:
    """Whether the mission is open at `now` (aware, any zone)."""
    return is_working(now, build_working_hours(mission))


def find_next_opening(mission: Mission, now: datetime) -> datetime:
    """When the mission opens next, in its own time zone; `now` itself if it is open.

    Raises NoWorkingTime if it does not in 60 days.
    """
    opening = next_working(now, build_working_hours(mission))
    return opening.astimezone(mission.zone)


def format_slots(slots: tuple[Slot, ...]) -> str:
    """Slots of a day as people read them: "09:00–12:00, 13:00–18:00"."""
    return ", ".join(
        f"{begin:%H:%M}–{'24:00' if end == time.min else f'{end:%H:%M}'}" for begin, end in slots
    )


def format_local_time(moment: datetime, mission: Mission, language: Language) -> str:
    """`moment` (aware) as local time of the mission: "하노이 현지 시각 11월 23일(월) 09:00"."""
    from babel.dates import format_datetime

    local = moment.astimezone(mission.zone)
    when = format_datetime(local, render_phrase("routing.clock", language), locale=language)
    return render_phrase(
        "routing.local_time", language, city=mission_city_name(mission, language), when=when
    )


def format_with_year(moment: datetime, mission: Mission, language: Language) -> str:
    """`moment` (aware) by the mission's clock as papers have it: "2027년 1월 21일(목) 10:00 (하노이 현지 시각)"."""
    when = _format_by(moment, mission, "desk.moment", language)
    city = mission_city_name(mission, language)
    return render_phrase("desk.local_time", language, when=when, city=city)


def format_day(moment: datetime, mission: Mission, language: Language) -> str:
    """The day of `moment` (aware) by the mission's clock: "2027년 1월 21일"."""
    return _format_by(moment, mission, "desk.day", language)


def _format_by(moment: datetime, mission: Mission, pattern: str, language: Language) -> str:
    from babel.dates import format_datetime

    local = moment.astimezone(mission.zone)
    return str(format_datetime(local, render_phrase(pattern, language), locale=language))


def name_zone(moment: datetime, mission: Mission, language: Language) -> str:
    """What the mission's time zone is called at `moment` (aware), summer time or not:
    "걸프만 표준시"; "GMT+07:00" where the language has no name for it."""
    from babel.dates import get_timezone_name

    return get_timezone_name(moment.astimezone(mission.zone), locale=language)
