"""Excel workbooks: tables, or questions and answers. Only this module and `cells` use openpyxl."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ingest.errors import Unreadable
from ingest.formats.left_out import LeftOut
from ingest.formats.office import xml, zip_xml
from ingest.formats.office.cells import FormulaCells, find_hidden_areas, read_cell, read_formulas
from ingest.formats.text import faq
from ingest.formats.text.markdown import TABLE_MAX_COLUMNS, Block, Heading, render_document
from ingest.types import ReadFile

SHEET_MAX_CELLS = 1_000_000


def read_xlsx(data: bytes, columns: Mapping[str, str]) -> ReadFile:
    """The Markdown of an XLSX file and its properties; `columns` maps roles to headers.

    Sheets, rows and columns that are hidden are left out.

    Raises Unreadable if it is damaged or too large, or if no sheet has the columns.
    """
    properties = zip_xml.read_office_properties(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise Unreadable("damaged", why=str(error)) from error
    _refuse_missing_sheets(data, book.sheetnames)
    left_out = LeftOut()
    left_out.areas += [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    shown = [sheet for sheet in book.worksheets if has_text(sheet)]
    formulas = read_formulas(data, [sheet.title for sheet in shown])
    sheets = {sheet.title: _read_rows(sheet, formulas, left_out) for sheet in shown}
    left_out.formulas += formulas.unsaved
    # The columns that the admin named belong to one sheet; the others are read without them.
    named = [title for title, rows in sheets.items() if _has_columns(rows, columns)]
    if columns and not named:
        faq.build_table_blocks([], columns)
    blocks = [
        block
        for title, rows in sheets.items()
        for block in _build_sheet_blocks(title, rows, columns if title in named else {})
    ]
    return ReadFile(render_document(blocks), properties, left_out.list_remarks())


def _refuse_missing_sheets(data: bytes, read: list[str]) -> None:
    """Raise Unreadable for a sheet whose part is missing, which openpyxl silently leaves out."""
    with zip_xml.open_zip(data) as archive:
        book = xml.parse_xml(zip_xml.read_part(archive, "xl/workbook.xml"))
    for sheet in xml.find_descendants(book, "sheet"):
        if sheet.get("name") not in read:
            raise Unreadable("sheet_missing", sheet=str(sheet.get("name")))


def _build_sheet_blocks(
    title: str, rows: list[list[str]], columns: Mapping[str, str]
) -> list[Block]:
    blocks = faq.build_table_blocks(rows, columns)
    has_heading = any(isinstance(block, Heading) for block in blocks)
    return blocks if has_heading else [Heading(2, title), *blocks]


def _has_columns(rows: list[list[str]], columns: Mapping[str, str]) -> bool:
    try:
        return bool(columns) and bool(faq.build_table_blocks(rows, columns))
    except Unreadable:
        return False


def has_text(sheet: Any) -> bool:
    """Whether a sheet is visible and not empty.

    Raises Unreadable for a sheet that declares too many cells; openpyxl would create them all.
    """
    if sheet.sheet_state != "visible":
        return False
    if sheet.max_row * min(sheet.max_column, TABLE_MAX_COLUMNS) > SHEET_MAX_CELLS:
        raise Unreadable("sheet_too_large", sheet=sheet.title, most=f"{SHEET_MAX_CELLS:,}")
    return bool(sheet.max_row)


def _read_rows(sheet: Any, formulas: FormulaCells, left_out: LeftOut) -> list[list[str]]:
    """The rows as displayed; a cell that is merged over several rows is repeated in each."""
    width = min(sheet.max_column, TABLE_MAX_COLUMNS)
    hidden = find_hidden_areas(sheet, width)
    left_out.areas += hidden.names
    columns = [x for x in range(1, width + 1) if x not in hidden.columns]
    merged = {
        (row, next((x for x in columns if area.min_col <= x <= area.max_col), area.min_col)): (
            area.min_row, area.min_col,
        )
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1)
    }  # fmt: skip

    def read(cell: Any) -> str:
        address = formulas.addresses.get((sheet.title, cell.coordinate), "")
        return read_cell(cell, left_out, address)

    rows = [
        [read(sheet.cell(*merged.get((y, x), (y, x)))) for x in columns]
        for y in range(1, sheet.max_row + 1)
        if y not in hidden.rows
    ]
    return [row for row in rows if any(row)]
