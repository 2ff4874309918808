"""PDF: text by page, headings by font size, tables by ruled lines. Only this module uses pdfium.

See docs/decisions/0021-pdf-with-pdfium-and-tables-from-ruled-lines.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.left_out import LeftOut
from ingest.formats.pdf.drawn.drawing import read_drawing
from ingest.formats.pdf.drawn.glyphs import read_letters
from ingest.formats.pdf.flow import (
    DocumentLayout,
    PrintedLine,
    Region,
    build_region_blocks,
    has_line_end_spaces,
)
from ingest.formats.pdf.layout import arrange_page
from ingest.formats.pdf.margins import drop_margins
from ingest.formats.text.markdown import Block, render_document, render_page_mark
from ingest.remarks import Remark, format_ranges
from ingest.types import ReadFile

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
_PROPERTIES = {"Title": "title", "Author": "author", "CreationDate": "created",
               "ModDate": "modified"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _PdfPage:
    """A page: its regions, why it must be recognised, and whether letters may be missing.

    `is_scanned` is a picture, `is_garbled` has fonts that give the letters no meaning, and
    `is_recognised` is a picture with the text that another program recognised.
    """

    regions: list[Region]
    is_scanned: bool
    is_garbled: bool
    is_recognised: bool
    has_hollow_text: bool


def read_pdf(data: bytes) -> ReadFile:
    """The Markdown of a PDF, its properties, and remarks about what was left out.

    The properties `scanned` and `garbled` list the pages whose text must be recognised, because they
    are pictures or their fonts give the letters no meaning. Raises Unreadable if it is locked,
    damaged, too long or needs a font that is not installed.
    """
    left_out = LeftOut()
    with _open_pdf(data) as pdf:
        if len(pdf) > limits.DOCUMENT_MAX_PAGES:
            raise Unreadable("too_many_pages", count=len(pdf), most=limits.DOCUMENT_MAX_PAGES)
        pages = [_read_page(pdf, pdf[number], left_out) for number in range(len(pdf))]
        properties = _read_properties(pdf)
    if any(page.has_hollow_text for page in pages):
        refuse_lost_letters()
    for key, numbers in (
        ("scanned", [n for n, page in enumerate(pages, 1) if page.is_scanned]),
        ("garbled", [n for n, page in enumerate(pages, 1) if page.is_garbled]),
    ):
        if numbers:
            properties[key] = ", ".join(map(str, numbers))
    remarks = left_out.list_remarks()
    if layer := [n for n, page in enumerate(pages, 1) if page.is_recognised]:
        remarks.append(Remark("pages_with_text_layer", {"pages": format_ranges(layer)}))
    blocks = _build_blocks(drop_margins([page.regions for page in pages]))
    return ReadFile(render_document(blocks), properties, remarks)


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


def _read_page(pdf: Any, page: Any, left_out: LeftOut) -> _PdfPage:
    text = page.get_textpage()
    try:
        objects = list(page.get_objects())
        drawing = read_drawing(pdf, page, objects)
        letters = read_letters(page, text, objects, drawing, left_out)
        regions = arrange_page(letters.glyphs, drawing.turn(letters.quarters))
        if letters.oblique:
            regions.append([PrintedLine.from_text(words) for words in letters.oblique])
        drawn = any(item.type != raw.FPDF_PAGEOBJ_TEXT for item in objects)
        return _PdfPage(
            regions,
            is_scanned=drawn and not regions and not letters.is_garbled,
            is_garbled=letters.is_garbled,
            is_recognised=letters.is_recognised,
            has_hollow_text=any(
                _is_hollow(item) for item in objects if item.type == raw.FPDF_PAGEOBJ_TEXT
            ),
        )
    finally:
        text.close()
        page.close()


def _build_blocks(pages: Sequence[Sequence[Region]]) -> Iterator[Block]:
    printed = [
        [item for region in regions for item in region if isinstance(item, PrintedLine)]
        for regions in pages
    ]
    sample = chain.from_iterable(printed[:LAYOUT_SAMPLE_PAGES])
    keeps_spaces = has_line_end_spaces([line.text for line in sample])
    layout = DocumentLayout.from_regions([*chain(*pages)], keeps_spaces)
    for number, regions in enumerate(pages, 1):
        yield render_page_mark(number)
        for region in regions:
            yield from build_region_blocks(region, layout)
