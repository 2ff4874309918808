"""Boxes, lines and glyphs of a page, in points from its left and lower edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LINE_TOLERANCE_POINTS = 3.0  # between two strokes of one line; see docs/parameters.md
LINE_MIN_POINTS = 4.0  # shorter strokes are dots or letters; see docs/parameters.md
PAGE_MAX_LINES = 2_000  # a page with more is a drawing
Box = tuple[float, float, float, float]  # left, bottom, right, top


class Glyph(NamedTuple):
    """A letter as it is drawn; a space that the file holds is one with a blank `letter`.

    `left` and `right` are where the letter begins and where its font ends it, `baseline` is the
    line it stands on, `size` that of its font and `space` the width of a space in it. `letter` is
    followed by the address if a link ends with it.
    """

    letter: str
    left: float
    right: float
    baseline: float
    size: float
    space: float

    @property
    def middle(self) -> tuple[float, float]:
        """A point in the middle of the letter."""
        return (self.left + self.right) / 2, self.baseline + 0.35 * self.size


class Stroke(NamedTuple):
    """A straight line from one point to another."""

    start: tuple[float, float]
    end: tuple[float, float]


class Fill(NamedTuple):
    """An area in one colour; `colour` is None for a picture. `order` is when it is drawn."""

    box: Box
    colour: tuple[int, int, int] | None
    order: int
    is_opaque: bool


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A horizontal or vertical line: its position on the other axis, its start and end in points."""

    at: float
    start: float
    end: float

    def covers(self, value: float) -> bool:
        """Whether a position along the line is between its ends, within the tolerance."""
        return self.start - LINE_TOLERANCE_POINTS <= value <= self.end + LINE_TOLERANCE_POINTS


def contains_point(box: Box, x: float, y: float) -> bool:
    """Whether a point is in a box or on its edge."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def turn_point(x: float, y: float, quarters: int) -> tuple[float, float]:
    """A point of a page that is turned back by so many quarters, so that its text runs rightwards."""
    for _ in range(quarters % 4):
        x, y = y, -x
    return x, y


def turn_box(box: Box, quarters: int) -> Box:
    """A box of a page that is turned back like `turn_point`."""
    (x0, y0), (x1, y1) = (
        turn_point(box[0], box[1], quarters),
        turn_point(box[2], box[3], quarters),
    )
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
