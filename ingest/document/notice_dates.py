"""Dates and periods as notices print them after a label: "2026. 3. 2.(월) ~ 3. 31.(화) 18:00까지".

A text counts only as a whole: if it contains anything but dates, times and their particles, it is
not a date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.text.dates import MONTH_NUMBERS

# After a notice that a date without a year of the next year is believed: later ones may be past.
YEAR_GUESS_MAX = timedelta(days=183)
DATE_TEXT_MAX_CHARACTERS = 160  # longer texts are sentences

_YEAR_PATTERN = r"(?:(?P<year>(?:19|20)\d\d)|[’'‘`´]\s?(?P<short>\d\d))"
_YEAR = re.compile(_YEAR_PATTERN)
_MONTH_PATTERN = "(?P<name>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_DAY_PATTERN = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DOT, _DAY = r"\s?[./]\s?|\s?월\s?", r"(?P<day>\d{1,2})(?!\d)(?:\s?[일.])?"

# In the order they are tried; what one form has matched is hidden from the next.
_DATE_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR_PATTERN}(?:\s?[./]\s?|-|\s?년\s?)(?P<month>\d{{1,2}})(?:{_DOT}|-){_DAY}",
        r"(?<!\d)(?:ngày\s)?(?P<day>\d{1,2})\stháng\s(?P<month>\d{1,2})(?:\s?,?\snăm\s(?P<year>\d{4}))?",
        rf"\b{_MONTH_PATTERN}\s{_DAY_PATTERN}(?!\d)(?:,?\s{_YEAR_PATTERN})?",
        rf"(?<!\d){_DAY_PATTERN}\s(?:of\s)?{_MONTH_PATTERN}(?:,?\s{_YEAR_PATTERN})?",
        rf"(?<!\d)(?P<month>\d{{1,2}})(?:{_DOT}){_DAY}",
        r"(?<!\d)(?P<day>\d{1,2})\s?일",
    )
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?:ngày\s)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)\d\d)(?!\d)"
)
# "2–31 March 2026" and "March 2–31, 2026": both days share the month and year.
_SHARED_PART_FORMS = (
    (re.compile(rf"(?<!\d)(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})\s({_MONTH_PATTERN},?\s(?:19|20)\d\d)"), r"\1 \3 ~ \2 \3"),
    (re.compile(rf"\b({_MONTH_PATTERN})\s(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})(?!\d),?\s((?:19|20)\d\d)"), r"\1 \3, \5 ~ \1 \4, \5"),
)  # fmt: skip
_OPEN_END = r"예산\s*(?:이\s*)?소진\s*시?\s*(?:까지)?|상시|수시|연중|별도\s*공지\s*시\s*까지|모집\s*완료\s*시\s*까지"
# Times, particles and remarks next to a date that do not change it.
_IGNORABLE = re.compile(
    r"\([^()\d]*\)|\(\s*\d+\s*일\s*간?\s*\)"
    r"|\(?(?:오전|오후|낮|밤)?\s?\d{1,2}\s?(?::\s?\d{2}|시(?:\s?\d{1,2}\s?분)?)\s?(?:까지)?\)?(?:\s?(?:AM|PM|KST))?"
    r"|\(?\d{1,2}\s?(?:am|pm)\)?|\bKST\b|\((?:GMT|UTC)\+\d+\)"
    r"|까지|마감|자정|\bhết ngày\b|\bhết\b|\btừ\b|\bngày\b|\bfrom\b|\bby\b|\*+|[,;]",
    re.IGNORECASE,
)
_RANGE_SIGN = re.compile(r"[~∼〜～–—-]+|부터|\bto\b|\buntil\b|\bthrough\b|\bđến\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\s*\(\s*(?P<day>[월화수목금토일])(?:요일)?\s*\)")
# "2026년 11월 말", "월말", "3분기 말", "분기말", "상반기까지", "연말", "올해 말".
_PERIOD_END = re.compile(
    r"(?:(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:년도?|[.])\s*|(?P<this>금년도?|올해|당해\s*연도|당해|내년)\s*)?"
    r"(?:(?<!\d)(?P<month>\d{1,2})\s*월\s*말일?|(?P<quarter>[1-4])\s*(?:사?분기)(?:\s*말)?(?=\s*(?:까지|$|[(,]))"
    r"|(?P<half>[상하])반기(?:\s*말)?(?=\s*(?:까지|$|[(,]))"
    r"|(?<![가-힣\d])(?P<bare>월|분기|반기)\s*말일?(?=\s*(?:까지|$|[(,]))"
    r"|(?<![가-힣])(?:연말|년말|말)(?=\s*(?:까지|$|[(,])))"
)
_TENTATIVE = re.compile(r"예정|잠정|미정|예상|변경|tentative|expected|dự kiến", re.IGNORECASE)
_DATE_PLACEHOLDER = "\x00"


@dataclass(frozen=True, slots=True)
class DateRange:
    """A period; `first` is None if only its end is given, `last` if it ends with the budget."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class _PartialDate:
    """A date whose year or month may not be written; `weekday` is written next to it, from 0 for
    Monday, None without one."""

    year: int | None
    month: int | None
    day: int
    weekday: int | None = None


