"""Counts of firms by two lines (topic and country) that no one can take apart to fewer than three.

A cell is the number of distinct firms that asked about a topic in a country; a total is the sum of
its cells, so a firm that asks in two countries counts twice there. What is printed:

1. A topic or country with fewer than MIN_FIRMS firms is merged into OTHER. Where the rest could
   still be told from the totals, the smallest of the others is merged as well.
2. A cell of fewer than MIN_FIRMS firms is withheld, zeros too.
3. Printed cells are withheld as well, small ones first, until every withheld cell could be 0 and could be
   2 with all totals the same. Where that is not enough, one more line is merged.

See docs/decisions/0099-a-digest-that-cannot-be-subtracted.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MIN_FIRMS = 3
OTHER = "other"
_HIDDEN_MAX = MIN_FIRMS - 1  # what every withheld cell could be, as well as 0

Cell = tuple[str, str]  # a row and a column
Entry = tuple[str, str, str]  # a topic, a country and a firm
_Firms = dict[Cell, set[str]]


@dataclass(frozen=True, slots=True)
class FirmTable:
    """What may be printed. `rows` and `columns` end with OTHER where lines were merged; `cells` has
    the printed cells only. All are empty and `total` is None where there are fewer than MIN_FIRMS
    firms at all."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: Mapping[Cell, int] = field(default_factory=dict)
    row_totals: Mapping[str, int] = field(default_factory=dict)
    column_totals: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None


def build_firm_table(
    entries: Iterable[Entry], topics: Sequence[str], countries: Sequence[str]
) -> FirmTable:
    """The table of `entries` over the public lists of all `topics` and `countries`, two of each or
    more. Raises KeyError for an entry that is not of the lists."""
    firms: _Firms = {(topic, country): set() for topic in topics for country in countries}
    for topic, country, firm in entries:
        firms[topic, country].add(firm)
    if len(set().union(*firms.values())) < MIN_FIRMS:
        return FirmTable()
    rows, columns = _choose_lines(topics, firms, 0), _choose_lines(countries, firms, 1)
    while True:
        merged = _merge(firms, rows, columns)
        printed = _withhold(merged)
        if printed is not None:
            return _to_table(merged, printed, _order(rows), _order(columns))
        rows, columns = _coarsen(firms, rows, columns)


def _choose_lines(names: Sequence[str], firms: _Firms, side: int) -> dict[str, str]:
    """The line that each name is printed in: its own, or OTHER."""
    members: dict[str, set[str]] = {name: set() for name in names}
    weights = dict.fromkeys(names, 0)
    for cell, those in firms.items():
        members[cell[side]] |= those
        weights[cell[side]] += len(those)
    rest = {name for name in names if len(members[name]) < MIN_FIRMS}
    has_more = False  # than lines that are known to have fewer than MIN_FIRMS
    while rest:
        weight = sum(weights[name] for name in rest)
        enough = len(set().union(*(members[name] for name in rest))) >= MIN_FIRMS
        if enough and len(rest) > 1 and (has_more or weight <= _HIDDEN_MAX * (len(rest) - 1)):
            break
        shown = [name for name in names if name not in rest]
        if not shown:
            break
        rest.add(min(shown, key=lambda name: (weights[name], names.index(name))))
        has_more = True
    return {name: OTHER if name in rest else name for name in names}


