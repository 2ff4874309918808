"""The cells of a workbook as a reader sees them. With `sheets` the only module that uses openpyxl."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter

from ingest.formats.left_out import LeftOut
from ingest.formats.links import write_link
from ingest.formats.office import xml, zip_xml
from ingest.formats.office.number_formats import format_value

_WHITE = frozenset({"FFFFFFFF", "00FFFFFF"})
_FORMULA_MARK = b"<f"
# A whole formula with its address written in it; one that is put together cannot be read.
_LINK_FORMULA = re.compile(
    r'\s*=?\s*HYPERLINK\(\s*"(?P<address>(?:[^"]|"")*)"\s*[,;)].*', re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class HiddenAreas:
    """The rows and columns of a sheet that are hidden, by number from 1, and their names."""

    rows: frozenset[int]
    columns: frozenset[int]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaCells:
    """What only the formulas of a workbook tell: `unsaved` are the cells whose value is not stored
    ("산출!D2"), `addresses` those of links by title and cell."""

    unsaved: tuple[str, ...]
    addresses: dict[tuple[str, str], str]


def find_hidden_areas(sheet: Any, width: int) -> HiddenAreas:
    """What is hidden in the first `width` columns of a sheet, also by a height or width of zero."""
    rows = {
        number
        for number, row in sheet.row_dimensions.items()
        if (row.hidden or row.height == 0) and number <= sheet.max_row
    }
    if sheet.sheet_format.zeroHeight:
        rows |= set(range(1, sheet.max_row + 1)) - set(sheet.row_dimensions)
    columns = {
        number
        for column in sheet.column_dimensions.values()
        if column.hidden or (column.customWidth and column.width == 0)
        for number in range(column.min or 1, min(column.max or 0, width) + 1)
    }
    spans = [*_name_spans(rows, str), *_name_spans(columns, get_column_letter)]
    return HiddenAreas(
        frozenset(rows), frozenset(columns), tuple(f"{sheet.title}!{span}" for span in spans)
    )


def _name_spans(numbers: set[int], name: Any) -> Iterator[str]:
    """1, 2, 3 and 7 as "1:3" and "7:7"."""
    for first in sorted(number for number in numbers if number - 1 not in numbers):
        last = first
        while last + 1 in numbers:
            last += 1
        yield f"{name(first)}:{name(last)}"


def read_cell(cell: Any, left_out: LeftOut, address: str = "") -> str:
    """A value as Excel displays it, with the address of a link; what is not seen is left out.

    `address` is the one that its formula gives."""
    if cell.value is None:
        return ""
    shown = _read_text(cell.value, left_out) if _is_text(cell.value) else cell.value
    text = _format_shown(shown, str(cell.number_format))
    if text and cell.font and cell.font.strike and not isinstance(cell.value, CellRichText):
        left_out.leave_out("struck", text)
    elif text and _is_pale(cell):
        left_out.leave_out("pale", text)
    elif not text and isinstance(cell.value, (int, float)):
        left_out.leave_out("hidden", str(cell.value))  # by a format such as `;;;`
    else:
        target = str(cell.hyperlink.target or "") if cell.hyperlink else ""
        return write_link(text, target or address) if target or address else text
    left_out.keep()
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, CellRichText))


def _read_text(value: str | CellRichText, left_out: LeftOut) -> str:
    if not isinstance(value, CellRichText):
        return value
    parts: list[str] = []
    for part in value:
        if isinstance(part, TextBlock) and part.font and part.font.strike:
            left_out.leave_out("struck", str(part.text))
        else:
            left_out.keep()
            parts.append(str(part))
    left_out.keep()
    return "".join(parts)


def _format_shown(value: Any, form: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (str, int, float, datetime, date, time, timedelta)):
        return format_value(value, form).strip()
    return str(value).strip()


def _is_pale(cell: Any) -> bool:
    """Whether a cell is white on nothing; a table's style or a condition may colour what is behind."""
    color = cell.font.color if cell.font else None
    is_white = color is not None and (
        (color.type == "rgb" and color.rgb in _WHITE)
        or (color.type == "theme" and color.theme == 0)
    )
    sheet = cell.parent
    return bool(
        is_white
        and cell.fill.fill_type is None
        and not sheet.tables
        and not len(sheet.conditional_formatting)
    )


def read_formulas(data: bytes, titles: Sequence[str]) -> FormulaCells:
    """What the formulas of these sheets tell.

    A formula whose value is an empty text is stored as such, and is not unsaved.
    """
    unsaved: list[str] = []
    addresses: dict[tuple[str, str], str] = {}
    for title, content in _iterate_sheets(data, titles):
        for cell in xml.iterate_elements(content, "c"):
            for formula in xml.find_children(cell, "f"):
                name = str(cell.get("r"))
                if not _is_saved(cell):
                    unsaved.append(f"{title}!{name}")
                if match := _LINK_FORMULA.fullmatch(formula.text or ""):
                    addresses[title, name] = match["address"].replace('""', '"')
    return FormulaCells(tuple(unsaved), addresses)


def _iterate_sheets(data: bytes, titles: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The titles and the XML of these sheets, where they have formulas."""
    with zip_xml.open_zip(data) as archive:
        book = xml.parse_xml(zip_xml.read_part(archive, "xl/workbook.xml"))
        links = xml.parse_xml(zip_xml.read_part(archive, "xl/_rels/workbook.xml.rels"))
        parts = {str(link.get("Id")): str(link.get("Target")) for link in links}
        for sheet in xml.find_descendants(book, "sheet"):
            title, part = str(sheet.get("name")), parts.get(_get_relation(sheet), "")
            path = part.lstrip("/") if part.startswith("/") else normpath(join("xl", part))
            if title in titles and path in archive.namelist():
                content = zip_xml.read_part(archive, path)
                if _FORMULA_MARK in content:
                    yield title, content


def _get_relation(sheet: xml.Element) -> str:
    values = (value for key, value in sheet.attrib.items() if key.endswith("}id"))
    return str(next(values, ""))


def _is_saved(cell: xml.Element) -> bool:
    values = xml.find_children(cell, "v")
    return cell.get("t") == "str" or bool(values and (values[0].text or "").strip())