def parse_date(text: str, *, day_first: bool = False, near: date | None = None) -> date | None:
    """The date that `text` is; None if it is anything else or has no year.

    `day_first`: 05/03/2026 is the fifth of March. `near` is the date of the notice: a date without
    a year is the first on or after it whose weekday, if one is written, agrees.
    """
    text = _write_period_ends(text, near)
    if not _YEAR.search(text) and near is None:
        return None
    shape, days = _extract_dates(text, day_first)
    if shape != _DATE_PLACEHOLDER:
        return None
    if days[0].year is None:
        period = _complete_near(None, days[0], near)
        return period.last if period else None
    return _complete_date(days[0], None)


def parse_date_range(
    text: str, *, day_first: bool = False, near: date | None = None
) -> DateRange | None:
    """The period that `text` is: two dates, only an end ("~ 3. 31.", "11월 말까지") or an open end;
    else None. Years that are not written come from `near`, the date of the notice."""
    is_end = bool(re.search(r"까지\s*\W*$", text))
    text = _write_period_ends(text, near)
    shape, days = _extract_dates(text, day_first)
    if shape == _DATE_PLACEHOLDER and is_end:
        shape = f"~{_DATE_PLACEHOLDER}"
    if near and days and all(day.year is None for day in days) and "∞" not in shape:
        if shape == f"~{_DATE_PLACEHOLDER}":
            return _complete_near(None, days[0], near)
        if shape == f"{_DATE_PLACEHOLDER}~{_DATE_PLACEHOLDER}":
            return _complete_near(days[0], days[1], near)
    if shape in (f"{_DATE_PLACEHOLDER}~∞", "~∞", "∞"):
        return DateRange(_complete_date(days[0], None) if days else None, None)
    if shape == f"~{_DATE_PLACEHOLDER}":
        last = _complete_date(days[0], None)
        return DateRange(None, last) if last else None
    if shape != f"{_DATE_PLACEHOLDER}~{_DATE_PLACEHOLDER}":
        return None
    first = _complete_date(days[0], days[1])
    last = _complete_date(days[1], days[0])
    return DateRange(first, last) if first and last and first <= last else None


def has_open_end(text: str) -> bool:
    """Whether a period ends with something other than a day: the budget, or a later notice."""
    return bool(re.search(_OPEN_END, text))


def has_date(text: str) -> bool:
    """Whether a text contains a date, even if it cannot be read."""
    return (
        bool(_PERIOD_END.search(text))
        or any(form.search(text) for form in (*_DATE_FORMS[:4], _DAY_FIRST))
        or bool(re.search(r"\d{1,2}\s?월\s?\d{1,2}\s?일|\d{1,2}\s?\.\s?\d{1,2}\s?\.", text))
    )


