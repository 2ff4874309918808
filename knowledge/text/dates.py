"""Finds the dates in a Korean, English or Vietnamese text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

_MONTH_NAMES = (
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|"
    "sep sept september|oct october|nov november|dec december"
)
MONTH_NUMBERS = {
    name.capitalize(): number
    for number, names in enumerate(_MONTH_NAMES.split("|"), 1)
    for name in names.split()
}
_M = "(?P<month>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TO = r"\s?(?:to|and|or|until|부터|에서|đến|[~∼–—-])\s?"
_WEEKDAY = r"(?:\s?\([^)\d]{1,4}\))?"
# At most this many characters between the two dates of a period ("3월 1일부터 …").
_MAX_PERIOD_GAP_CHARS = 14  # tuned: see docs/parameters.md

# In the order they are tried; what one pattern has matched is not matched by the next.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d.]){_Y}(?P<s>[-./])\s?(?P<number>\d{{1,2}})(?:(?P=s)\s?(?P<day>\d{{1,2}}))?(?![\d%])",
        r"(?<![\d/])(?P<day>\d{1,2})/(?P<number>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d)",
        rf"(?:{_Y}년\s?)?(?<!\d)(?P<number>\d{{1,2}})월(?:\s?(?P<day>\d{{1,2}})일{_WEEKDAY}"
        rf"(?:{_TO}(?P<last>\d{{1,2}})일)?)?",
        rf"\b(?:(?P<first>\d{{1,2}}){_TO})?{_D}\s(?:of\s)?{_M}(?:,?\s{_Y})?",
        rf"\b{_M}\s{_D}(?!\d)(?:{_TO}(?P<last>\d{{1,2}})(?!\d))?(?:,?\s{_Y})?",
        rf"\b{_M},?\s{_Y}",
        r"\b[Nn]gày\s(?P<day>\d{1,2})(?:/|-|\stháng\s)(?P<number>\d{1,2})"
        r"(?:(?:/|-|\snăm\s|,\s?)(?P<year>(?:19|20)\d\d))?",
        r"\b[Tt]háng\s(?P<number>\d{1,2})(?:(?:/|-|\snăm\s|,\s?)(?P<year>(?:19|20)\d\d))?",
        r"\b(?:[Ii]n|of|by|until|since|from|to|and|[Ll]ate|[Ee]arly|[Mm]id)[ -](?P<month>May)\b",
        "(?P<month>"
        + "|".join(n for n in MONTH_NUMBERS if n not in ("May", "Mar", "Dec", "Jan"))
        + r")\b",
    )
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as far as it is written, at [start, end) of its text; None for a missing part."""

    start: int
    end: int
    month: int
    day: int | None = None
    year: int | None = None

    def figure_keys(self) -> set[str]:
        """The figures a source must have for an answer to say this date: "month 3", "3-6" (month
        and day), "2026" and "2026/3"."""
        keys = {f"month {self.month}"}
        if self.day is not None:
            keys.add(f"{self.month}-{self.day}")
        if self.year is not None:
            keys |= {str(self.year), f"{self.year}/{self.month}"}
        return keys


def find_dates(text: str) -> list[DateMention]:
    """The dates of `text` in order; the later date of a period without a year takes the year of
    the earlier one."""
    dates = sorted(_match_dates(text), key=lambda one: one.start)
    for i, (before, one) in enumerate(pairwise(dates), 1):
        is_period = one.start - before.end <= _MAX_PERIOD_GAP_CHARS and one.month >= before.month
        if one.year is None and is_period:
            dates[i] = replace(one, year=dates[i - 1].year)
    return dates


def blank_dates(text: str) -> str:
    """`text` with spaces in place of its dates; all positions stay the same."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


def _match_dates(text: str) -> Iterator[DateMention]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield from _parse_match(match)
        text = pattern.sub(lambda match: " " * len(match.group()), text)


def _parse_match(match: re.Match[str]) -> Iterator[DateMention]:
    parts = match.groupdict()
    month = MONTH_NUMBERS[parts["month"]] if parts.get("month") else int(parts["number"])
    year = int(parts["year"]) if parts.get("year") else None
    days: list[int | None] = [
        int(parts[name]) for name in ("first", "day", "last") if parts.get(name)
    ]
    for day in days or [None]:
        yield DateMention(match.start(), match.end(), month, day, year)
