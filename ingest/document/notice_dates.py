"""The days that notices print after a label: "2026. 3. 2.(월) ~ 3. 31.(화) 18:00까지".

A text is read whole or not at all: what holds anything but days and their trimmings says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge.text.dates import MONTH

LONGEST = 160  # characters: what is longer is a sentence and no day

_Y = r"(?:(?P<year>(?:19|20)\d\d)|[’'‘`´]\s?(?P<short>\d\d))"
_YEAR = re.compile(_Y)
_M = "(?P<name>" + "|".join(sorted(MONTH, key=len, reverse=True)) + r")\b\.?"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DOT, _DAY = r"\s?[./]\s?|\s?월\s?", r"(?P<day>\d{1,2})(?!\d)(?:\s?[일.])?"

# In the order they are tried; what one has read is not read by the next.
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_Y}(?:\s?[./]\s?|-|\s?년\s?)(?P<month>\d{{1,2}})(?:{_DOT}|-){_DAY}",
        r"(?<!\d)(?:ngày\s)?(?P<day>\d{1,2})\stháng\s(?P<month>\d{1,2})(?:\s?,?\snăm\s(?P<year>\d{4}))?",
        rf"\b{_M}\s{_D}(?!\d)(?:,?\s{_Y})?",
        rf"(?<!\d){_D}\s(?:of\s)?{_M}(?:,?\s{_Y})?",
        rf"(?<!\d)(?P<month>\d{{1,2}})(?:{_DOT}){_DAY}",
        r"(?<!\d)(?P<day>\d{1,2})\s?일",
    )
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?:ngày\s)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)\d\d)(?!\d)"
)
# "2–31 March 2026" and "March 2–31, 2026": the two days share what stands once.
_SHARED = (
    (re.compile(rf"(?<!\d)(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})\s({_M},?\s(?:19|20)\d\d)"), r"\1 \3 ~ \2 \3"),
    (re.compile(rf"\b({_M})\s(\d{{1,2}})\s?[-–~]\s?(\d{{1,2}})(?!\d),?\s((?:19|20)\d\d)"), r"\1 \3, \5 ~ \1 \4, \5"),
)  # fmt: skip
_BUDGET = r"예산\s*(?:이\s*)?소진\s*시?\s*(?:까지)?|상시|수시|연중|별도\s*공지\s*시\s*까지|모집\s*완료\s*시\s*까지"
# What may stand beside a day without a say in which day it is.
_TRIMMINGS = re.compile(
    r"\([^()\d]*\)|\(\s*\d+\s*일\s*간?\s*\)"
    r"|\(?(?:오전|오후|낮|밤)?\s?\d{1,2}\s?(?::\s?\d{2}|시(?:\s?\d{1,2}\s?분)?)\s?(?:까지)?\)?(?:\s?(?:AM|PM|KST))?"
    r"|\(?\d{1,2}\s?(?:am|pm)\)?|\bKST\b|\((?:GMT|UTC)\+\d+\)"
    r"|까지|마감|자정|\bhết ngày\b|\bhết\b|\btừ\b|\bngày\b|\bfrom\b|\bby\b|\*+|[,;]",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[~∼〜～–—-]+|부터|\bto\b|\buntil\b|\bthrough\b|\bđến\b", re.IGNORECASE)
_TENTATIVE = re.compile(r"예정|잠정|미정|예상|변경|tentative|expected|dự kiến", re.IGNORECASE)
_MARK = "\x00"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a first to a last day; without a `last` it ends when the money or the places do."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class _Written:
    """A day as far as it is written."""

    year: int | None
    month: int | None
    day: int


def single(text: str, *, day_first: bool = False) -> date | None:
    """The one day that `text` is; None where it is anything else."""
    if not _YEAR.search(text):
        return None
    shape, days = _read(text, day_first)
    return _dated(days[0], None) if shape == _MARK else None


def stretch(text: str, *, day_first: bool = False) -> Stretch | None:
    """The stretch of time that `text` is: both days, "~ the last", or open at its end."""
    shape, days = _read(text, day_first)
    if shape in (f"{_MARK}~∞", "~∞", "∞"):
        return Stretch(_dated(days[0], None) if days else None, None)
    if shape == f"~{_MARK}":
        last = _dated(days[0], None)
        return Stretch(None, last) if last else None
    if shape != f"{_MARK}~{_MARK}":
        return None
    first = _dated(days[0], days[1])
    last = _dated(days[1], days[0])
    return Stretch(first, last) if first and last and first <= last else None


def mentions_day(text: str) -> bool:
    """Whether a text names any day at all, readable or not."""
    return any(form.search(text) for form in (*_FORMS[:4], _DAY_FIRST)) or bool(
        re.search(r"\d{1,2}\s?월\s?\d{1,2}\s?일|\d{1,2}\s?\.\s?\d{1,2}\s?\.", text)
    )


def _read(text: str, day_first: bool) -> tuple[str, list[_Written]]:
    """The days of a text in order, and its shape: what is left around them."""
    if len(text) > LONGEST or _TENTATIVE.search(text):
        return "", []
    for form, written in _SHARED:
        text = form.sub(written, text)
    found: list[tuple[int, _Written]] = []
    for form in (*([_DAY_FIRST] if day_first else []), *_FORMS):
        found += [(match.start(), _written(match)) for match in form.finditer(text)]
        text = form.sub(lambda match: _MARK + " " * (len(match.group()) - 1), text)
    text = re.sub(_BUDGET, "∞", text)
    text = _RANGE.sub("~", _TRIMMINGS.sub(" ", text))
    shape = re.sub(r"\s+", "", text).strip(".")
    return re.sub(r"~+", "~", shape), [one for _, one in sorted(found, key=lambda one: one[0])]


def _written(match: re.Match[str]) -> _Written:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("short"):
        year = 2000 + int(parts["short"])
    month = int(parts["month"]) if parts.get("month") else None
    if parts.get("name"):
        month = MONTH[parts["name"].capitalize()]
    return _Written(year, month, int(parts["day"]))


def _dated(one: _Written, other: _Written | None) -> date | None:
    """The day; what is not written with it is that of the other end of its stretch."""
    year = one.year or (other and other.year)
    month = one.month or (other and other.month)
    try:
        return date(year, month, one.day) if year and month else None
    except ValueError:
        return None
