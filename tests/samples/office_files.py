"""One notice in every format, as the office programs of founders and ministries would write it."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
from hwpx import HwpxDocument
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

TITLE = "2026년 수출바우처 사업 공고"
TEXT = "중소벤처기업부는 수출 중소기업의 해외 진출을 돕기 위하여 다음과 같이 공고합니다."
SECTION = "지원 한도"
ITEMS = ("사업자등록증 사본", "수출실적 증명서")
ROWS = (("구분", "한도", "보조율"), ("내수기업", "3천만 원", "70%"), ("유망|기업", "1억 원", "50%"))
TABLE_MARKDOWN = "\n".join(
    [
        "| 구분 | 한도 | 보조율 |",
        "| --- | --- | --- |",
        "| 내수기업 | 3천만 원 | 70% |",
        "| 유망\\|기업 | 1억 원 | 50% |",
    ]
)
ISSUER = "중소벤처기업부"
FONT_NAME = "HYSMyeongJo-Medium"  # reportlab carries its widths, pdfium its code tables
FAQ = (
    ("분류", "질문", "답변", "출처", "등록일"),
    ("자금", "얼마까지 받나요?", "3천만 원입니다.", "https://example.org/a", "2026-03-02"),
    ("자금", "언제 내나요?", "3월 31일까지 냅니다.", "", ""),
    ("인증", "CE가 필요한가요?", "유럽에 팔려면 필요합니다.", "https://example.org/b", ""),
)


@cache
def make_hangul(ending: str, folder: Path) -> bytes:
    """A HWP 5 (".hwp") or HWPX (".hwpx") file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        doc = HwpxDocument.new()
        doc.add_heading(TITLE, level=1)
        doc.add_paragraph(TEXT, style="바탕글")
        doc.add_heading(SECTION, level=2)
        for one in ITEMS:
            doc.add_paragraph(one, style="바탕글")
        last = len(doc.paragraphs)
        doc.set_list_format(paragraph_indexes=[last - 2, last - 1], kind="bullet")
        table = doc.add_table(3, 3)
        for y, row in enumerate(ROWS):
            for x, cell in enumerate(row):
                table.set_cell_text(y, x, cell)
        path = folder / f"notice{ending}"
        doc.save_to_path(str(path))
    return path.read_bytes()


def make_hwpml() -> bytes:
    """Hangul's plain XML, as it was saved with the ending .hml."""
    rows = "".join(
        "<ROW>"
        + "".join(f"<CELL ColSpan='1' RowSpan='1'>{_render_paragraph(c)}</CELL>" for c in row)
        + "</ROW>"
        for row in ROWS
    )
    body = _render_paragraph(TITLE, 1) + _render_paragraph(TEXT) + _render_paragraph(SECTION, 2)
    body += "".join(_render_paragraph(one, 3) for one in ITEMS)
    body += f"<P ParaShape='0'><TEXT><TABLE>{rows}</TABLE><CHAR/></TEXT></P>"
    shapes = "".join(
        f"<PARASHAPE Id='{id}' HeadingType='{kind}' Level='{level}' Heading='1'/>"
        for id, kind, level in (
            (0, "None", 0),
            (1, "Outline", 0),
            (2, "Outline", 1),
            (3, "Bullet", 0),
        )
    )
    summary = f"<DOCSUMMARY><TITLE>{TITLE}</TITLE><AUTHOR>{ISSUER}</AUTHOR></DOCSUMMARY>"
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='no' ?><HWPML Version='2.8'>"
        f"<HEAD>{summary}<MAPPINGTABLE>{shapes}</MAPPINGTABLE></HEAD>"
        f"<BODY><SECTION Id='0'>{body}</SECTION></BODY></HWPML>"
    ).encode()


def _render_paragraph(text: str, shape: int = 0) -> str:
    return f"<P ParaShape='{shape}'><TEXT><CHAR>{text}</CHAR></TEXT></P>"


