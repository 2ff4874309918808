"""PDF: text by page, headings by font size, tables by ruled lines. Only this module uses pdfium.

See docs/decisions/0021-pdf-with-pdfium-and-tables-from-ruled-lines.md.
"""

from __future__ import annotations

import ctypes
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.pdf import tables
from ingest.formats.pdf.flow import (
    DocumentLayout,
    PrintedLine,
    build_page_blocks,
    has_line_end_spaces,
)
from ingest.formats.pdf.tables import Box, RuledLine
from ingest.formats.text.markdown import Block, render_document, render_page_mark, render_table

PASSWORD_ERROR_CODE = 4  # of pdfium
OCR_DPI = 300  # what tesseract was trained for
LATIN_FONT = re.compile(
    r"(\w{6}\+)?(Helvetica|Times|Courier|Symbol|ZapfDingbats|Arial|Calibri|Verdana)"
)
FONT_PROBE_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F<<
/Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/UniKS-UCS2-H/DescendantFonts[<</Type/Font
/Subtype/CIDFontType2/BaseFont/Batang/DW 1000
/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 1>>>>]>>>>>>>>endobj
4 0 obj<</Length 30>>stream
BT /F 9 Tf 9 9 Td <AC00> Tj ET
endstream endobj
trailer<</Root 1 0 R>>
"""  # one Korean letter, drawn alone
LAYOUT_SAMPLE_PAGES = 30  # from which the layout of a document is learned
GARBLED_MIN_SHARE = 0.3  # of a page's letters; see docs/parameters.md
_PROPERTIES = {"Title": "title", "Author": "author", "CreationDate": "created",
               "ModDate": "modified"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _PdfPage:
    """A page: its lines and tables, whether it has no text, and whether letters may be missing."""

    items: list[PrintedLine | str]
    is_scanned: bool
    has_hollow_text: bool


def read_pdf(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a PDF and its properties; `scanned` lists the pages without text.

    Raises Unreadable if it is locked, damaged, too long or needs a font that is not installed.
    """
    with _open_pdf(data) as pdf:
        if len(pdf) > limits.DOCUMENT_MAX_PAGES:
            raise Unreadable("too_many_pages", count=len(pdf), most=limits.DOCUMENT_MAX_PAGES)
        keeps_spaces = _detect_line_end_spaces(pdf)
        pages = [_read_page(pdf[number], keeps_spaces) for number in range(len(pdf))]
        properties = _read_properties(pdf)
    if any(page.has_hollow_text for page in pages):
        refuse_lost_letters()
    if scanned := [str(number) for number, page in enumerate(pages, 1) if page.is_scanned]:
        properties["scanned"] = ", ".join(scanned)
    return render_document(_build_blocks([page.items for page in pages], keeps_spaces)), properties


def render_page(data: bytes, number: int) -> bytes:
    """Page `number` (from 1) as a greyscale PNG in the resolution for recognition.

    Raises Unreadable if the file is locked or damaged.
    """
    with _open_pdf(data) as pdf:
        page = pdf[number - 1]
        scale = min(OCR_DPI / 72, 5_000 / max(page.get_size()))
        stream = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().save(stream, "PNG")
    return stream.getvalue()


def _open_pdf(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == PASSWORD_ERROR_CODE:
            raise Unreadable("locked") from error
        raise Unreadable("damaged_or_cut", why=str(error)) from error


def _read_properties(pdf: Any) -> dict[str, str]:
    properties = {key: pdf.get_metadata_value(name).strip() for name, key in _PROPERTIES.items()}
    for key in ("created", "modified"):
        properties[key] = _parse_moment(properties[key])
    return {key: value for key, value in properties.items() if value}


def _parse_moment(value: str) -> str:
    """PDF's "D:20260305101500+09'00'" as "2026-03-05"."""
    match = re.match(r"D:(\d{4})(\d{2})(\d{2})", value)
    return "-".join(match.groups()) if match else value


def refuse_lost_letters(font_probe: bytes = FONT_PROBE_PDF) -> None:
    """Raise Unreadable if this machine has no Korean font.

    pdfium drops a letter that is drawn alone in a font that is neither in the file nor on the
    machine, such as the ○ of a table. `font_probe` is a PDF with one such letter.
    """
    with pdfium.PdfDocument(font_probe) as probe:
        if not probe[0].get_textpage().get_text_range().strip():
            raise Unreadable("font_missing")


def _is_hollow(letters: Any) -> bool:
    """Whether a text object has no width and its font is not in the file."""
    left, _, right, _ = letters.get_bounds()
    if right - left > 0.01:
        return False
    font = letters.get_font()
    return not font.is_embedded and not LATIN_FONT.match(font.get_base_name())


def _detect_line_end_spaces(pdf: Any) -> bool:
    first = range(min(len(pdf), LAYOUT_SAMPLE_PAGES))
    texts = [pdf[number].get_textpage().get_text_range() for number in first]
    return has_line_end_spaces([line for text in texts for line in text.split("\r\n")])


def _build_blocks(
    pages: Sequence[Sequence[PrintedLine | str]], keeps_spaces: bool
) -> Iterator[Block]:
    printed = [item for items in pages for item in items if isinstance(item, PrintedLine)]
    layout = DocumentLayout.from_lines(printed, keeps_spaces)
    for number, items in enumerate(pages, 1):
        yield render_page_mark(number)
        yield from build_page_blocks(items, layout)


def _read_page(page: Any, keeps_spaces: bool) -> _PdfPage:
    text = page.get_textpage()
    try:
        objects = list(page.get_objects())
        is_garbled = _is_garbled(text.get_text_range())
        items = [] if is_garbled else _read_items(text, objects, keeps_spaces)
        hollow = any(map(_is_hollow, _filter_objects(objects, raw.FPDF_PAGEOBJ_TEXT)))
        return _PdfPage(items, is_scanned=bool(objects) and not items, has_hollow_text=hollow)
    finally:
        text.close()
        page.close()


def _read_items(text: Any, objects: Sequence[Any], keeps_spaces: bool) -> list[PrintedLine | str]:
    """The lines of a page in order; a table, as Markdown, is where its text begins."""
    grids = tables.find_grids(*_find_ruled_lines(_filter_objects(objects, raw.FPDF_PAGEOBJ_PATH)))
    items: list[PrintedLine | str] = []
    done: set[int] = set()
    for inside, line in _read_printed_lines(text, [grid.box for grid in grids]):
        if inside is None:
            items.append(line)
        elif inside not in done:
            done.add(inside)
            rows = tables.read_cells(
                grids[inside], lambda box: _read_box_text(text, box, keeps_spaces)
            )
            items.append(render_table(rows))
    return items


def _filter_objects(objects: Sequence[Any], kind: int) -> list[Any]:
    return [item for item in objects if item.type == kind]


def _is_garbled(text: str) -> bool:
    """Whether the letters of a page have no meaning outside its font, so that it must be recognised."""
    letters = [letter for letter in text if not letter.isspace()]
    strange = sum(letter in "\0\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    return strange > GARBLED_MIN_SHARE * len(letters)


def _read_box_text(text: Any, box: Box, keeps_spaces: bool) -> str:
    left, bottom, right, top = box
    inner = str(text.get_text_bounded(left + 1, bottom + 1, right - 1, top - 1))
    return inner.replace("\r\n", "" if keeps_spaces else "\n").replace("\ufffe", "").strip()


def _read_printed_lines(
    text: Any, boxes: Sequence[Box]
) -> Iterator[tuple[int | None, PrintedLine]]:
    """The runs of letters on one line within the same table (its index) or outside all (None)."""
    run: list[tuple[str, Box]] = []
    inside: int | None = None
    size = 0.0
    for index in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        box = text.get_charbox(index)
        blank = letter.isspace()
        table = inside if blank else tables.find_box_around(box, boxes)
        if run and (letter == "\n" or table != inside):
            yield inside, PrintedLine.from_letters(run, size)
            run = []
        if letter in "\r\n\ufffe\x00" or (blank and not run):
            continue
        size, inside = size if run else _measure_letter(text, index), table
        run.append((letter, box))
    if run:
        yield inside, PrintedLine.from_letters(run, size)


def _measure_letter(text: Any, index: int) -> float:
    """The size of a letter in points, rounded to halves."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.c, matrix.d) or 1)
    return float(round(size * 2) / 2)


def _find_ruled_lines(paths: Sequence[Any]) -> tuple[list[RuledLine], list[RuledLine]]:
    """The horizontal and the vertical lines that the paths of a page draw."""
    across: list[RuledLine] = []
    down: list[RuledLine] = []
    for (x0, y0), (x1, y1) in chain.from_iterable(map(_list_strokes, paths)):
        if abs(y0 - y1) < 1 and abs(x0 - x1) >= tables.LINE_MIN_POINTS:
            across.append(RuledLine((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) < 1 and abs(y0 - y1) >= tables.LINE_MIN_POINTS:
            down.append(RuledLine((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return across, down


def _list_strokes(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight strokes of a path as pairs of points on the page."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    first = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(raw.FPDFPath_CountSegments(path), tables.PAGE_MAX_LINES)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield last, first
