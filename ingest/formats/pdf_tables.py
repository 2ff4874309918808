"""Tables on a page, found by the lines that are drawn around their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from ingest.formats.markdown import Cell

NEAR = 3.0  # points between two lines that are drawn as one
SHORTEST = 4.0  # points; what is shorter is a dot or a letter drawn as a path
LINES = 2_000  # on one page; beyond this it is a drawing

T = TypeVar("T")
Box = tuple[float, float, float, float]  # left, bottom, right, top, in points


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line along an axis: where it lies across it, from where to where."""

    at: float
    start: float
    end: float

    def covers(self, value: float) -> bool:
        return self.start - NEAR <= value <= self.end + NEAR


@dataclass(slots=True)
class Grid:
    """Lines that touch each other."""

    across: list[Line] = field(default_factory=list)
    down: list[Line] = field(default_factory=list)

    def positions(self) -> tuple[list[float], list[float]]:
        """The edges of columns from the left, and of rows from the top."""
        xs = _merged(line.at for line in self.down)
        return xs, _merged(line.at for line in self.across)[::-1]

    @property
    def box(self) -> Box:
        xs, ys = self.positions()
        return xs[0], ys[-1], xs[-1], ys[0]

    @property
    def is_table(self) -> bool:
        xs, ys = self.positions()
        return len(xs) > 2 and len(ys) > 2


def grids(across: Sequence[Line], down: Sequence[Line]) -> list[Grid]:
    """The tables that these lines draw, from the top of the page."""
    rows, columns = _joined(across), _joined(down)
    if len(rows) + len(columns) > LINES:
        return []
    found: list[Grid] = []
    for line in columns:
        crossing = [one for one in rows if one.covers(line.at) and line.covers(one.at)]
        touched = [grid for grid in found if any(one in grid.across for one in crossing)]
        across_all = dict.fromkeys(chain(*(grid.across for grid in touched), crossing))
        grid = Grid(list(across_all), [*chain(*(grid.down for grid in touched)), line])
        found = [one for one in found if one not in touched] + ([grid] if crossing else [])
    return sorted((grid for grid in found if grid.is_table), key=lambda grid: -grid.box[3])


def cells(grid: Grid, text_in: Callable[[Box], str]) -> list[list[Cell]]:
    """The rows of a table; a cell reaches as far as no line ends it."""
    xs, ys = grid.positions()
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for y in range(len(ys) - 1):
        row = []
        for x in range(len(xs) - 1):
            if (y, x) in taken:
                continue
            wide, high = _reach(grid, xs, ys, x, y)
            taken |= {(y + j, x + i) for j in range(high) for i in range(wide)}
            row.append(Cell(text_in((xs[x], ys[y + high], xs[x + wide], ys[y])), high, wide))
        rows.append(row)
    return rows


def box_around(box: Box, boxes: Sequence[Box]) -> int | None:
    """The number of the box that the middle of `box` lies in."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, (left, bottom, right, top) in enumerate(boxes):
        if left <= x <= right and bottom <= y <= top:
            return number
    return None


def _reach(grid: Grid, xs: list[float], ys: list[float], x: int, y: int) -> tuple[int, int]:
    """Over how many columns and rows the cell whose first corner is here reaches."""
    wide = high = 1
    middle = (ys[y] + ys[y + 1]) / 2
    while x + wide < len(xs) - 1 and not _drawn(grid.down, xs[x + wide], middle):
        wide += 1
    middle = (xs[x] + xs[x + 1]) / 2
    while y + high < len(ys) - 1 and not _drawn(grid.across, ys[y + high], middle):
        high += 1
    return wide, high


def _drawn(lines: Iterable[Line], at: float, middle: float) -> bool:
    return any(abs(line.at - at) <= NEAR and line.start <= middle <= line.end for line in lines)


def _merged(values: Iterable[float]) -> list[float]:
    """Positions in order; those that are near each other are one."""
    return [sum(group) / len(group) for group in _near(sorted(values), lambda value: value)]


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Lines drawn twice, or cell by cell, as the long ones that they are."""
    joined: list[Line] = []
    for group in _near(sorted(lines, key=_at), _at):
        whole: Line | None = None
        for line in sorted(group, key=lambda one: one.start):
            if whole and line.start <= whole.end + NEAR:
                whole = Line(whole.at, whole.start, max(whole.end, line.end))
                joined[-1] = whole
            else:
                whole = line
                joined.append(line)
    return joined


def _at(line: Line) -> float:
    return line.at


def _near(ordered: Iterable[T], at: Callable[[T], float]) -> list[list[T]]:
    """Neighbours that lie no further apart than two strokes of one line."""
    groups: list[list[T]] = []
    for one in ordered:
        if groups and at(one) - at(groups[-1][0]) <= NEAR:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
