"""The units of a passage that a quote may be cut at, and which of them need each other.

See docs/decisions/0082-one-short-quote.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]  # the characters of a text at [start, end)
UnitKind = Literal["sentence", "item", "header", "row"]

_SENTENCE_BREAK = re.compile(
    r"(?<=[가-힣)\]%”’\"][.!?])[ \t]+(?=\S)|(?<=[A-Za-zÀ-ỹ0-9)\]%”’\"][.!?])[ \t]+(?=[A-ZÀ-ỸĐ“\"'(])"
)
_ITEM = re.compile(r"\s*(?:[-*•·○▪◦ㅇ]|\(?\d{1,2}[.)]|[①-⑳]|[가-하][.)])\s")
OMISSION = "…"  # stands where something is left out
TABLE_RULE = re.compile(r"\s*\|[\s:|-]+\|?\s*")  # the line below the header of a table
# A sentence that begins so limits what stands before it.
_LIMITING_OPENING = re.compile(
    r"다만|단[,\s]|그러나|하지만|그렇지만|반면|예외|but\b|however|except|unless|otherwise|provided"
    r"|only if|tuy nhiên|nhưng|trừ|ngoại trừ|song\b",
    re.IGNORECASE,
)
_EXCLUSION = re.compile(
    r"제외|예외|한해|한하여|한정|에만 |(?<=[가-힣])만 (?:지원|가능|인정|신청|해당)|적용(?:되|하)지 않"
    r"|\b(?:except|unless|only|excluded?|excluding|(?:does|do) not apply)\b"
    r"|trừ|chỉ (?:áp|dành|khi|được|nếu)|không áp dụng|loại trừ",
    re.IGNORECASE,
)
# A sentence that begins so is not understood without the one before it.
_REFERRING_OPENING = re.compile(
    r"이(?:는|를|때|런|렇|러한|에|들은)?\s|그(?:는|를|때|런|렇|러한|중|래서)?\s|여기|거기|또한?\s|그리고|따라서|둘 다|나머지"
    r"|(?:this|these|that|those|it|they|such|both|then|so|also|the (?:rest|others?))\b"
    r"|(?:đó|điều (?:này|đó)|những (?:điều|khoản) (?:này|đó)|các .{1,12} (?:này|đó)|nó|vì vậy|do đó|phần còn lại)(?=\s)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"않|없|아니|아닙|못|불가|금지|\b(?:not|no|never|cannot)\b|n't\b|\b(?:không|chưa|chẳng)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a list item or a row at [start, end) of a passage's text.

    `lead` is the position of the unit that an item or row cannot be read without: the sentence that
    introduces the list, the header of the table; None without one.
    """

    start: int
    end: int
    kind: UnitKind = "sentence"
    lead: int | None = None


def split_units(text: str) -> list[Unit]:
    """The sentences, list items and rows of tables of `text`, in order."""
    units: list[Unit] = []
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().strip():
            continue
        kind = _tell_kind(line.group(), text[line.end() + 1 :].partition("\n")[0])
        previous = units[-1] if units else None
        if TABLE_RULE.fullmatch(line.group()) and previous and previous.kind == "header":
            units[-1] = Unit(previous.start, line.end(), "header", previous.lead)
        elif kind == "sentence":
            units += _split_sentences(text, *line.span())
        else:
            units.append(Unit(*line.span(), kind, _find_lead(units, kind)))
    return units


def close_selection(text: str, units: Sequence[Unit], chosen: Iterable[int]) -> frozenset[int]:
    """The positions of `chosen` with all that they need: what introduces an item or a row, what a
    sentence refers back to, and the conditions and exceptions that follow and limit it."""
    needed: set[int] = set()
    waiting = list(chosen)
    while waiting:
        position = waiting.pop()
        if position not in needed:
            needed.add(position)
            waiting += _list_needs(text, units, position)
    return frozenset(needed)


def is_limiting(text: str) -> bool:
    """Whether a sentence is a condition or an exception of the one before it."""
    return bool(
        _LIMITING_OPENING.match(text)
        or _EXCLUSION.search(text)
        or (_REFERRING_OPENING.match(text) and _NEGATION.search(text))
    )


def introduces_list(units: Sequence[Unit], position: int) -> bool:
    """Whether the unit introduces items or rows, so that it says little without them."""
    return any(unit.lead == position for unit in units)


def join_neighbours(text: str, units: Sequence[Unit], chosen: Iterable[int]) -> tuple[Span, ...]:
    """The spans of the chosen units in reading order; those with nothing between them are one."""
    spans: list[Span] = []
    for position in sorted(chosen):
        unit = units[position]
        if spans and not text[spans[-1][1] : unit.start].strip():
            spans[-1] = (spans[-1][0], unit.end)
        else:
            spans.append((unit.start, unit.end))
    return tuple(spans)


def measure_units(units: Sequence[Unit], chosen: Iterable[int]) -> int:
    """The characters of the units with the marks between them."""
    sizes = [units[n].end - units[n].start for n in chosen]
    return sum(sizes) + 3 * len(sizes)


def is_within(unit: Unit, spans: Sequence[Span]) -> bool:
    """Whether a unit lies in one of `spans`."""
    return any(start <= unit.start and unit.end <= end for start, end in spans)


def _tell_kind(line: str, following: str) -> UnitKind:
    if line.lstrip().startswith("|"):
        return "header" if TABLE_RULE.fullmatch(following) else "row"
    return "item" if _ITEM.match(line) else "sentence"


def _split_sentences(text: str, start: int, end: int) -> list[Unit]:
    units: list[Unit] = []
    for gap in _SENTENCE_BREAK.finditer(text, start, end):
        units.append(Unit(start, gap.start()))
        start = gap.end()
    return [*units, Unit(start, end)]


def _find_lead(units: Sequence[Unit], kind: UnitKind) -> int | None:
    """The lead of a unit that follows `units`."""
    if not units:
        return None
    last = units[-1]
    if kind == "row":
        return (
            len(units) - 1 if last.kind == "header" else last.lead if last.kind == "row" else None
        )
    if last.kind == kind:
        return last.lead
    return len(units) - 1 if last.kind == "sentence" else None


def _list_needs(text: str, units: Sequence[Unit], position: int) -> list[int]:
    unit = units[position]
    needs = [] if unit.lead is None else [unit.lead]
    words = text[unit.start : unit.end].lstrip(" -*•·")
    refers_back = _LIMITING_OPENING.match(words) or _REFERRING_OPENING.match(words)
    if refers_back and position and unit.kind in ("sentence", "item"):
        before = units[position - 1]
        is_after_list = unit.kind == "sentence" and before.kind != "sentence"
        needs.append(before.lead if is_after_list and before.lead is not None else position - 1)
    following = position + 1
    if unit.kind != "sentence" or introduces_list(units, position):
        while following < len(units) and units[following].kind != "sentence":
            following += 1  # what follows a list limits all of it
        if unit.kind == "item" and position + 1 < len(units):
            needs += [n for n in (position + 1,) if _opens_limit(text, units[n])]
    if following < len(units):
        after = units[following]
        if after.kind == "sentence" and is_limiting(text[after.start : after.end]):
            needs.append(following)
    return needs


def _opens_limit(text: str, unit: Unit) -> bool:
    words = text[unit.start : unit.end].lstrip(" -*•·")
    return unit.kind == "item" and bool(_LIMITING_OPENING.match(words))
