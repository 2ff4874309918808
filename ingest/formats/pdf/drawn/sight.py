"""Which letters of a page its reader sees: none that are hidden, pale, covered or struck out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.formats.left_out import Kind
from ingest.formats.pdf.drawn.drawing import Drawing
from ingest.formats.pdf.drawn.geometry import Box, Fill, Glyph, RuledLine, contains_point

STRIKE_ZONE = (0.13, 0.6)  # of the size above the baseline; see docs/parameters.md
SAME_COLOUR_MAX_DISTANCE = 12  # of the 255 steps of red, green and blue
PAPER = (255, 255, 255)


@dataclass(slots=True)
class LetterStyle:
    """What the letters of one text object have in common; `quarters` is None if they are oblique.

    `reason` is why all of them are left out, None if they are not. `above` are areas that may hide
    some, `below` those whose colour they may have.
    """

    size: float
    space: float
    baseline: float  # of its first letter: of all, if they run rightwards
    quarters: int | None
    colour: tuple[int, int, int]
    is_invisible: bool
    reason: Kind | None
    order: int
    above: Sequence[Fill] = ()
    below: Sequence[Fill] = ()


class DrawnLetter(NamedTuple):
    """A letter with its box on the page, before the page is turned."""

    sign: str
    box: Box
    style: LetterStyle
    place: int  # in pdfium's text


class Strikes:
    """The lines of a page that may go through its letters."""

    def __init__(self, drawing: Drawing, quarters: int) -> None:
        across, _ = drawing.turn(quarters).find_ruled_lines()
        self.lines = [*across, *drawing.strikes]
        self._found: dict[tuple[float, float], list[RuledLine]] = {}

    def cross(self, glyph: Glyph) -> bool:
        """Whether a line goes through a letter."""
        key = (glyph.baseline, glyph.size)
        lines = self._found.get(key)
        if lines is None:
            low, high = (glyph.baseline + share * glyph.size for share in STRIKE_ZONE)
            lines = self._found[key] = [line for line in self.lines if low <= line.at <= high]
        if not lines:
            return False
        x = (glyph.left + glyph.right) / 2
        return any(line.start - 0.5 <= x <= line.end + 0.5 for line in lines)


def find_reason(letter: DrawnLetter, crop: Box, is_recognised: bool) -> Kind | None:
    """Why a letter is left out apart from lines through it; None if the reader sees it."""
    style, box = letter.style, letter.box
    if style.reason:
        return style.reason
    if style.is_invisible and not is_recognised:
        return "hidden"
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not crop[0] <= x <= crop[2] or not crop[1] <= y <= crop[3]:
        return "hidden"
    if style.above and any(contains_point(fill.box, x, y) for fill in style.above):
        return "hidden"
    if style.below:
        grounds = [fill for fill in style.below if contains_point(fill.box, x, y)]
        ground = grounds[-1].colour if grounds else PAPER
        if ground and _is_same_colour(ground, style.colour):
            return "pale"
    return None


def _is_same_colour(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(abs(value - another) <= SAME_COLOUR_MAX_DISTANCE for value, another in pairs)


def compare_fills(style: LetterStyle, fills: Sequence[Fill]) -> None:
    """Note which areas may hide the letters of a style, drawn over them or in their colour."""
    style.above = [fill for fill in fills if fill.is_opaque and fill.order > style.order]
    below = [fill for fill in fills if fill.order < style.order]
    pale = _is_same_colour(style.colour, PAPER)
    if pale and not below and not style.is_invisible:
        style.reason = style.reason or "pale"
    elif pale or any(fill.colour and _is_same_colour(fill.colour, style.colour) for fill in below):
        style.below = below
