"""Folders of made-up agencies, as their office programs would write them: see own_documents.yaml."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import yaml
from hwpx import HwpxDocument
from reportlab.platypus import Paragraph, SimpleDocTemplate

from tests.samples.office_files import make_style

DESCRIPTION = Path(__file__).with_suffix(".yaml")
# How the files mark a question and its answer: {n} is the number of the question.
FAQ_MARKS: Mapping[str, tuple[str, str]] = {
    "Q.": ("Q. ", "A. "),
    "Q1.": ("Q{n}. ", "A{n}. "),
    "문답": ("문: ", "답: "),
    "물음표": ("{n}. ", ""),
}


@cache
def load_folders() -> list[dict[str, Any]]:
    """The folders with their files and questions."""
    folders: list[dict[str, Any]] = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return folders


def write_folder(described: Mapping[str, Any], target: Path) -> Path:
    """Write the files of one folder below `target`; their folder."""
    folder = target / str(described["folder"])
    folder.mkdir(parents=True)
    for one in described["files"]:
        path = folder / one["name"]
        path.write_bytes(_make_file(one, described["agency"], path))
    return folder


def _make_file(one: Mapping[str, Any], agency: str, path: Path) -> bytes:
    title, blocks = one["title"], one.get("blocks", ())
    if path.suffix == ".docx":
        return _make_docx(title, agency, blocks)
    if path.suffix == ".xlsx":
        return _make_xlsx(title, agency, one["sheets"], one.get("merge"))
    if path.suffix == ".pdf":
        return _make_faq_pdf(title, agency, one["faq"], FAQ_MARKS[one["style"]])
    if path.suffix == ".hwpx":
        return _make_hwpx(title, blocks, path)
    return _make_html(title, agency, blocks)


def _make_docx(title: str, agency: str, blocks: Iterable[Mapping[str, Any]]) -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, agency
    document.add_heading(title, 0)
    for block in blocks:
        if "h" in block:
            document.add_heading(block["h"], 1)
        elif "p" in block:
            document.add_paragraph(block["p"])
        elif "t" in block:
            rows = block["t"]
            table = document.add_table(len(rows), len(rows[0]))
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    table.cell(y, x).text = cell
        for item in block.get("li", ()):
            document.add_paragraph(item, style="List Bullet")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _make_xlsx(
    title: str, agency: str, sheets: Mapping[str, Sequence[Sequence[str]]], merge: str | None
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = title, agency
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
        if merge and number == 0:
            sheet.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _make_faq_pdf(
    title: str, agency: str, faq: Sequence[Sequence[str]], marks: tuple[str, str]
) -> bytes:
    story = [Paragraph(title, make_style(18))]
    for number, (question, answer) in enumerate(faq, 1):
        ask, say = (mark.format(n=number) for mark in marks)
        story += [
            Paragraph(ask + question, make_style(11)),
            Paragraph(say + answer, make_style(10)),
        ]
    stream = io.BytesIO()
    SimpleDocTemplate(stream, title=title, author=agency).build(story)
    return stream.getvalue()


def _make_hwpx(title: str, blocks: Iterable[Mapping[str, Any]], path: Path) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = HwpxDocument.new()
        document.add_heading(title, level=1)
        for block in blocks:
            if "h" in block:
                document.add_heading(block["h"], level=2)
            elif "p" in block:
                document.add_paragraph(block["p"], style="바탕글")
            elif "t" in block:
                rows = block["t"]
                table = document.add_table(len(rows), len(rows[0]))
                for y, row in enumerate(rows):
                    for x, cell in enumerate(row):
                        table.set_cell_text(y, x, cell)
            items = block.get("li", ())
            for item in items:
                document.add_paragraph(item, style="바탕글")
            last = len(document.paragraphs)
            if items:
                numbers = list(range(last - len(items), last))
                document.set_list_format(paragraph_indexes=numbers, kind="bullet")
        document.save_to_path(str(path))
    return path.read_bytes()


def _make_html(title: str, agency: str, blocks: Iterable[Mapping[str, Any]]) -> bytes:
    body = [f"<h1>{title}</h1>"]
    for block in blocks:
        if "h" in block:
            body.append(f"<h2>{block['h']}</h2>")
        elif "p" in block:
            body.append(f"<p>{block['p']}</p>")
        elif "t" in block:
            head, *rows = block["t"]
            lines = [_render_row(head, "th"), *(_render_row(row, "td") for row in rows)]
            body.append(f"<table>{''.join(lines)}</table>")
        else:
            body.append(f"<ul>{''.join(f'<li>{item}</li>' for item in block['li'])}</ul>")
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta name='author' content='{agency}'></head><body><nav><ul><li>Home</li></ul></nav>"
        f"<main>{''.join(body)}</main><footer>© {agency}</footer></body></html>"
    ).encode()


def _render_row(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
