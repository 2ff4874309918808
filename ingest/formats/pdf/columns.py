"""Columns of running text: the pieces of a page in the order in which they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.pdf.drawn.geometry import Box
from ingest.formats.pdf.lines import LinePiece
from ingest.formats.text.markdown import Cell

COLUMN_MIN_LINES = 3  # see docs/parameters.md
COLUMN_MIN_WIDTH_OF_SIZE = 7.0  # of its median line, to its size of letters; see docs/parameters.md
COLUMN_MIN_FILL = 0.5  # of the width of a column, by its median line
GUTTER_MIN_OF_SIZE = 0.8
CLOSING_GAP_RATIO = 1.2  # above a line for both columns, to the usual gap; see docs/parameters.md
COLUMN_MAX_DEPTH = 3  # columns that are divided again


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table that is drawn with lines, and its box."""

    rows: list[list[Cell]]
    box: Box


Placed = LinePiece | RuledTable
_Band = tuple[list[Placed], list[Placed]]


def find_regions(placed: Sequence[Placed], depth: int = 0) -> list[list[Placed]]:
    """What is on a page in groups that are read one after the other: above, columns, below."""
    cut = _find_best_gutter(placed) if depth < COLUMN_MAX_DEPTH else None
    if cut is None:
        return [list(placed)] if placed else []
    regions: list[list[Placed]] = []
    whole: list[Placed] = []
    for band in _split_bands(placed, cut):
        if isinstance(band, list):
            whole.extend(band)
            continue
        if whole:
            regions.append(whole)
            whole = []
        for side in band:
            regions.extend(find_regions(side, depth + 1))
    return [*regions, whole] if whole else regions


def _find_best_gutter(placed: Sequence[Placed], depth: int = 1) -> float | None:
    """The place between two columns with the most pieces on both sides; None if there is none."""
    lefts = Counter(round(one.box[0] / 2) * 2 for one in placed if isinstance(one, LinePiece))
    best, most = None, 0
    first = min(lefts, default=0)
    for left, count in sorted(lefts.items()):
        near = count + lefts.get(left + 2, 0)
        if left == first or near < COLUMN_MIN_LINES:
            continue
        at = left - 2.5
        bands = [band for band in _split_bands(placed, at, depth) if isinstance(band, tuple)]
        score = sum(len(side) for band in bands for side in band)
        if score > most:
            best, most = at, score
    return best


def _split_bands(placed: Sequence[Placed], at: float, depth: int = 1) -> list[list[Placed] | _Band]:
    """The page from the top: what is read across as a list, columns on both sides of `at` as two lists."""
    bands: list[list[Placed] | _Band] = []
    sides: _Band = ([], [])
    for one in sorted(placed, key=lambda one: (-one.box[3], one.box[0])):
        left, _, right, _ = one.box
        if left < at < right:
            bands += [*_close_band(sides, depth), [one]]
            sides = ([], [])
        else:
            sides[left >= at].append(one)
    return [*bands, *_close_band(sides, depth)]


def _close_band(sides: _Band, depth: int) -> list[list[Placed] | _Band]:
    """Two columns, or one group of pieces if they are no columns; a heading above both is apart."""
    left, right = sides
    if not left and not right:
        return []
    if not _are_columns(left, right, depth):
        trimmed = _take_heading(left, right)
        if trimmed and _are_columns(trimmed[1], right, depth):
            return [trimmed[0], (trimmed[1], right)]
        return [[*left, *right]]
    trimmed = _take_heading(left, right)
    heading, left = trimmed or ([], left)
    left, below = _take_closing(left, right)
    return [*([heading] if heading else []), (left, right), *([below] if below else [])]


def _take_closing(left: list[Placed], right: list[Placed]) -> tuple[list[Placed], list[Placed]]:
    """The left column, and what stands below both columns, which end side by side."""
    bottom = min(one.box[1] for one in right)
    below = [one for one in left if one.box[3] < bottom]
    kept = left[: len(left) - len(below)]
    if not below or len(kept) < COLUMN_MIN_LINES or abs(kept[-1].box[1] - bottom) > 2:
        return left, []
    gaps = [above.box[1] - one.box[3] for above, one in pairwise(kept)]
    apart = kept[-1].box[1] - below[0].box[3] > CLOSING_GAP_RATIO * max(median(gaps), 1.0)
    return (kept, below) if apart else (left, [])


def _take_heading(
    left: list[Placed], right: list[Placed]
) -> tuple[list[Placed], list[Placed]] | None:
    """The pieces of the left side above the right one, as a heading of both; None without any."""
    if not right:
        return None
    top = max(one.box[3] for one in right)
    above = [one for one in left if one.box[1] > top + 2]
    return (above, [one for one in left if one not in above]) if above else None


def _are_columns(left: Sequence[Placed], right: Sequence[Placed], depth: int) -> bool:
    if not (_is_running_text(left, depth) and _is_running_text(right, depth)):
        return False
    top = min(max(one.box[3] for one in side) for side in (left, right))
    bottom = max(min(one.box[1] for one in side) for side in (left, right))
    gutter = min(one.box[0] for one in right) - max(one.box[2] for one in left)
    size = median(one.size for one in left if isinstance(one, LinePiece))
    return top > bottom and gutter >= GUTTER_MIN_OF_SIZE * size


def _is_running_text(side: Sequence[Placed], depth: int = 1) -> bool:
    """Whether lines fill a column as text does, and the cells of a table do not. It may be divided
    into columns again, `depth` times."""
    if _is_one_column(side):
        return True
    return depth > 0 and _find_best_gutter(side, depth - 1) is not None


def _is_one_column(side: Sequence[Placed]) -> bool:
    lines = [one for one in side if isinstance(one, LinePiece)]
    if len(lines) < COLUMN_MIN_LINES:
        return False
    widths = [line.right - line.left for line in lines]
    extent = max(line.right for line in lines) - min(line.left for line in lines)
    size = median(line.size for line in lines)
    baselines = {round(line.baseline / 2) for line in lines}
    return median(widths) >= max(COLUMN_MIN_WIDTH_OF_SIZE * size, COLUMN_MIN_FILL * extent) and len(
        baselines
    ) >= 0.8 * len(lines)
