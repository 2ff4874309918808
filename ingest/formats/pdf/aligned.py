"""Tables without lines around their cells, found by what stands in line from row to row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.pdf.drawn.geometry import RuledLine
from ingest.formats.pdf.lines import LinePiece, group_lines
from ingest.formats.text.markdown import Cell

TABLE_MIN_ROWS = 3  # of two cells or more; see docs/parameters.md
COLUMN_GAP_OF_SIZE = 0.7  # between two columns; see docs/parameters.md
ROW_PITCH_RATIO = 1.25  # of the distance between rows to that of lines in a cell
BAND_MIN_COUNT = 3  # rows between lines, before the lines are those of the rows

BAND_MAX_COUNT = 200

Line = Sequence[LinePiece]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """Rows of cells whose places are the same from row to row; `top` is its upper edge."""

    rows: list[list[Cell]]
    top: float


def split_tables(lines: Sequence[Line], across: Sequence[RuledLine]) -> list[Line | AlignedTable]:
    """Lines from the top, those that form a table replaced by it.

    `across` are the horizontal lines of the page. A line feed is between the lines of a cell.
    """
    found: list[Line | AlignedTable] = []
    start = 0
    while start < len(lines):
        end, spans = _find_end(lines, start)
        block = lines[start:end]
        if sum(len(line) > 1 for line in block) >= TABLE_MIN_ROWS:
            found.append(_build_table(block, spans, across))
            start = end
        else:
            found.append(lines[start])
            start += 1
    return found


def take_banded_tables(
    pieces: Sequence[LinePiece], across: Sequence[RuledLine]
) -> tuple[list[LinePiece], list[AlignedTable]]:
    """The pieces that are in no table, and the tables whose rows are apart by lines from edge to
    edge: a cell may stand in the middle of its row."""
    rest, tables = list(pieces), []
    for rules in _group_rules(across):
        bands = [
            [piece for piece in rest if _is_between(piece, above, below)]
            for above, below in pairwise(rules)
        ]
        spans: list[Span] = []
        for band in bands:
            for line in group_lines(band):
                spans = _merge_spans(spans, line)
        whole = [band for band in bands if len({_find_column(spans, one) for one in band}) > 1]
        if len(spans) < 2 or len(whole) < BAND_MIN_COUNT or any(map(_is_text, bands)):
            continue
        tables.append(_build_banded_table(bands, spans, rules[0].at))
        rest = [piece for piece in rest if not any(piece in band for band in bands)]
    return rest, tables


def _group_rules(across: Sequence[RuledLine]) -> list[list[RuledLine]]:
    """Lines of the same length below each other, from the top, if they are those of rows."""
    groups: dict[tuple[int, int], list[RuledLine]] = {}
    for line in across:
        groups.setdefault((round(line.start / 3), round(line.end / 3)), []).append(line)
    return [
        sorted(group, key=lambda line: -line.at)
        for group in groups.values()
        if BAND_MIN_COUNT < len(group) <= BAND_MAX_COUNT
    ]


def _is_between(piece: LinePiece, above: RuledLine, below: RuledLine) -> bool:
    middle = piece.baseline + 0.35 * piece.size
    inside = above.start - 2 <= piece.left and piece.right <= above.end + 2
    return below.at < middle < above.at and inside


def _build_banded_table(
    bands: Sequence[Sequence[LinePiece]], spans: Sequence[Span], top: float
) -> AlignedTable:
    rows: list[list[Cell]] = []
    for band in bands:
        texts: list[list[str]] = [[] for _ in spans]
        for line in group_lines(band):
            for piece in line:
                texts[_find_column(spans, piece)].append(piece.text)
        rows.append([Cell("\n".join(cell)) for cell in texts])
    return AlignedTable(rows, top)


def _find_end(lines: Sequence[Line], start: int) -> tuple[int, list[Span]]:
    """Where the table ends that begins at a line, and its columns; the line itself without one."""
    if len(lines[start]) < 2 or _is_text(lines[start]):
        return start, []
    spans = [(piece.left, piece.right) for piece in lines[start]]
    end, kept = start + 1, spans
    pitch = 0.0
    for number in range(start + 1, len(lines)):
        line, before = lines[number], lines[number - 1]
        gap = before[0].baseline - line[0].baseline
        size = max(piece.size for piece in line)
        if gap > max(3.2 * size, 1.6 * pitch) or _is_text(line):
            break
        merged = _merge_spans(spans, line)
        if len(line) > 1:
            if len(merged) < len(spans) or len(merged) < 2:
                break
            spans, end, kept = merged, number + 1, merged
            pitch = max(pitch, gap)
        elif len(merged) < len(spans) or _count_touched(spans, line[0]) != 1:
            break
        elif gap <= 1.8 * size and _find_column(spans, line[0]) > 0:
            end = number + 1  # the cell above goes on
    return end, kept


def _is_text(line: Line) -> bool:
    """Whether a line is one of running text with a wide gap: its dots lead to its end."""
    return any(piece.has_leader for piece in line)


def _merge_spans(spans: Sequence[Span], line: Line) -> list[Span]:
    """The columns with the pieces of one more line; columns that a piece joins are one."""
    gap = COLUMN_GAP_OF_SIZE * max(piece.size for piece in line)
    ordered = sorted([*spans, *((piece.left, piece.right) for piece in line)])
    merged = [ordered[0]]
    for left, right in ordered[1:]:
        if left < merged[-1][1] + gap and not _are_apart(merged[-1], (left, right)):
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _are_apart(one: Span, other: Span) -> bool:
    """Whether two spans do not overlap, however narrow the gap between them."""
    return other[0] >= one[1] + 2.0


def _count_touched(spans: Sequence[Span], piece: LinePiece) -> int:
    return sum(left < piece.right and piece.left < right for left, right in spans)


def _find_column(spans: Sequence[Span], piece: LinePiece) -> int:
    """The column that a piece overlaps most."""
    return max(
        range(len(spans)),
        key=lambda n: min(spans[n][1], piece.right) - max(spans[n][0], piece.left),
    )


def _build_table(
    block: Sequence[Line], spans: Sequence[Span], across: Sequence[RuledLine]
) -> AlignedTable:
    rows: list[list[list[str]]] = []
    starts = _find_row_starts(block, spans, across)
    for number, line in enumerate(block):
        if number in starts:
            rows.append([[] for _ in spans])
        for piece in line:
            rows[-1][_find_column(spans, piece)].append(piece.text)
    cells = [[Cell("\n".join(texts)) for texts in row] for row in rows]
    return AlignedTable(cells, max(piece.box[3] for piece in block[0]))


def _find_row_starts(
    block: Sequence[Line], spans: Sequence[Span], across: Sequence[RuledLine]
) -> set[int]:
    """The lines of a table with which a row begins."""
    left, right = spans[0][0], spans[-1][1]
    rules = [line.at for line in across if line.start <= left + 9 and line.end >= right - 9]
    baselines = [line[0].baseline for line in block]
    gaps = [above - below for above, below in pairwise(baselines)]
    ruled = {
        number + 1
        for number, (above, below) in enumerate(pairwise(baselines))
        if any(below < rule < above for rule in rules)
    }
    if len(ruled) + 1 >= BAND_MIN_COUNT:
        return {0, *ruled}
    small = min(gaps)
    wide = [gap for gap in gaps if gap > ROW_PITCH_RATIO * small]
    has_two_pitches = bool(wide) and len(wide) < len(gaps) and median(wide) > 1.3 * small
    starts = {0}
    for number, gap in enumerate(gaps, 1):
        line = block[number]
        first = _find_column(spans, line[0]) == 0
        if (
            (gap > ROW_PITCH_RATIO * small if has_two_pitches else first)
            or number in ruled
            or (has_two_pitches and first and len(line) == len(spans))
        ):
            starts.add(number)
    return starts
