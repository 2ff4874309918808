"""The dates in a text, in any of three languages' ways of writing them."""

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
_MAX_GAP_CHARS = 14  # characters between two dates of one stretch of time

# In the order they are tried; what one has read is not read by the next.
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
    """One date as far as it is written: [start, end) in its text."""

    start: int
    end: int
    month: int
    day: int | None = None
    year: int | None = None

    def figure_keys(self) -> set[str]:
        """What must stand in a source for the date to be said."""
        found = {f"month {self.month}"}
        if self.day is not None:
            found.add(f"{self.month}-{self.day}")
        if self.year is not None:
            found |= {str(self.year), f"{self.year}/{self.month}"}
        return found


def find_dates(text: str) -> list[DateMention]:
    """The dates of `text` in order; one without a year has that of the date it goes on from."""
    read = sorted(_match_dates(text), key=lambda one: one.start)
    for i, (before, one) in enumerate(pairwise(read), 1):
        goes_on = one.start - before.end <= _MAX_GAP_CHARS and one.month >= before.month
        if one.year is None and goes_on:
            read[i] = replace(one, year=read[i - 1].year)
    return read


def blank_dates(text: str) -> str:
    """`text` with its dates left out."""
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