def _coarsen(
    firms: _Firms, rows: dict[str, str], columns: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The lines with the smallest shown one merged, of the side that shows more."""
    side = 0 if len(set(rows.values())) > len(set(columns.values())) else 1
    lines = rows if side == 0 else columns
    weights = dict.fromkeys((name for name, line in lines.items() if line != OTHER), 0)
    for cell, those in firms.items():
        if cell[side] in weights:
            weights[cell[side]] += len(those)
    least = sorted(weights, key=lambda name: weights[name])
    count = 1 if OTHER in lines.values() else 2  # OTHER stands for two lines or more
    changed = lines | dict.fromkeys(least[:count], OTHER)
    return (changed, columns) if side == 0 else (rows, changed)


def _order(lines: Mapping[str, str]) -> tuple[str, ...]:
    shown = [name for name, line in lines.items() if line != OTHER]
    return (*shown, OTHER) if OTHER in lines.values() else tuple(shown)


@dataclass(frozen=True, slots=True)
class _Merged:
    counts: dict[Cell, int]  # sums of the cells that each printed cell stands for
    firms: dict[Cell, set[str]]


def _merge(firms: _Firms, rows: Mapping[str, str], columns: Mapping[str, str]) -> _Merged:
    merged = _Merged({}, {})
    for (topic, country), those in firms.items():
        cell = rows[topic], columns[country]
        merged.counts[cell] = merged.counts.get(cell, 0) + len(those)
        merged.firms.setdefault(cell, set()).update(those)
    return merged


def _withhold(merged: _Merged) -> set[Cell] | None:
    """The cells that may be printed; None where withholding all is not enough. A cell that is open
    stays so when more are withheld."""
    printed = {cell for cell, those in merged.firms.items() if len(those) >= MIN_FIRMS}
    hidden = _Hidden({cell: count for cell, count in merged.counts.items() if cell not in printed})
    waiting = deque(hidden.values)
    while waiting:
        cell = waiting[0]
        if hidden.is_open(cell):
            waiting.popleft()
        elif printed:
            chosen = hidden.choose_next(cell, printed, merged.counts)
            printed.remove(chosen)
            hidden.add(chosen, merged.counts[chosen])
            waiting.append(chosen)
        else:
            return None
    return printed


class _Hidden:
    """The withheld cells with their true counts, and what could be in them as well."""

    def __init__(self, values: Mapping[Cell, int]) -> None:
        self.values: dict[Cell, int] = {}
        self._lines: dict[tuple[int, str], list[Cell]] = {}  # by side and name
        for cell, value in values.items():
            self.add(cell, value)

    def add(self, cell: Cell, value: int) -> None:
        """Withhold another cell."""
        self.values[cell] = value
        for side in (0, 1):
            self._lines.setdefault((side, cell[side]), []).append(cell)

    def is_open(self, cell: Cell) -> bool:
        """Whether a cell could be 0 and could be _HIDDEN_MAX, all sums the same."""
        return self._can_be(cell, 0) and self._can_be(cell, _HIDDEN_MAX)

    def choose_next(self, narrow: Cell, printed: set[Cell], counts: Mapping[Cell, int]) -> Cell:
        """The printed cell whose withholding does most for a narrow one: one of its lines where that
        has too little withheld, else one that closes a rectangle with it; of several the smallest."""
        poor = [side for side in (0, 1) if self._is_poor(side, narrow[side])]

        def rank(cell: Cell) -> tuple[bool, bool, int, int, Cell]:
            shares = any(cell[side] == narrow[side] for side in poor or (0, 1))
            corners = (narrow[0], cell[1]), (cell[0], narrow[1])
            closes = not poor and all(corner in self.values for corner in corners)
            loose = sum((side, cell[side]) not in self._lines for side in (0, 1))
            return (not closes, not shares, loose, counts[cell], cell)

        return min(printed, key=rank)

    def _is_poor(self, side: int, name: str) -> bool:
        """Whether a line alone has too little withheld to hide one of its cells."""
        values = [self.values[cell] for cell in self._lines[side, name]]
        return len(values) < 2 or sum(values) < _HIDDEN_MAX

    def _can_be(self, cell: Cell, wanted: int) -> bool:
        values = dict(self.values)
        step = 1 if wanted > values[cell] else -1
        while values[cell] > 0 if wanted == 0 else values[cell] < wanted:
            if not self._shift(values, cell, step):
                return False
        return True

    def _shift(self, values: dict[Cell, int], cell: Cell, step: int) -> bool:
        """Change `cell` by `step` and cells around it so that every line keeps its sum and no cell
        falls below 0; False if there is no way. The cells that change are a closed walk along rows
        and columns, as in the transportation problem."""
        start, end = (1, cell[1]), (0, cell[0])
        came: dict[tuple[int, str], tuple[tuple[int, str], Cell]] = {}
        queue = deque([start])
        while queue and end not in came:
            line = queue.popleft()
            change = -step if line[0] == 1 else step
            for other in self._lines[line]:
                to = (1 - line[0], other[1 - line[0]])
                if other != cell and to != start and to not in came and values[other] + change >= 0:
                    came[to] = (line, other)
                    queue.append(to)
        if end not in came:
            return False
        values[cell] += step
        line = end
        while line != start:
            line, other = came[line]
            values[other] += -step if line[0] == 1 else step
        return True


def _to_table(
    merged: _Merged, printed: set[Cell], rows: tuple[str, ...], columns: tuple[str, ...]
) -> FirmTable:
    counts = merged.counts
    return FirmTable(
        rows,
        columns,
        {(row, column): counts[row, column] for row in rows for column in columns
         if (row, column) in printed},
        {row: sum(counts[row, column] for column in columns) for row in rows},
        {column: sum(counts[row, column] for row in rows) for column in columns},
        sum(counts.values()),
    )  # fmt: skip
