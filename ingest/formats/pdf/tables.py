"""Tables on a page, found by the ruled lines around their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from ingest.formats.text.markdown import Cell

LINE_TOLERANCE_POINTS = 3.0  # between two strokes of one line; see docs/parameters.md
LINE_MIN_POINTS = 4.0  # shorter strokes are dots or letters; see docs/parameters.md
PAGE_MAX_LINES = 2_000  # a page with more is a drawing

T = TypeVar("T")
Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A horizontal or vertical line: its position on the other axis, its start and end in points."""

    at: float
    start: float
    end: float

    def covers(self, value: float) -> bool:
        """Whether a position along the line is between its ends, within the tolerance."""
        return self.start - LINE_TOLERANCE_POINTS <= value <= self.end + LINE_TOLERANCE_POINTS


@dataclass(slots=True)
class Grid:
    """Horizontal and vertical lines that touch each other."""

    across: list[RuledLine] = field(default_factory=list)
    down: list[RuledLine] = field(default_factory=list)

    def positions(self) -> tuple[list[float], list[float]]:
        """The edges of columns from the left, and of rows from the top."""
        xs = _merge_positions(line.at for line in self.down)
        return xs, _merge_positions(line.at for line in self.across)[::-1]

    @property
    def box(self) -> Box:
        """The outer edges."""
        xs, ys = self.positions()
        return xs[0], ys[-1], xs[-1], ys[0]

    @property
    def is_table(self) -> bool:
        """Whether there are at least two rows and two columns."""
        xs, ys = self.positions()
        return len(xs) > 2 and len(ys) > 2


def find_grids(across: Sequence[RuledLine], down: Sequence[RuledLine]) -> list[Grid]:
    """The tables that these lines form, from the top of the page; none if it is a drawing."""
    rows, columns = _join_lines(across), _join_lines(down)
    if len(rows) + len(columns) > PAGE_MAX_LINES:
        return []
    grids: list[Grid] = []
    for line in columns:
        crossing = [row for row in rows if row.covers(line.at) and line.covers(row.at)]
        touched = [grid for grid in grids if any(row in grid.across for row in crossing)]
        across_all = dict.fromkeys(chain(*(grid.across for grid in touched), crossing))
        grid = Grid(list(across_all), [*chain(*(grid.down for grid in touched)), line])
        grids = [other for other in grids if other not in touched] + ([grid] if crossing else [])
    return sorted((grid for grid in grids if grid.is_table), key=lambda grid: -grid.box[3])


def read_cells(grid: Grid, text_in: Callable[[Box], str]) -> list[list[Cell]]:
    """The rows of a table; a cell extends to the next line. `text_in` returns the text in a box."""
    xs, ys = grid.positions()
    rows: list[list[Cell]] = []
    covered: set[tuple[int, int]] = set()
    for y in range(len(ys) - 1):
        row = []
        for x in range(len(xs) - 1):
            if (y, x) in covered:
                continue
            wide, high = _measure_cell(grid, xs, ys, x, y)
            covered |= {(y + j, x + i) for j in range(high) for i in range(wide)}
            row.append(Cell(text_in((xs[x], ys[y + high], xs[x + wide], ys[y])), high, wide))
        rows.append(row)
    return rows


def find_box_around(box: Box, boxes: Sequence[Box]) -> int | None:
    """The index of the box that contains the centre of `box`; None if none does."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, (left, bottom, right, top) in enumerate(boxes):
        if left <= x <= right and bottom <= y <= top:
            return number
    return None


def _measure_cell(grid: Grid, xs: list[float], ys: list[float], x: int, y: int) -> tuple[int, int]:
    """The number of columns and rows that the cell at this corner spans."""
    wide = high = 1
    middle = (ys[y] + ys[y + 1]) / 2
    while x + wide < len(xs) - 1 and not _has_line(grid.down, xs[x + wide], middle):
        wide += 1
    middle = (xs[x] + xs[x + 1]) / 2
    while y + high < len(ys) - 1 and not _has_line(grid.across, ys[y + high], middle):
        high += 1
    return wide, high


def _has_line(lines: Iterable[RuledLine], at: float, middle: float) -> bool:
    return any(
        abs(line.at - at) <= LINE_TOLERANCE_POINTS and line.start <= middle <= line.end
        for line in lines
    )


def _merge_positions(values: Iterable[float]) -> list[float]:
    """Positions in order, those near each other merged."""
    return [sum(group) / len(group) for group in _group_near(sorted(values), lambda value: value)]


def _join_lines(lines: Sequence[RuledLine]) -> list[RuledLine]:
    """Lines that were drawn twice or cell by cell, joined to long ones."""
    joined: list[RuledLine] = []
    for group in _group_near(sorted(lines, key=_get_position), _get_position):
        whole: RuledLine | None = None
        for line in sorted(group, key=_get_start):
            if whole and line.start <= whole.end + LINE_TOLERANCE_POINTS:
                whole = RuledLine(whole.at, whole.start, max(whole.end, line.end))
                joined[-1] = whole
            else:
                whole = line
                joined.append(line)
    return joined


def _get_position(line: RuledLine) -> float:
    return line.at


def _get_start(line: RuledLine) -> float:
    return line.start


def _group_near(ordered: Iterable[T], at: Callable[[T], float]) -> list[list[T]]:
    """Neighbours within the tolerance of two strokes of one line."""
    groups: list[list[T]] = []
    for item in ordered:
        if groups and at(item) - at(groups[-1][0]) <= LINE_TOLERANCE_POINTS:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups
