"""What is drawn on a page except letters: lines, areas, links and strike-out marks."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from ingest.formats.pdf.drawn.geometry import (
    LINE_MIN_POINTS,
    PAGE_MAX_LINES,
    Box,
    Fill,
    RuledLine,
    Stroke,
    turn_box,
    turn_point,
)

ADDRESS_MAX_BYTES = 2_000
AREA_MIN_POINTS = 4.0  # narrower areas are lines
PAGE_MAX_ANNOTATIONS = 2_000
PAGE_MAX_FILLS = 500  # areas of a page that are looked at; a page with more is a drawing


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of a page, its areas in the order in which they are drawn, the share of the page
    that its largest picture covers, the links (box, address), and marks that strike text out."""

    strokes: Sequence[Stroke]
    fills: Sequence[Fill]
    picture_share: float
    links: Sequence[tuple[Box, str]]
    strikes: Sequence[RuledLine]

    def find_ruled_lines(self) -> tuple[list[RuledLine], list[RuledLine]]:
        """The horizontal and the vertical lines."""
        across: list[RuledLine] = []
        down: list[RuledLine] = []
        for (x0, y0), (x1, y1) in self.strokes:
            if abs(y0 - y1) < 1 and abs(x0 - x1) >= LINE_MIN_POINTS:
                across.append(RuledLine((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) < 1 and abs(y0 - y1) >= LINE_MIN_POINTS:
                down.append(RuledLine((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        return across, down

    def turn(self, quarters: int) -> Drawing:
        """The drawing turned back by so many quarters."""
        if not quarters:
            return self
        strokes = [
            Stroke(turn_point(*stroke.start, quarters), turn_point(*stroke.end, quarters))
            for stroke in self.strokes
        ]
        fills = [fill._replace(box=turn_box(fill.box, quarters)) for fill in self.fills]
        links = [(turn_box(box, quarters), address) for box, address in self.links]
        return Drawing(strokes, fills, self.picture_share, links, [])


def read_drawing(pdf: Any, page: Any, objects: Sequence[Any]) -> Drawing:
    """What is drawn on a page; `objects` are its objects in the order in which they are drawn."""
    strokes: list[Stroke] = []
    fills: list[Fill] = []
    width, height = page.get_size()
    share = 0.0
    for order, item in enumerate(objects):
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            if _is_visible(item):
                strokes += _list_strokes(item)
            if len(fills) < PAGE_MAX_FILLS and (fill := _read_fill(item, order)):
                fills.append(fill)
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = box = item.get_bounds()
            share = max(share, (right - left) * (top - bottom) / (width * height or 1))
            fills.append(Fill(box, None, order, is_opaque=False))
    return Drawing(strokes, fills, share, list(_list_links(pdf, page)), list(_list_strikes(page)))


def _is_visible(path: Any) -> bool:
    """Whether a path is drawn at all: clipping paths and transparent ones are not."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroke)
    return bool(mode.value or stroke.value)


def _read_fill(path: Any, order: int) -> Fill | None:
    """The area that a path fills, if it is one with straight edges and not a line."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroke)
    count = raw.FPDFPath_CountSegments(path)
    left, bottom, right, top = box = path.get_bounds()
    if not mode.value or count > 10 or min(right - left, top - bottom) < AREA_MIN_POINTS:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    if alpha.value < 10:
        return None
    curves = any(
        raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(path, number))
        == raw.FPDF_SEGMENT_BEZIERTO
        for number in range(count)
    )
    opaque = alpha.value >= 250 and not curves and not raw.FPDFPageObj_HasTransparency(path)
    return Fill(box, (red.value, green.value, blue.value), order, opaque)


def _list_strokes(path: Any) -> Iterator[Stroke]:
    """The straight strokes of a path as they are on the page."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    first = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(raw.FPDFPath_CountSegments(path), PAGE_MAX_LINES)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield Stroke(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield Stroke(last, first)


def _list_links(pdf: Any, page: Any) -> Iterator[tuple[Box, str]]:
    """The boxes of links to addresses, in the order of the file."""
    start, link, rect = ctypes.c_int(), raw.FPDF_LINK(), raw.FS_RECTF()
    for _ in range(PAGE_MAX_ANNOTATIONS):
        if not raw.FPDFLink_Enumerate(page, start, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        buffer = ctypes.create_string_buffer(ADDRESS_MAX_BYTES)
        length = raw.FPDFAction_GetURIPath(pdf, action, buffer, ADDRESS_MAX_BYTES)
        if 1 < length <= ADDRESS_MAX_BYTES and raw.FPDFLink_GetAnnotRect(link, rect):
            box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
            yield box, buffer.value.decode("utf-8", "replace")


def _list_strikes(page: Any) -> Iterator[RuledLine]:
    """The lines of strike-out marks that a reader of the file put on its text."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), PAGE_MAX_ANNOTATIONS)):
        mark = raw.FPDFPage_GetAnnot(page, number)
        try:
            if raw.FPDFAnnot_GetSubtype(mark) != raw.FPDF_ANNOT_STRIKEOUT:
                continue
            for quad in range(raw.FPDFAnnot_CountAttachmentPoints(mark)):
                points = raw.FS_QUADPOINTSF()
                if raw.FPDFAnnot_GetAttachmentPoints(mark, quad, points):
                    xs = (points.x1, points.x2, points.x3, points.x4)
                    ys = (points.y1, points.y2, points.y3, points.y4)
                    yield RuledLine((min(ys) + max(ys)) / 2, min(xs), max(xs))
        finally:
            raw.FPDFPage_CloseAnnot(mark)
