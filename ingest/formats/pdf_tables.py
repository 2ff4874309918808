"""Tables on a page, found by the lines that are drawn around their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from ingest.formats.markdown import Cell

LINE_TOLERANCE_POINTS = 3.0  # points between two lines that are drawn as one
LINE_MIN_POINTS = 4.0  # points; what is shorter is a dot or a letter drawn as a path
PAGE_MAX_LINES = 2_000  # on one page; beyond this it is a drawing

T = TypeVar("T")
Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A straight line along an axis: where it lies across it, from where to where."""

    at: float
    start: float
    end: float

    def covers(self, value: float) -> bool:
        return self.start - LINE_TOLERANCE_POINTS <= value <= self.end + LINE_TOLERANCE_POINTS


@dataclass(slots=True)
class Grid:
    """Lines that touch each other."""

    across: list[RuledLine] = field(default_factory=list)
    down: list[RuledLine] = field(default_factory=list)

    def positions(self) -> tuple[list[float], list[float]]:
        """The edges of columns from the left, and of rows from the top."""
        xs = _merge_positions(line.at for line in self.down)
        return xs, _merge_positions(line.at for line in self.across)[::-1]

    @property
    def box(self) -> Box:
        xs, ys = self.positions()
        return xs[0], ys[-1], xs[-1], ys[0]

    @property
    def is_table(self) -> bool:
        xs, ys = self.positions()
        return len(xs) > 2 and len(ys) > 2


def find_grids(across: Sequence[RuledLine], down: Sequence[RuledLine]) -> list[Grid]:
    """The tables that these lines draw, from the top of the page."""
    rows, columns = _join_lines(across), _join_lines(down)
    if len(rows) + len(columns) > PAGE_MAX_LINES:
        return []
    found: list[Grid] = []
    for line in columns:
        crossing = [one for one in rows if one.covers(line.at) and line.covers(one.at)]
        touched = [grid for grid in found if any(one in grid.across for one in crossing)]
        across_all = dict.fromkeys(chain(*(grid.across for grid in touched), crossing))
        grid = Grid(list(across_all), [*chain(*(grid.down for grid in touched)), line])
        found = [one for one in found if one not in touched] + ([grid] if crossing else [])
    return sorted((grid for grid in found if grid.is_table), key=lambda grid: -grid.box[3])


def read_cells(grid: Grid, text_in: Callable[[Box], str]) -> list[list[Cell]]:
    """The rows of a table; a cell reaches as far as no line ends it."""
    xs, ys = grid.positions()
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for y in range(len(ys) - 1):
        row = []
        for x in range(len(xs) - 1):
            if (y, x) in taken:
                continue
            wide, high = _measure_cell(grid, xs, ys, x, y)
            taken |= {(y + j, x + i) for j in range(high) for i in range(wide)}
            row.append(Cell(text_in((xs[x], ys[y + high], xs[x + wide], ys[y])), high, wide))
        rows.append(row)
    return rows


def find_box_around(box: Box, boxes: Sequence[Box]) -> int | None:
    """The number of the box that the middle of `box` lies in."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, (left, bottom, right, top) in enumerate(boxes):
        if left <= x <= right and bottom <= y <= top:
            return number
    return None


def _measure_cell(grid: Grid, xs: list[float], ys: list[float], x: int, y: int) -> tuple[int, int]:
    """Over how many columns and rows the cell whose first corner is here reaches."""
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
    """Positions in order; those that are near each other are one."""
    return [sum(group) / len(group) for group in _group_near(sorted(values), lambda value: value)]


def _join_lines(lines: Sequence[RuledLine]) -> list[RuledLine]:
    """Lines drawn twice, or cell by cell, as the long ones that they are."""
    joined: list[RuledLine] = []
    for group in _group_near(sorted(lines, key=_get_position), _get_position):
        whole: RuledLine | None = None
        for line in sorted(group, key=lambda one: one.start):
            if whole and line.start <= whole.end + LINE_TOLERANCE_POINTS:
                whole = RuledLine(whole.at, whole.start, max(whole.end, line.end))
                joined[-1] = whole
            else:
                whole = line
                joined.append(line)
    return joined


def _get_position(line: RuledLine) -> float:
    return line.at


def _group_near(ordered: Iterable[T], at: Callable[[T], float]) -> list[list[T]]:
    """Neighbours that lie no further apart than two strokes of one line."""
    groups: list[list[T]] = []
    for one in ordered:
        if groups and at(one) - at(groups[-1][0]) <= LINE_TOLERANCE_POINTS:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
