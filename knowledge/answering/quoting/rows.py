"""Which rows of a table a question names: by the figures of their heads, then by their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.answering.quoting.units import Unit

_FIGURE = re.compile(r"\d+(?:[.,x×*]\d+)*", re.IGNORECASE)
_CELL = re.compile(r"(?:\\\||[^|])+")


def find_unasked_rows(
    text: str, units: Sequence[Unit], question: str, share: Callable[[str], float]
) -> frozenset[int]:
    """The positions of the rows that a question does not ask for, where it names some rows of a
    table rather than others; empty where it names none.

    `share` says how much of the question's words a text has (0 to 1). "3x3" names the row that
    begins with "3x3 stand", and no other size; of rows that are equal so far those with the most
    words are named.
    """
    tables: dict[int | None, list[int]] = {}
    for position, unit in enumerate(units):
        if unit.kind == "row":
            tables.setdefault(unit.lead, []).append(position)
    unasked: set[int] = set()
    for rows in tables.values():
        lines = {position: text[units[position].start : units[position].end] for position in rows}
        unasked |= set(rows) - set(_find_named_rows(lines, _find_figures(question), share))
    is_any_named = unasked and len(unasked) < sum(map(len, tables.values()))
    return frozenset(unasked) if is_any_named else frozenset()


def _find_named_rows(
    lines: dict[int, str], asked: frozenset[str], share: Callable[[str], float]
) -> list[int]:
    """The positions of the named rows; all where none is named before the others."""
    heads = {position: _find_figures(_read_head(line)) for position, line in lines.items()}
    by_figure = [position for position in lines if heads[position] & asked]
    rows = by_figure or list(lines)
    shares = {position: share(lines[position]) for position in rows}
    return [position for position in rows if shares[position] == max(shares.values())]


def _read_head(line: str) -> str:
    """The first cell of a row that has text."""
    return next((cell for cell in _CELL.findall(line) if cell.strip()), "")


def _find_figures(text: str) -> frozenset[str]:
    """Its numbers and sizes, "3×3" as "3x3"."""
    found = _FIGURE.findall(text.lower())
    return frozenset(re.sub(r"[×*]", "x", one) for one in found)