def make_docx() -> bytes:
    doc = docx.Document()
    doc.core_properties.title, doc.core_properties.author = TITLE, ISSUER
    doc.add_heading(TITLE, 0)
    doc.add_paragraph(TEXT)
    doc.add_heading(SECTION, 1)
    for one in ITEMS:
        doc.add_paragraph(one, style="List Bullet")
    table = doc.add_table(3, 3)
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            table.cell(y, x).text = cell
    return _save_to_bytes(doc.save)


def make_xlsx(sheets: dict[str, Sequence[Sequence[Any]]], **formats: str) -> bytes:
    """A workbook; `formats` names the number format of a cell, and "merge" an area."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = TITLE, ISSUER
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for cell, form in formats.items():
            if cell == "merge":
                sheet.merge_cells(form)
            elif form.startswith("http"):
                sheet[cell].hyperlink = form
            else:
                sheet[cell].number_format = form
    return _save_to_bytes(book.save)


def make_pptx() -> bytes:
    deck = Presentation()
    deck.core_properties.title, deck.core_properties.author = TITLE, ISSUER
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = TITLE, TEXT
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = SECTION
    frame = second.placeholders[1].text_frame
    for number, one in enumerate(ITEMS):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = one, 1
    size = [Inches(1), Inches(4), Inches(6), Inches(1)]
    table = second.shapes.add_table(3, 3, *size).table
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            table.cell(y, x).text = cell
    second.notes_slide.notes_text_frame.text = "발표자 메모입니다."
    return _save_to_bytes(deck.save)


def make_style(size: int) -> ParagraphStyle:
    if FONT_NAME not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT_NAME))
    return ParagraphStyle(str(size), fontName=FONT_NAME, fontSize=size, leading=1.5 * size)


def render_pdf(*story: Any) -> bytes:
    """A PDF of flowing text and tables."""
    stream = io.BytesIO()
    SimpleDocTemplate(stream, title=TITLE, author=ISSUER).build(list(story))
    return stream.getvalue()


def make_grid_table(rows: Sequence[Sequence[str]], *spans: tuple[Any, ...]) -> Table:
    """A table with lines around its cells."""
    cells = [[Paragraph(cell, make_style(10)) for cell in row] for row in rows]
    lines = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
    return Table(cells, style=[lines, *spans], colWidths=[110] * len(rows[0]))


def make_pdf() -> bytes:
    return render_pdf(
        Paragraph(TITLE, make_style(18)), Paragraph(TEXT, make_style(10)), PageBreak(),
        Paragraph(SECTION, make_style(14)), *(Paragraph(f"- {one}", make_style(10)) for one in ITEMS),
        make_grid_table(ROWS),
    )  # fmt: skip


def draw_pdf(draw: Callable[[Any], Any], **options: Any) -> bytes:
    """A PDF drawn by hand."""
    stream = io.BytesIO()
    sheet = Canvas(stream, **options)
    make_style(10)
    draw(sheet)
    sheet.save()
    return stream.getvalue()


def make_html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    items = "".join(f"<li>{one}</li>" for one in ITEMS)
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title><meta name='author' content='{ISSUER}'>"
        "<script>alert('menu')</script></head><body><nav><ul><li>홈</li></ul></nav><main>"
        f"<h1>{TITLE}</h1><p>{TEXT}</p><h2>{SECTION}</h2><ul>{items}</ul><table>{rows}</table>"
        "</main><footer>저작권</footer></body></html>"
    ).encode()


def make_zip(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        warnings.simplefilter("ignore")  # one test writes a name twice
        for name, data in members:
            packed.writestr(name, data)
    return stream.getvalue()


def repack_zip(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A packed document with its parts changed; None leaves a part out."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(one, change(one, packed.read(one))) for one in packed.namelist()]
    return make_zip(*((name, part) for name, part in parts if part is not None))


def render_delimited(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(row) for row in rows) + "\n"


def _save_to_bytes(save: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()
