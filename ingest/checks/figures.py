"""The figures of a section that its translations must have: amounts, shares, days and numbers to call.

"5천만 원", "KRW 50 million" and "50 triệu won" are one figure, as `knowledge.answering.figures` reads
them; so are 02-368-8787 and +82-2-368-8787.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.answering.figures import find_figures

_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?")
_PHONE = re.compile(
    r"(?<![\d-])(?:\+\d{1,3}(?:-\d{1,4}){2,4}|\+\d{1,3}(?: \d{1,4}){2,4}"
    r"|0\d{1,3}[ -]\d{3,4}[ -]\d{4}|1[3-9]\d\d[ -]\d{4})(?![\d-])"
)
_KOREAN_PREFIX = re.compile(r"^82(?=\d)")
_DAY_AND_MONTH = re.compile(r"(?<![\d/.,])(\d{1,2})/(\d{1,2})(?![\d/])")
# The half of a year is no share.
_HALF_YEAR = re.compile(r"\b(?:first|second|other|latter)[ -]half\b", re.IGNORECASE)
# "30-100 million" is 30 million to 100 million, "5~10만 원" 5만 to 10만.
_SCALED_RANGE = re.compile(
    r"(?<![\d.,])(?P<first>\d{1,3}(?:[.,]\d{1,2})?)(?P<join>\s?(?:[~∼–—-]|to|đến)\s?)"
    r"(?P<last>\d{1,4}(?:[.,]\d{1,2})?)(?P<scale>\s?(?:(?:thousand|million|billion|trillion"
    r"|(?:nghìn|ngàn) (?:tỷ|tỉ)|nghìn|ngàn|triệu|tỷ|tỉ)\b|[십백천만억조]+))",
    re.IGNORECASE,
)
AMOUNTS = ("won", "usd", "eur", "vnd", "jpy", "cny")
PERIODS = ("day", "week", "month", "hour")
PHONE = "phone"
_MONTH_AND_DAY = re.compile(r"(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """What a section says in numbers: `compared` by kind (the unit, "date", "phone") is what
    its translations are held to; `read` is all that was read, with and without units. `phones` has the
    numbers to call as they are written, by their digits."""

    compared: Mapping[str, frozenset[str]]
    read: frozenset[str]
    phones: Mapping[str, str]

    def list_absent(self, other: SectionFigures) -> dict[str, list[str]]:
        """The figures compared that `other` has in no form, by kind."""
        absent = {
            kind: sorted(one for one in figures if not other._has(one))
            for kind, figures in self.compared.items()
        }
        return {kind: figures for kind, figures in absent.items() if figures}

    def render(self, figures: Iterable[str]) -> str:
        """Figures as an admin reads them: 30,000,000 won, 11-14 (month and day), 02-368-8787."""
        return ", ".join(self._render_one(figure) for figure in figures)

    def _render_one(self, figure: str) -> str:
        value, _, unit = figure.partition(" ")
        if not unit:
            return self.phones.get(figure, figure)
        return f"{float(value):,.15g}{'' if unit == '%' else ' '}{unit}"

    def _has(self, figure: str) -> bool:
        value = figure.partition(" ")[0]
        if figure in self.read or (value in self.read and not self._has_unit(value)):
            return True
        day = _MONTH_AND_DAY.fullmatch(figure)
        return bool(day) and self._has_parts(*figure.split("-"))

    def _has_unit(self, value: str) -> bool:
        """Whether a value stands with a unit, so that it is no bare number of any kind."""
        return any(one.startswith(f"{value} ") for one in self.read)

    def _has_parts(self, month: str, day: str) -> bool:
        """Whether a day is there in two parts: "on 2 and 6 March"."""
        days = {day} | {one for one in self.read if one.endswith(f"-{day}")}
        return bool(days & self.read) and bool({month, f"month {month}"} & self.read)


def read_figures(text: str) -> SectionFigures:
    """The figures of a Korean, English or Vietnamese text."""
    text = _ADDRESS.sub(" ", text)
    phones = {_write_phone(match.group()): match.group() for match in _PHONE.finditer(text)}
    text = _DAY_AND_MONTH.sub(r"ngày \1/\2", _HALF_YEAR.sub(" ", _PHONE.sub(" ", text)))
    read = find_figures(_SCALED_RANGE.sub(_repeat_scale, text))
    compared: dict[str, set[str]] = {PHONE: set(phones)} if phones else {}
    for figure in read:
        if kind := _find_kind(figure):
            compared.setdefault(kind, set()).add(figure)
    return SectionFigures(
        {kind: frozenset(one) for kind, one in compared.items()}, read | phones.keys(), phones
    )


def _find_kind(figure: str) -> str | None:
    """The kind by which a figure is compared; None for counts, years and "a month"."""
    if _MONTH_AND_DAY.fullmatch(figure):
        return "date"
    value, _, unit = figure.partition(" ")
    return unit if unit == "%" or (unit in (*AMOUNTS, *PERIODS) and value != "1") else None


def _repeat_scale(match: re.Match[str]) -> str:
    """The range with the scale at both ends; as it is if the first number is not the smaller one."""
    first, last = (float(match[part].replace(",", ".")) for part in ("first", "last"))
    scale = match["scale"] if first < last else ""
    return f"{match['first']}{scale}{match['join']}{match['last']}{match['scale']}"


def _write_phone(written: str) -> str:
    """A number to call as digits; a Korean one as it is dialled in Korea."""
    digits = re.sub(r"\D", "", written)
    if not written.startswith("+"):
        return digits
    national = _KOREAN_PREFIX.sub("", digits)
    return digits if national == digits or re.match(r"1[3-9]\d\d", national) else f"0{national}"
