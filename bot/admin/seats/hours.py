"""Reading and showing the hours of a body: slots of the week, holidays with their source. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

from bot.admin.seats.settings import BadSetting, read_date
from bot.missions.office_hours import (
    assume_hours,
    build_working_hours,
    format_slots,
    list_holidays,
)
from bot.missions.public_holidays import Holiday
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from bot.types import BodyHours, Mission, Slot
from knowledge.types import Language

SHOWN_AHEAD = timedelta(days=365)  # of holidays
SHOWN_HOLIDAYS = 15
NAME_LIMIT_CHARACTERS = 60  # of a holiday of the body's own
CLOSED_WORDS = frozenset({"closed", "off", "휴무", "-"})
RESET_WORDS = frozenset({"reset", "default", "초기화", "기본"})
HOLIDAY_WORDS = frozenset({"holiday", "휴일"})
_DAYS = (
    ("mon", "월"), ("tue", "화"), ("wed", "수"), ("thu", "목"), ("fri", "금"), ("sat", "토"), ("sun", "일"),
)  # fmt: skip
_SLOT = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–~]\s*(\d{1,2})(?::(\d{2}))?")


def change_hours(mission: Mission, text: str) -> BodyHours:
    """The hours of a body after `text`: lines (or parts between ";") such as "mon-fri 09:00-12:00,
    13:00-18:00", "토 휴무", "holiday off 2026-12-25" (it works that day), "holiday add 2026-12-24
    NAME", "holiday on 2026-12-25", "reset". All of them count or none. Raises BadSetting."""
    hours = mission.hours or assume_hours(mission)
    for line in re.split(r"[;\n]", text):
        if line.strip():
            hours = _change(mission, hours, line.strip())
    try:
        build_working_hours(replace(mission, hours=hours))
    except ValueError:
        raise BadSetting("slots", text) from None
    return hours


def render_hours(mission: Mission, today: date, language: Language) -> str:
    """The week and the holidays of the year from `today` on, each with where it is known from."""
    hours = mission.hours or assume_hours(mission)
    head = render_phrase("seats.hours", language, mission=mission.id, zone=mission.timezone)
    lines = [head, *_render_week(hours, language)]
    if hours.assumed:
        lines.append(render_phrase("seats.hours_assumed", language))
    lines.append(render_phrase("seats.holidays", language))
    years = (today.year, today.year + 1)
    listed = [one for year in years for one in list_holidays(mission, year, language)]
    ahead = [one for one in listed if today <= one.day <= today + SHOWN_AHEAD]
    lines += [_render_holiday(one, language) for one in ahead[:SHOWN_HOLIDAYS]]
    lines.append(render_phrase("seats.hours_how", language))
    return "\n".join(lines)


def _change(mission: Mission, hours: BodyHours, line: str) -> BodyHours:
    first, _, rest = line.partition(" ")
    if first.lower() in RESET_WORDS:
        return assume_hours(mission)
    if first.lower() in HOLIDAY_WORDS:
        return _change_holiday(hours, rest.split())
    days = _read_days(first)
    closed = rest.strip().lower() in CLOSED_WORDS
    slots = () if closed else _read_slots(rest)
    week = {
        day: slot for day, slot in {**hours.slots, **dict.fromkeys(days, slots)}.items() if slot
    }
    return replace(hours, slots=week, assumed=False)


def _change_holiday(hours: BodyHours, words: list[str]) -> BodyHours:
    if len(words) < 2:
        raise BadSetting("hours", " ".join(words))
    act, day, name = words[0].lower(), read_date(words[1]), " ".join(words[2:])
    extra = dict(hours.extra_holidays)
    if act in ("add", "추가"):
        if not name or len(name) > NAME_LIMIT_CHARACTERS:
            raise BadSetting("holiday_name", name)
        extra[day] = name
        return replace(hours, extra_holidays=extra)
    if act in ("off", "근무"):
        extra.pop(day, None)
        return replace(
            hours, extra_holidays=extra, off_holidays=hours.off_holidays | frozenset({day})
        )
    if act in ("on", "휴무"):
        return replace(hours, off_holidays=hours.off_holidays - {day})
    raise BadSetting("hours", words[0])


def _read_days(text: str) -> list[int]:
    """The weekdays of "mon-fri", "월~금" or "월,수,금". Raises BadSetting."""
    days: list[int] = []
    for part in text.lower().split(","):
        edges = [_read_day(one) for one in re.split(r"[-–~]", part)]
        if len(edges) == 2 and edges[0] > edges[1]:  # from Sunday to Thursday
            days += [*range(edges[0], 7), *range(edges[1] + 1)]
        elif len(edges) <= 2:
            days += range(edges[0], edges[-1] + 1)
        else:
            raise BadSetting("hours", text)
    return days


def _read_day(word: str) -> int:
    for number, (english, korean) in enumerate(_DAYS):
        if word[:3] == english or word.removesuffix("요일") == korean:
            return number
    raise BadSetting("hours", word)


def _read_slots(text: str) -> tuple[Slot, ...]:
    slots = []
    for part in text.split(","):
        match = _SLOT.fullmatch(part.strip())
        if match is None:
            raise BadSetting("slots", part.strip())
        first, first_minute, last, last_minute = (int(one or 0) for one in match.groups())
        slots.append((_read_time(first, first_minute, part), _read_time(last, last_minute, part)))
    return tuple(slots)


def _read_time(hour: int, minute: int, text: str) -> time:
    try:
        return time(0 if (hour, minute) == (24, 0) else hour, minute)
    except ValueError:
        raise BadSetting("slots", text.strip()) from None


def _render_week(hours: BodyHours, language: Language) -> Iterable[str]:
    """A line for each run of weekdays with the same slots."""
    names = render_phrase("seats.weekdays", language).split()
    start = 0
    for day in range(1, 8):
        slots = hours.slots.get(start, ())
        if day < 7 and hours.slots.get(day, ()) == slots:
            continue
        span = names[start] if start == day - 1 else f"{names[start]}–{names[day - 1]}"
        yield f"{span} {format_slots(slots) or render_phrase('seats.closed', language)}"
        start = day


def _render_holiday(one: Holiday, language: Language) -> str:
    source = render_phrase("seats.own_holiday", language) if one.kind == "added" else one.source
    off = f" · {render_phrase('seats.holiday_off', language)}" if one.off else ""
    return f"{one.day:%Y-%m-%d} {isolate_lines(one.name)} ({source}){off}"
