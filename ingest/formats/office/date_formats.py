"""Dates and times as Excel shows them: `yyyy"년" m"월" d"일"(aaa)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

_KOREAN_DAYS = "월화수목금토일"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALVES = {"am/pm": ("AM", "PM"), "a/p": ("A", "P"), "오전/오후": ("오전", "오후")}
_HALF = re.compile(r"am/pm|a/p|오전/오후", re.IGNORECASE)
# Formats that Excel shows as the reader's system writes dates, not as they are stored.
_SYSTEM_FORMATS = frozenset({"mm-dd-yy", "m/d/yy", "m/d/yyyy", "General"})

Tokens = Sequence[tuple[str, str]]


def is_date_section(tokens: Tokens) -> bool:
    """Whether a section shows a date or a time."""
    return any(kind == "elapsed" for kind, _ in tokens) or (
        any(kind == "text" and sign in tuple("yYmMdDhHsS") for kind, sign in tokens)
        and not any(kind == "digit" and sign != "0" for kind, sign in tokens)
    )


def format_moment(value: datetime | date | time | timedelta, form: str) -> str:
    """A date, a time or a length of time in its format."""
    if isinstance(value, timedelta):
        return _format_length(value, form)
    marks = _mark_minutes(_group_signs(form))
    if form.partition(";")[0] in _SYSTEM_FORMATS or not any(kind == "date" for kind, _ in marks):
        return _format_plain(value)
    has_half = any(_HALF.fullmatch(sign) for kind, sign in marks if kind == "half")
    moment = value if isinstance(value, datetime) else _to_datetime(value)
    shown = "".join(
        _format_mark(moment, sign, has_half) if kind in ("date", "half") else sign
        for kind, sign in marks
    ).strip()
    shows = {sign[0] for kind, sign in marks if kind == "date"}
    if isinstance(value, (datetime, date)) and shows & set("Md") and not shows & set("ye"):
        return f"{shown} ({moment.date().isoformat()})"
    return shown


def _to_datetime(value: date | time) -> datetime:
    if isinstance(value, time):
        return datetime.combine(date(1900, 1, 1), value)
    return datetime.combine(value, time())


def _format_plain(value: datetime | date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


_DATE_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|_(.)|\*.|\[\$([^-\]]*)(?:-[^\]]*)?\]|\[([hms]+)\]|\[[^\]]*\]'
    r"|(am/pm|a/p|오전/오후)|(\.0+)|([a-zA-Z])|(.)", re.DOTALL | re.IGNORECASE,
)  # fmt: skip


def _group_signs(form: str) -> list[tuple[str, str]]:
    """The parts of the first section: words, and runs of one letter such as `yyyy`."""
    found: list[tuple[str, str]] = []
    for match in _DATE_TOKEN.finditer(form):
        quoted, escaped, space, currency, elapsed, half, fraction, letter, sign = match.groups()
        if sign == ";":
            break
        if elapsed:
            found.append(("elapsed", elapsed.lower()))
            continue
        if half:
            found.append(("half", half.lower()))
        elif letter:
            found.append(("letter", letter.lower()))
        elif fraction:
            found.append(("words", ""))
        else:
            words = next((w for w in (quoted, escaped, currency, sign) if w is not None), "")
            found.append(("words", " " if space else words))
    grouped: list[tuple[str, str]] = []
    for (kind, sign), run in groupby(found):
        count = len(list(run))
        if kind == "letter":
            grouped.append(("date" if sign in "ymdhsaeb" else "words", sign * count))
        else:
            grouped += [(kind, sign)] * count
    return grouped


def _mark_minutes(marks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same parts with months as M: an `m` after hours or before seconds is minutes."""
    dates = [n for n, (kind, _) in enumerate(marks) if kind in ("date", "elapsed")]
    for place, n in enumerate(dates):
        sign = marks[n][1]
        if sign[0] != "m" or marks[n][0] == "elapsed":
            continue
        before = marks[dates[place - 1]][1][0] if place else ""
        after = marks[dates[place + 1]][1][0] if place + 1 < len(dates) else ""
        if not (len(sign) < 3 and (before == "h" or after == "s")):
            marks[n] = "date", sign.upper()
    return marks


def _format_mark(moment: datetime, sign: str, has_half: bool) -> str:
    if _HALF.fullmatch(sign):
        return _HALVES[sign][moment.hour >= 12]
    letter, width = sign[0], len(sign)
    if letter in "ye":
        return f"{moment.year:04d}" if width > 2 or letter == "e" else f"{moment.year % 100:02d}"
    if letter == "b":
        return str(moment.year + 543)
    if letter == "M" and width > 2:
        name = _MONTHS[moment.month - 1]
        return {3: name[:3], 5: name[0]}.get(width, name)
    if letter == "d" and width > 2:
        name = _DAYS[moment.weekday()]
        return name[:3] if width == 3 else name
    if letter == "a":
        day = _KOREAN_DAYS[moment.weekday()]
        return f"{day}요일" if width > 3 else day
    hour = moment.hour % 12 or 12 if has_half else moment.hour
    amount = {"M": moment.month, "d": moment.day, "h": hour, "m": moment.minute,
              "s": moment.second}[letter]  # fmt: skip
    return f"{amount:02d}" if width > 1 else str(amount)


def _format_length(value: timedelta, form: str) -> str:
    """A length of time such as 36:30: its first unit in brackets counts up."""
    marks = _mark_minutes(_group_signs(form))
    if not any(kind in ("date", "elapsed") for kind, _ in marks):
        return str(value)
    seconds = abs(int(value.total_seconds()))
    rest = {"h": seconds // 3600 % 24, "m": seconds // 60 % 60, "s": seconds % 60}
    whole = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}
    written = ["-" if value < timedelta() else ""]
    for kind, sign in marks:
        letter, width = sign[:1].lower(), len(sign)
        if kind in ("date", "elapsed") and letter in whole:
            amount = (whole if kind == "elapsed" else rest)[letter]
            written.append(str(amount).zfill(width))
        else:
            written.append(sign if kind == "words" else "")
    return "".join(written).strip()
