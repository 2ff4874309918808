"""Dates and periods as notices print them after a label: "2026. 3. 2.(월) ~ 3. 31.(화) 18:00까지".

A text counts only as a whole: if it contains anything but dates, times and their particles, it is
not a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.document.period_ends import YEAR_GUESS_MAX, add_span, has_period_end, write_period_ends
from knowledge.text.dates import MONTH_NUMBERS

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
_DAY_FIRST_SHORT = re.compile(
    r"(?<![\d/.-])(?:ngày\s)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?![\d/.-])"
)
# "2–31 March 2026" and "March 2–31, 2026": both days share the month and year.
_SHARED_PART_FORMS = (
    (re.compile(rf"(?<!\d)(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})\s({_MONTH_PATTERN},?\s(?:19|20)\d\d)"), r"\1 \3 ~ \2 \3"),
    (re.compile(rf"\b({_MONTH_PATTERN})\s(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})(?!\d),?\s((?:19|20)\d\d)"), r"\1 \3, \5 ~ \1 \4, \5"),
    # "12.7~18": the second day is of the same month, unless it is an hour or a month itself.
    (re.compile(r"(?<!\d)(\d{1,2})(?:\s?[./]\s?|\s?월\s?)(\d{1,2})([.일]?(?:\s?\([월화수목금토일]\))?)"
                r"\s?[-–~∼〜～]\s?(\d{1,2})(?!\d|\s?[./-]\s?\d|\s?[:년월일시])"), r"\1. \2\3 ~ \1. \4"),
)  # fmt: skip
_OPEN_END = (
    r"(?:예산|자금|사업비|재원|물량|한도)\s*(?:이\s*)?소진\s*시?\s*(?:까지)?|선착순(?:\s*(?:모집|접수|마감|\d[\d,]*\s*(?:개\s?사|개\s?업체|개\s?기업|개\s?팀|명|팀|건|곳)))*|상시|수시|연중"
    r"|(?:별도|차기)\s*(?:공지|공고)\s*(?:시|전)\s*까지|모집\s*완료\s*시\s*까지"
)
# Times, particles and remarks next to a date that do not change it.
_IGNORABLE = re.compile(
    r"\([^()\d]*\)|\(\s*\d+\s*일\s*간?\s*\)"
    r"|\(?(?:오전|오후|낮|밤|T(?=\d\d:))?\s?\d{1,2}\s?(?::\s?\d{2}|시(?:\s?\d{1,2}\s?분)?)\s?(?:까지)?\)?(?:\s?(?:AM|PM|KST))?"
    r"|\(?\d{1,2}\s?(?:am|pm)\)?|\bKST\b|\((?:GMT|UTC)\+\d+\)"
    r"|(?:당일\s*)?(?:우편\s*)?(?:(?:도착|소인|도달)\s*분?|접수\s*분)(?:\s*(?:에|까지)?\s*(?:한함|한해|한하여|유효|인정))?|늦어도"
    r"|까지|마감|자정|\bhết ngày\b|\bhết\b|\btừ\b|\bngày\b|\bfrom\b|\bby\b|\*+|[,;]",
    re.IGNORECASE,
)
_RANGE_SIGN = re.compile(r"[~∼〜～–—-]+|부터|\bto\b|\buntil\b|\bthrough\b|\bđến\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\s*\(\s*(?P<day>[월화수목금토일])(?:요일)?\s*\)")
# "11월 2일부터 2주간", and words by which a single date is an end.
_LASTING = re.compile(
    r"(?P<first>.*\d.*?)\s*(?:부터|~)\s*(?P<count>[1-9]\d?)\s*(?P<unit>주일?|일|개월|달)\s*(?:간|동안)"
)
_END_WORDS = re.compile(
    r"(?:까지(?:\s*(?:유효|인정))?|말일?|초순?|[중하]순|[월기]\s*(?:중|이?내)|(?:도착|소인|접수)\s*분(?:에\s*한함)?)\s*\W*$|^\W*(?:늦어도|by|no later than|hết|đến)\b",
    re.IGNORECASE,
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
    text = write_period_ends(text, near)
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
    if lasting := _LASTING.fullmatch(text.strip()):
        first = parse_date(lasting["first"], day_first=day_first, near=near)
        if first is None:
            return None
        after = add_span(first, int(lasting["count"]), lasting["unit"])
        return DateRange(first, after - timedelta(1))
    is_end = bool(_END_WORDS.search(text))
    text = write_period_ends(text, near, of_window=True)
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
        has_period_end(text)
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
    for form in (*((_DAY_FIRST, _DAY_FIRST_SHORT) if day_first else ()), *_DATE_FORMS):
        dates += [(match.start(), _parse_partial_date(match)) for match in form.finditer(text)]
        text = form.sub(lambda match: _DATE_PLACEHOLDER + " " * (len(match.group()) - 1), text)
    text = re.sub(_OPEN_END, "∞", text)
    text = _RANGE_SIGN.sub("~", _IGNORABLE.sub(" ", text))
    shape = re.sub(r"∞+", "∞", re.sub(r"\s+", "", text).strip("."))
    # "11. 2. ~ 11. 13. 또는 예산 소진 시": the day is the latest end.
    shape = re.sub(rf"(?<=~{_DATE_PLACEHOLDER})(?:또는)?∞$", "", shape)
    # "11. 2.부터 선착순, 늦어도 11. 13.까지": so is the one that is named last.
    shape = re.sub(rf"~*∞~*(?={_DATE_PLACEHOLDER}$)", "~", shape)
    return re.sub(r"~+", "~", shape), [day for _, day in sorted(dates, key=lambda pair: pair[0])]


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
