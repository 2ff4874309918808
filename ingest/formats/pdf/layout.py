"""One page's letters as regions of lines and tables, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.pdf import tables
from ingest.formats.pdf.aligned import AlignedTable, split_tables, take_banded_tables
from ingest.formats.pdf.columns import Placed, RuledTable, find_regions
from ingest.formats.pdf.drawn.drawing import Drawing
from ingest.formats.pdf.drawn.geometry import Box, Glyph, RuledLine
from ingest.formats.pdf.flow import PrintedLine, Region, TableRows
from ingest.formats.pdf.lines import LinePiece, build_pieces, detect_drawn_spaces, group_lines
from ingest.formats.pdf.words import BREAK_ROOM_OF_SIZE, FULL_LINE_END

CELL_PADDING_POINTS = 12.0  # at both sides together; see docs/parameters.md


def arrange_page(glyphs: Sequence[Glyph], drawing: Drawing) -> list[Region]:
    """The regions of a page; the lines of a cell are apart as `DocumentLayout.join_cell` says."""
    across, down = drawing.find_ruled_lines()
    draws_spaces = detect_drawn_spaces(glyphs)
    grids = tables.find_grids(across, down)
    boxes = [grid.box for grid in grids]
    within: list[list[Glyph]] = [[] for _ in grids]
    outside: list[Glyph] = []
    for glyph in glyphs:
        table = tables.find_box_around(*glyph.middle, boxes) if boxes else None
        (outside if table is None else within[table]).append(glyph)
    placed: list[Placed] = list(build_pieces(outside, draws_spaces))
    for grid, letters in zip(grids, within, strict=True):
        if letters:
            placed.append(RuledTable(_read_grid(grid, letters, draws_spaces), grid.box))
    return [_build_region(region, across) for region in find_regions(placed)]


def _read_grid(grid: tables.Grid, glyphs: Sequence[Glyph], draws_spaces: bool) -> TableRows:
    """The rows of a ruled table with the letters in its cells."""

    def read_box(box: Box) -> str:
        left, bottom, right, top = box
        inside = [
            glyph
            for glyph in glyphs
            if left <= glyph.middle[0] <= right and bottom <= glyph.middle[1] <= top
        ]
        lines = group_lines(build_pieces(inside, draws_spaces))
        return _write_cell([PrintedLine.from_pieces(line) for line in lines], right - left)

    return tables.read_cells(grid, read_box)


def _write_cell(lines: Sequence[PrintedLine], width: float) -> str:
    """The lines of a cell, with another sign where one had no room for more letters."""
    text = ""
    for number, line in enumerate(lines):
        room = width - (line.right - line.left) - CELL_PADDING_POINTS
        last = number == len(lines) - 1
        full = room < BREAK_ROOM_OF_SIZE * line.size
        text += line.text + ("" if last else FULL_LINE_END if full else "\n")
    return text


def _build_region(placed: Sequence[Placed], across: Sequence[RuledLine]) -> Region:
    """Lines and tables from the top; a table stands where its upper edge is."""
    pieces = [one for one in placed if isinstance(one, LinePiece)]
    pieces, banded = take_banded_tables(pieces, across)
    found: list[tuple[float, PrintedLine | TableRows]] = [
        (one.box[3], one.rows) for one in placed if isinstance(one, RuledTable)
    ]
    found += [(table.top, table.rows) for table in banded]
    for group in _split_at([top for top, _ in found], group_lines(pieces)):
        for one in split_tables(group, across):
            if isinstance(one, AlignedTable):
                found.append((one.top, one.rows))
            else:
                found.append((one[0].box[3], PrintedLine.from_pieces(one)))
    return [item for _, item in sorted(found, key=lambda pair: -pair[0])]


def _split_at(
    tops: Sequence[float], lines: Sequence[list[LinePiece]]
) -> list[list[list[LinePiece]]]:
    """The lines in groups between which a ruled table begins."""
    groups: list[list[list[LinePiece]]] = [[]]
    before = float("inf")
    for line in lines:
        height = line[0].box[3]
        if any(height < top <= before for top in tops):
            groups.append([])
        groups[-1].append(line)
        before = height
    return groups