def _extract_dates(text: str, day_first: bool) -> tuple[str, list[_PartialDate]]:
    """The shape of a text, with placeholders for its dates, and the dates in order."""
    if len(text) > DATE_TEXT_MAX_CHARACTERS or _TENTATIVE.search(text):
        return "", []
    for form, written in _SHARED_PART_FORMS:
        text = form.sub(written, text)
    dates: list[tuple[int, _PartialDate]] = []
    for form in (*([_DAY_FIRST] if day_first else []), *_DATE_FORMS):
        dates += [(match.start(), _parse_partial_date(match)) for match in form.finditer(text)]
        text = form.sub(lambda match: _DATE_PLACEHOLDER + " " * (len(match.group()) - 1), text)
    text = re.sub(_OPEN_END, "∞", text)
    text = _RANGE_SIGN.sub("~", _IGNORABLE.sub(" ", text))
    shape = re.sub(r"\s+", "", text).strip(".")
    return re.sub(r"~+", "~", shape), [day for _, day in sorted(dates, key=lambda pair: pair[0])]


def _write_period_ends(text: str, near: date | None) -> str:
    """The text with the ends of months, quarters, halves and years as dates: "2026년
    11월 말" as 2026. 11. 30. Without a year in it the end is after `near`."""

    def write(match: re.Match[str]) -> str:
        last = _find_period_end(match, near)
        return f"{last.year}. {last.month}. {last.day}." if last else match.group()

    return _PERIOD_END.sub(write, text)


def _find_period_end(match: re.Match[str], near: date | None) -> date | None:
    """The last day that a match of `_PERIOD_END` names; None if its year is not known."""
    parts = match.groupdict()
    year = int(parts["year"]) if parts["year"] else near.year if near else None
    if year is None:
        return None
    if parts["year"] is None and parts["this"] and "내년" in parts["this"]:
        year += 1
    month = 12
    if parts["month"]:
        month = int(parts["month"])
    elif parts["quarter"]:
        month = 3 * int(parts["quarter"])
    elif parts["half"]:
        month = 6 if parts["half"] == "상" else 12
    elif parts["bare"]:
        if near is None:
            return None
        month = {"월": near.month, "분기": 3 * ((near.month + 2) // 3)}.get(
            parts["bare"], 6 if near.month <= 6 else 12
        )
    if not 1 <= month <= 12:
        return None
    last = date(year, month, monthrange(year, month)[1])
    if near and last < near and parts["year"] is None:
        last = date(year + 1, month, monthrange(year + 1, month)[1])
        return last if last - near <= YEAR_GUESS_MAX else None
    return last


def _complete_near(
    first: _PartialDate | None, last: _PartialDate, near: date | None
) -> DateRange | None:
    """The first period without written years that ends on or after `near`, and whose weekdays
    agree; None if there is none within a year."""
    if near is None:
        return None
    month = last.month or (first.month if first else None)
    for year in (near.year, near.year + 1):
        end = _make_date(year, month, last.day)
        begin = None
        if first and end:
            begin = _make_date(year, first.month, first.day)
            if begin and begin > end:
                begin = _make_date(year - 1, first.month, first.day)
        if end is None or not _is_after(end, near) or (first and begin is None):
            continue
        if _has_weekday(end, last) and (first is None or _has_weekday(begin, first)):
            return DateRange(begin, end)
    return None


def _is_after(end: date, near: date) -> bool:
    """Whether an end without a written year is on or after the notice, and not long after it if
    its year is the next."""
    return end >= near and (end.year == near.year or end - near <= YEAR_GUESS_MAX)


def _has_weekday(day: date | None, partial: _PartialDate) -> bool:
    return day is not None and partial.weekday in (None, day.weekday())


def _make_date(year: int | None, month: int | None, day: int) -> date | None:
    try:
        return date(year, month, day) if year and month else None
    except ValueError:
        return None


def _parse_partial_date(match: re.Match[str]) -> _PartialDate:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("short"):
        year = 2000 + int(parts["short"])
    month = int(parts["month"]) if parts.get("month") else None
    if parts.get("name"):
        month = MONTH_NUMBERS[parts["name"].capitalize()]
    beside = _WEEKDAY.match(match.string, match.end())
    weekday = "월화수목금토일".index(beside["day"]) if beside else None
    return _PartialDate(year, month, int(parts["day"]), weekday)


def _complete_date(partial: _PartialDate, other: _PartialDate | None) -> date | None:
    """The date, with a missing year or month taken from the other end of the period."""
    year = partial.year or (other.year if other else None)
    month = partial.month or (other.month if other else None)
    return _make_date(year, month, partial.day)
