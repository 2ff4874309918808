"""What readers of a document do not see is not quoted, and the admin is told; addresses are kept."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import RGBColor
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from pptx import Presentation
from pptx.dml.color import RGBColor as SlideColor
from pptx.util import Inches

from ingest.document.convert import convert_bytes
from ingest.remarks import Remark
from ingest.types import ConvertedFile
from tests.samples.office_files import make_xlsx, make_zip, repack_zip

FAULTS = Path(__file__).with_name("faults")
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read_fault(name: str) -> ConvertedFile:
    return convert_bytes((FAULTS / name).read_bytes(), name)


def save(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def list_kinds(note: Remark | None) -> dict[str, dict[str, object]]:
    """The remarks in a note by kind, with their figures."""
    if note is None:
        return {}
    if note.kind != "two_remarks":
        return {note.kind: dict(note.facts)}
    parts = [fact for fact in note.facts.values() if isinstance(fact, Remark)]
    return {kind: facts for part in parts for kind, facts in list_kinds(part).items()}


class TestFaults:
    """The files in which these were found, each with what its readers see."""

    def test_struck_words_are_left_out_and_counted(self) -> None:
        page = read_fault("struck.html")
        assert "기업당 5,000만원까지" in page.markdown and "2026년 12월 18일까지" in page.markdown
        assert "3,000만원" not in page.markdown and "3월 31일" not in page.markdown
        assert list_kinds(page.note) == {"struck_left_out": {"count": 2, "first": "3,000만원"}}
        word = read_fault("struck.docx")
        assert word.markdown.endswith("기업당 5,000만원까지 지원합니다.")
        assert list_kinds(word.note) == {"struck_left_out": {"count": 1, "first": "3,000만원"}}

    def test_hidden_words_are_left_out(self) -> None:
        found = read_fault("hidden_text.docx")
        assert found.markdown.endswith("기업당 5,000만원까지 지원합니다.")
        assert list_kinds(found.note)["hidden_left_out"]["count"] == 1

    @pytest.mark.parametrize("ending", ["html", "docx", "pptx"])
    def test_addresses_behind_words_are_kept(self, ending: str) -> None:
        found = read_fault(f"link.{ending}").markdown
        assert "온라인 접수창구 (https://apply.example.go.kr/voucher/2026)에서만 받습니다." in found

    def test_hidden_rows_and_columns_are_left_out(self) -> None:
        found = read_fault("hidden.xlsx")
        assert found.markdown.splitlines()[2:] == [
            "| 구분 | 지원 한도 |", "| --- | --- |", "| 소액 통관비 | 500만원 |",
            "| 시험 인증비 | 1,200만원 |",
        ]  # fmt: skip
        assert list_kinds(found.note) == {"areas_left_out": {"areas": "지원!3:3, 지원!C:C"}}

    def test_units_of_number_formats_are_kept(self) -> None:
        assert read_fault("units.xlsx").markdown.splitlines()[4:] == [
            "| 통관비 | 500만원 | 70% | 92.5점 | 2026년 3월 19일 |",
            "| 시험 인증비 | 1,200만원 | 66% | 80.0점 | 26.06.27(토) |",
            "| 물류비 | 30,000천원 | 0.5 | 75 | 10/5 (2026-10-05) |",
        ]

    def test_formulas_without_values_are_named(self) -> None:
        found = read_fault("formula_without_value.xlsx")
        assert list_kinds(found.note) == {
            "formulas_unsaved": {"count": 2, "cells": "산출!D2, 산출!D3"}
        }

    def test_the_outline_of_hangul_has_numbers_without_being_defined(self) -> None:
        assert read_fault("outline_by_default.hwpx").markdown.split("\n\n") == [
            "1. 지원 대상", "2. 지원 한도", "3. 제출 서류", "4. 문의처",
        ]  # fmt: skip


class TestPages:
    """HTML."""

    @pytest.mark.parametrize(
        "page",
        [
            "<p>한도 <strike>낡은</strike> 새</p>",
            "<p>한도 <span style='text-decoration: line-through'>낡은</span> 새</p>",
            "<style>.old{text-decoration:line-through}</style><p>한도 <b class='x old'>낡은</b> 새</p>",
            "<style>td .old, .gone{color:red;text-decoration:line-through red}</style>"
            "<p>한도 <i class=gone>낡은</i> 새</p>",
            "<style>p > span{text-decoration-line:underline line-through}</style>"
            "<p>한도 <span><b>낡은</b></span> 새</p>",
            "<style>@media screen{del,.z{color:gray}}</style><p>한도 <del><em>낡은</em></del> 새</p>",
            "<p>한도 새</p><del><p>낡은 문단</p><ul><li>낡은 항목</li></ul></del>",
            "<p>한도 <span style='display:none'>낡은</span> 새</p>",
            "<p>한도 <span style='DISPLAY : NONE !important'>낡은</span> 새</p>",
            "<p>한도 <span hidden>낡은</span> 새</p>",
            "<style>#memo{visibility:hidden}</style><p>한도 <span id=memo>낡은</span> 새</p>",
            "<style>.tab{display:block}.tab.off{display:none}</style>"
            "<p>한도 새</p><div class='tab off'><p>낡은</p></div>",
            "<p>한도 <span style='font-size:0'>낡은</span> 새</p>",
        ],
    )
    def test_what_is_struck_or_hidden_is_left_out(self, page: str) -> None:
        found = convert_bytes(f"<html><body>{page}</body></html>".encode(), "a.html")
        assert (found.markdown, len(list_kinds(found.note))) == ("한도 새", 1)

    @pytest.mark.parametrize(
        "page",
        [
            "<style>s{text-decoration:none}</style><p><s>보이는 글</s></p>",
            "<style>@media print{p{display:none}}</style><p>보이는 글</p>",
            "<style>p:hover{text-decoration:line-through}</style><p>보이는 글</p>",
            "<style>p{display:none} p.on{display:block}</style><p class=on>보이는 글</p>",
            "<div style='visibility:hidden'><p style='visibility:visible'>보이는 글</p></div>",
            "<a aria-controls=more href='#'></a><div id=more hidden>보이는 글</div>",
            "<dl><dd style='display:none'>보이는 글</dd></dl>",
            "<a href='#t1'></a><div id=t1 style='display:none'>보이는 글</div>",
            "<style>p{color:red;/* display:none; */}</style><p>보이는 글</p>",
        ],
    )
    def test_what_is_shown_or_can_be_opened_stays(self, page: str) -> None:
        found = convert_bytes(f"<html><body>{page}</body></html>".encode(), "a.html")
        assert (found.markdown, found.note) == ("보이는 글", None)

    def test_a_struck_cell_leaves_the_others_in_their_columns(self) -> None:
        page = (
            "<table><tr><th>구분<th>한도<th>비고<tr><td>통관<td style='text-decoration:line-through'>"
            "900<td>새<tr style='display:none'><td>옛<td>1<td>2<tr><td>물류<td>500<td>-</table>"
        )
        assert convert_bytes(f"<html>{page}</html>".encode(), "a").markdown.splitlines()[2:] == [
            "| 통관 |  | 새 |", "| 물류 | 500 | - |",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("link", "shown"),
        [
            ("<a href='https://a.kr/x'>신청서</a>", "신청서 (https://a.kr/x)"),
            ("<a href='tel:+82-2-1234-5678'>대표전화</a>", "대표전화 (+82-2-1234-5678)"),
            ("<a href='mailto:a@b.kr?subject=x'>우편</a>", "우편 (a@b.kr)"),
            ("<a href='tel:+82212345678'>02-1234-5678</a>", "02-1234-5678"),
            ("<a href='mailto:a@b.kr'>a@b.kr</a>", "a@b.kr"),
            ("<a href='https://www.a.kr/'>a.kr</a>", "a.kr"),
            ("<a href='https://a.kr/form'>https://a.kr/form</a>", "https://a.kr/form"),
            ("<a href='https://a.kr/apply'>apply</a>", "apply (https://a.kr/apply)"),
            ("<a href='/down.do?id=1'>공고문.hwp</a>", "공고문.hwp (https://site.kr/down.do?id=1)"),
            ("<a href='#top'>위로</a>", "위로"),
            ("<a href='javascript:go(1)'>목록</a>", "목록"),
            ("<a href='https://a.kr/x'><b>굵은</b> <i>말 </i></a>", "굵은 말 (https://a.kr/x)"),
        ],
    )
    def test_links(self, link: str, shown: str) -> None:
        page = f"<html><body><p>앞 {link} 뒤</p></body></html>".encode()
        found = convert_bytes(page, "a.html", address="https://site.kr/board/view.do")
        assert found.markdown == f"앞 {shown} 뒤"

    def test_a_link_around_blocks_and_one_in_a_heading_a_list_and_a_cell(self) -> None:
        page = (
            "<a href='https://a.kr/1'><div>카드</div></a><h2><a href='https://a.kr/2'>제목</a></h2>"
            "<p>글</p><ul><li><a href='https://a.kr/3'>항목</a></li></ul><table><tr><td>가<td>"
            "<a href='https://a.kr/4'>칸</a></table>"
        )
        found = convert_bytes(f"<html><body>{page}</body></html>".encode(), "a").markdown
        for number in range(1, 5):
            assert found.count(f"(https://a.kr/{number})") == 1

    def test_a_relative_link_of_an_unknown_page_is_completed_by_what_the_page_says(self) -> None:
        link = "<body><p><a href='b.do'>신청</a></p></body>"
        for head in (
            "<base href='https://a.kr/x/'>",
            "<link rel=canonical href='https://a.kr/x/a'>",
        ):
            page = f"<html><head>{head}</head>{link}</html>".encode()
            assert convert_bytes(page, "a").markdown == "신청 (https://a.kr/x/b.do)"
        assert convert_bytes(f"<html>{link}</html>".encode(), "a").markdown == "신청"


def make_docx(change: Callable[[Any], None]) -> ConvertedFile:
    document = docx.Document()
    change(document)
    return convert_bytes(save(document), "a.docx")


def add_runs(document: Any, *properties: str) -> Any:
    """A paragraph "보인다 낡은 끝" whose second word has these properties."""
    paragraph = document.add_paragraph()
    paragraph.add_run("보인다 ")
    run = paragraph.add_run("낡은 ")
    run._r.get_or_add_rPr().extend(parse_xml(one.replace("/>", f" {WORD}/>")) for one in properties)
    paragraph.add_run("끝")
    return run


class TestWord:
    """DOCX."""

    @pytest.mark.parametrize(
        ("properties", "kind"),
        [
            (["<w:strike/>"], "struck_left_out"), (["<w:dstrike w:val='true'/>"], "struck_left_out"),
            (["<w:vanish/>"], "hidden_left_out"), (["<w:color w:val='FFFFFF'/>"], "white_left_out"),
            (["<w:color w:val='ffffff' w:themeColor='background1'/>"], "white_left_out"),
        ],
    )  # fmt: skip
    def test_what_is_not_seen_is_left_out(self, properties: list[str], kind: str) -> None:
        found = make_docx(lambda document: add_runs(document, *properties))
        assert found.markdown == "보인다 끝"
        assert list_kinds(found.note) == {kind: {"count": 1, "first": "낡은"}}

    @pytest.mark.parametrize(
        "properties",
        [
            ["<w:strike w:val='0'/>"], ["<w:vanish w:val='false'/>"], ["<w:color w:val='auto'/>"],
            ["<w:color w:val='FFFFFF'/>", "<w:shd w:val='clear' w:fill='1F4E79'/>"],
            ["<w:color w:val='FFFFFF'/>", "<w:highlight w:val='black'/>"],
            ["<w:webHidden/>"],
        ],
    )  # fmt: skip
    def test_what_is_seen_stays(self, properties: list[str]) -> None:
        found = make_docx(lambda document: add_runs(document, *properties))
        assert (found.markdown, found.note) == ("보인다 낡은 끝", None)

    def test_styles_strike_and_hide(self) -> None:
        def change(document: Any) -> None:
            base = document.styles.add_style("Old", WD_STYLE_TYPE.CHARACTER)
            base.font.strike = True
            inner = document.styles.add_style("Older", WD_STYLE_TYPE.CHARACTER)
            inner.base_style = base
            hidden = document.styles.add_style("Memo", WD_STYLE_TYPE.PARAGRAPH)
            hidden.font.hidden = True
            paragraph = document.add_paragraph("한도 ")
            paragraph.add_run("낡은 ", style="Older")
            paragraph.add_run("새")
            document.add_paragraph("내부용", style="Memo")
            open_ = document.add_paragraph("", style="Memo").add_run("공개")
            open_.font.hidden = False
            again = document.add_paragraph().add_run("되살림", style="Older")
            again.font.strike = False

        found = make_docx(change)
        assert found.markdown.split("\n\n") == ["한도 새", "공개", "되살림"]
        assert set(list_kinds(found.note)) == {"struck_left_out", "hidden_left_out"}

    def test_white_words_in_a_coloured_cell_stay(self) -> None:
        def change(document: Any) -> None:
            table = document.add_table(2, 2)
            for y, row in enumerate((("구분", "한도"), ("통관", "500"))):
                for x, words in enumerate(row):
                    run = table.cell(y, x).paragraphs[0].add_run(words)
                    if y == 0:
                        run.font.color.rgb = RGBColor(255, 255, 255)
                        fill = f"<w:shd {WORD} w:val='clear' w:fill='1F4E79'/>"
                        table.cell(y, x)._tc.get_or_add_tcPr().append(parse_xml(fill))

        found = make_docx(change)
        assert (found.markdown.splitlines()[0], found.note) == ("| 구분 | 한도 |", None)

    def test_a_struck_paragraph_keeps_its_number(self) -> None:
        def change(document: Any) -> None:
            document.add_paragraph("첫째", style="List Number")
            struck = document.add_paragraph(style="List Number").add_run("둘째")
            struck.font.strike = True
            document.add_paragraph("셋째", style="List Number")

        assert make_docx(change).markdown.split("\n\n") == ["1. 첫째", "3. 셋째"]

    @pytest.mark.parametrize(
        "field",
        [
            "<w:fldSimple w:instr=' HYPERLINK &quot;https://a.kr/x&quot; '><w:r><w:t>여기</w:t></w:r>"
            "</w:fldSimple>",
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK "
            "&quot;https://a.kr/</w:instrText></w:r><w:r><w:instrText>x&quot; </w:instrText></w:r>"
            "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>여</w:t></w:r><w:r><w:t>기</w:t>"
            "</w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>",
        ],
    )
    def test_links_that_are_fields(self, field: str) -> None:
        def change(document: Any) -> None:
            document.element.body.insert(0, parse_xml(f"<w:p {WORD}>{field}</w:p>"))

        assert make_docx(change).markdown == "여기 (https://a.kr/x)"

    def test_a_place_in_the_document_is_no_address(self) -> None:
        link = (
            f"<w:p {WORD}><w:hyperlink w:anchor='top'><w:r><w:t>위</w:t></w:r></w:hyperlink></w:p>"
        )
        found = make_docx(lambda document: document.element.body.insert(0, parse_xml(link)))
        assert found.markdown == "위"


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


class TestSlides:
    """PPTX."""

    def test_struck_white_and_hidden_words_and_slides(self) -> None:
        deck = Presentation()
        first = deck.slides.add_slide(deck.slide_layouts[5])
        first.shapes.title.text = "한도"
        box = first.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        for words, strike in (("기업당 ", ""), ("3천만원 ", "sngStrike"), ("5천만원", "")):
            run = box.text_frame.paragraphs[0].add_run()
            run.text = words
            if strike:
                run._r.get_or_add_rPr().set("strike", strike)
        white = box.text_frame.add_paragraph().add_run()
        white.text, white.font.color.rgb = "몰래", SlideColor(255, 255, 255)
        filled = first.shapes.add_shape(1, Inches(5), Inches(5), Inches(2), Inches(1))
        filled.text_frame.text = "상자"
        filled.text_frame.paragraphs[0].runs[0].font.color.rgb = SlideColor(255, 255, 255)
        gone = first.shapes.add_textbox(0, 0, Inches(1), Inches(1))
        gone.text_frame.text = "꺼진 상자"
        gone._element.nvSpPr.cNvPr.set("hidden", "1")
        second = deck.slides.add_slide(deck.slide_layouts[5])
        second.shapes.title.text = "내부"
        second._element.set("show", "0")
        found = convert_bytes(save(deck), "a.pptx")
        assert found.markdown.split("\n\n") == [
            "<!-- page 1 -->", "## 한도", "기업당 5천만원", "상자",
        ]  # fmt: skip
        assert list_kinds(found.note) == {
            "struck_left_out": {"count": 1, "first": "3천만원"},
            "white_left_out": {"count": 1, "first": "몰래"},
            "hidden_left_out": {"count": 1, "first": "꺼진 상자"},
            "slides_left_out": {"slides": "2"},
        }

    def test_white_words_on_a_dark_slide_stay(self) -> None:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = SlideColor(0, 0, 80)
        run = (
            slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.paragraphs[0].add_run()
        )
        run.text, run.font.color.rgb = "흰 글", SlideColor(255, 255, 255)
        assert convert_bytes(save(deck), "a.pptx").markdown.endswith("흰 글")

    def test_one_link_over_two_runs_and_one_on_a_shape(self) -> None:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        paragraph = slide.shapes.add_textbox(0, 0, 99, 99).text_frame.paragraphs[0]
        for words in ("온라인 ", "접수"):
            run = paragraph.add_run()
            run.text, run.hyperlink.address = words, "https://a.kr/x"
        shape = slide.shapes.add_textbox(0, 0, 99, 99)
        shape.text_frame.text = "단추"
        shape.click_action.hyperlink.address = "https://a.kr/y"
        lines = convert_bytes(save(deck), "a.pptx").markdown.split("\n\n")[1:]
        assert lines == ["온라인 접수 (https://a.kr/x)", "단추 (https://a.kr/y)"]


HEAD = """<hh:head xmlns:hh="h" xmlns:hc="c"><hh:refList>
<hh:borderFill id="5"><hc:fillBrush><hc:winBrush faceColor="#1F4E79"/></hc:fillBrush></hh:borderFill>
<hh:charPr id="0"/><hh:charPr id="1"><hh:strikeout shape="SOLID"/></hh:charPr>
<hh:charPr id="2"><hh:strikeout shape="3D"/><hh:underline type="CENTER" shape="3D"/></hh:charPr>
<hh:charPr id="3"><hh:underline type="CENTER" shape="DASH"/></hh:charPr>
<hh:charPr id="4" textColor="#FFFFFF" shadeColor="none"/>
<hh:charPr id="6"><hh:strikeout shape="NONE"/></hh:charPr>
<hh:paraPr id="1"><hh:heading type="OUTLINE" idRef="0" level="0"/></hh:paraPr>
</hh:refList></hh:head>"""


def make_hwpx(*paragraphs: str) -> ConvertedFile:
    body = "".join(paragraphs)
    section = f'<hs:sec xmlns:hs="s" xmlns:hp="p">{body}</hs:sec>'
    data = make_zip(
        ("mimetype", b"application/hwp+zip"),
        ("Contents/header.xml", HEAD.encode()),
        ("Contents/section0.xml", section.encode()),
    )
    return convert_bytes(data, "a.hwpx")


def render_words(*runs: tuple[int, str], shape: int = 0) -> str:
    inner = "".join(
        f'<hp:run charPrIDRef="{look}"><hp:t>{words}</hp:t></hp:run>' for look, words in runs
    )
    return f'<hp:p paraPrIDRef="{shape}">{inner}</hp:p>'


class TestHangul:
    """HWPX."""

    @pytest.mark.parametrize(
        ("look", "kind"), [(1, "struck_left_out"), (3, "struck_left_out"), (4, "white_left_out")]
    )
    def test_struck_and_white_words_are_left_out(self, look: int, kind: str) -> None:
        found = make_hwpx(render_words((0, "한도 "), (look, "3천만원"), (0, " 5천만원")))
        assert found.markdown == "한도 5천만원"
        assert list_kinds(found.note) == {kind: {"count": 1, "first": "3천만원"}}

    @pytest.mark.parametrize("look", [0, 2, 6])
    def test_the_line_that_hangul_does_not_draw_strikes_nothing(self, look: int) -> None:
        found = make_hwpx(render_words((0, "한도 "), (look, "3천만원")))
        assert (found.markdown, found.note) == ("한도 3천만원", None)

    def test_white_words_in_a_coloured_cell_stay(self) -> None:
        cells = "".join(
            f'<hp:tc borderFillIDRef="{fill}"><hp:subList>{render_words((4, words))}</hp:subList></hp:tc>'
            for fill, words in ((5, "구분"), (1, "몰래"), (5, "한도"))
        )
        found = make_hwpx(f"<hp:p><hp:run><hp:tbl><hp:tr>{cells}</hp:tr></hp:tbl></hp:run></hp:p>")
        assert found.markdown.splitlines()[0] == "| 구분 | 한도 |"

    def test_a_struck_paragraph_keeps_its_number_and_deleted_words_go(self) -> None:
        deleted = (
            '<hp:p><hp:run charPrIDRef="0"><hp:t>남은 <hp:deleteBegin/>지운 <hp:deleteEnd/>글'
            "</hp:t></hp:run></hp:p>"
        )
        found = make_hwpx(
            *(render_words((look, words), shape=1) for look, words in
              ((0, "대상"), (1, "옛 한도"), (0, "서류"))), deleted,
        )  # fmt: skip
        assert found.markdown.split("\n\n") == ["1. 대상", "# 3. 서류", "남은 글"]

    @pytest.mark.parametrize(
        "field",
        [
            '<hp:stringParam name="Path">https://a.kr/x?a=1;b</hp:stringParam>',
            r'<hp:stringParam name="Command">https\://a.kr/x?a=1\;b;1;0;0;</hp:stringParam>',
        ],
    )
    def test_links(self, field: str) -> None:
        found = make_hwpx(
            '<hp:p><hp:run><hp:t>앞 </hp:t><hp:ctrl><hp:fieldBegin type="HYPERLINK"><hp:parameters>'
            f"{field}</hp:parameters></hp:fieldBegin></hp:ctrl><hp:t>접수창구</hp:t><hp:ctrl>"
            "<hp:fieldEnd/></hp:ctrl><hp:t>에서</hp:t></hp:run></hp:p>"
        )
        assert found.markdown == "앞 접수창구 (https://a.kr/x?a=1;b)에서"
