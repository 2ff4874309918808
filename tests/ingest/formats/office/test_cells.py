"""Workbooks as a reader sees them."""

from __future__ import annotations

import re

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill

from ingest.document.convert import convert_bytes
from tests.samples.notes import list_kinds, save
from tests.samples.office_files import make_xlsx, repack_zip


class TestWorkbooks:
    """XLSX."""

    def test_hidden_sheets_columns_in_ranges_and_rows_of_no_height(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "표"
        for row in (["가", "나", "다", "라"], ["1", "2", "3", "4"], ["5", "6", "7", "8"]):
            sheet.append(row)
        sheet.column_dimensions.group("B", "C", hidden=True)
        book.create_sheet("메모").append(["내부"])
        book["메모"].sheet_state = "veryHidden"
        data = repack_zip(
            save(book), lambda _, part: part.replace(b'<row r="3"', b'<row r="3" ht="0"')
        )
        found = convert_bytes(data, "a.xlsx")
        assert found.markdown.splitlines()[2:] == ["| 가 | 라 |", "| --- | --- |", "| 1 | 4 |"]
        assert list_kinds(found.note) == {"areas_left_out": {"areas": "메모, 표!3:3, 표!B:C"}}

    def test_a_merged_cell_that_begins_in_a_hidden_column_is_seen(self) -> None:
        book = openpyxl.Workbook()
        for row in (["숨김", "나", "다"], ["넓은 칸", None, "3"], ["숨김", "6", "7"]):
            book.active.append(row)
        book.active.merge_cells("A2:B2")
        book.active.column_dimensions["A"].hidden = True
        lines = convert_bytes(save(book), "a.xlsx").markdown.splitlines()
        assert lines[2:] == ["| 나 | 다 |", "| --- | --- |", "| 넓은 칸 | 3 |", "| 6 | 7 |"]

    def test_struck_white_and_formatted_away_cells(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["구분", "한도", "비고"])
        sheet.append(["통관", 900, 1])
        sheet.append(["물류", "흰 글", "칠한 칸"])
        old = InlineFont(strike=True)
        sheet.append(["시험", CellRichText(TextBlock(old, "300만원"), " 500만원"), "-"])
        sheet["B2"].font = Font(strike=True)
        sheet["C2"].number_format = ";;;"
        sheet["B3"].font = sheet["C3"].font = Font(color="FFFFFFFF")
        sheet["C3"].fill = PatternFill("solid", fgColor="FF1F4E79")
        found = convert_bytes(save(book), "a.xlsx")
        assert found.markdown.splitlines()[4:] == [
            "| 통관 |  |  |", "| 물류 |  | 칠한 칸 |", "| 시험 | 500만원 | - |",
        ]  # fmt: skip
        assert list_kinds(found.note) == {
            "struck_left_out": {"count": 2, "first": "900"},
            "hidden_left_out": {"count": 1, "first": "1"},
            "white_left_out": {"count": 1, "first": "흰 글"},
        }

    def test_a_formula_whose_value_is_empty_text_is_none_without_value(self) -> None:
        cell = b'<c r="A2" t="str"><f>IF(A1="","","x")</f><v></v></c>'
        data = repack_zip(
            make_xlsx({"표": [["가", "나"], ["다", "라"]]}),
            lambda name, part: (
                re.sub(rb'<c r="A2".*?</c>', cell, part) if "sheet1" in name else part
            ),
        )
        found = convert_bytes(data, "a.xlsx")
        assert (found.markdown.splitlines()[-1], found.note) == ("|  | 라 |", None)

    def test_a_linked_cell_of_sources_keeps_its_address_whole(self) -> None:
        rows = [("질문", "답변", "출처"), ("얼마?", "많이", "바로가기")]
        data = make_xlsx({"FAQ": rows}, C2="https://example.org/a")
        assert convert_bytes(data, "a.xlsx").markdown.endswith("출처: https://example.org/a")

    @pytest.mark.parametrize(
        ("formula", "shown"),
        [
            ('HYPERLINK("https://example.org/a","안내")', "안내 (https://example.org/a)"),
            ('hyperlink( "https://example.org/a?x=1&amp;y=2" , "안내")',
             "안내 (https://example.org/a?x=1&y=2)"),
            ('HYPERLINK("https://example.org/a")', "안내 (https://example.org/a)"),
            ('HYPERLINK("#표!A1","안내")', "안내"),  # a place in the workbook
            ('HYPERLINK("https://example.org/"&amp;A1,"안내")', "안내"),  # put together
            ('IF(A1="","-",HYPERLINK("https://example.org/a","안내"))', "안내"),
        ],
    )  # fmt: skip
    def test_the_address_in_a_formula_of_a_link_is_kept(self, formula: str, shown: str) -> None:
        cell = f'<c r="B2" t="str"><f>{formula}</f><v>안내</v></c>'.encode()
        data = repack_zip(
            make_xlsx({"표": [["가", "나"], ["다", "라"]]}),
            lambda name, part: (
                re.sub(rb'<c r="B2".*?</c>', lambda _: cell, part) if "sheet1" in name else part
            ),
        )
        found = convert_bytes(data, "a.xlsx")
        assert (found.markdown.splitlines()[-1], found.note) == (f"| 다 | {shown} |", None)
