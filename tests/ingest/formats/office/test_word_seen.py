"""Word documents as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import RGBColor

from ingest.document.convert import convert_bytes
from ingest.types import ConvertedFile
from tests.samples.notes import list_kinds, save

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


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
            (["<w:sz w:val='2'/>"], "hidden_left_out"),
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

    def test_a_raised_figure_is_no_digit_of_the_number_before(self) -> None:
        def write(document: Any) -> None:
            paragraph = document.add_paragraph("최대 5,000")
            paragraph.add_run("1)").font.superscript = True
            paragraph.add_run("만원")

        assert make_docx(write).markdown == "최대 5,000¹⁾만원"

    def test_rows_and_cells_that_are_deleted_in_a_tracked_change_are_left_out(self) -> None:
        def write(document: Any) -> None:
            table = document.add_table(rows=3, cols=2)
            for number, words in enumerate(
                ("구분", "한도", "폐지", "9,000만원", "통관", "500만원")
            ):
                table.cell(number // 2, number % 2).text = words
            mark = parse_xml(f"<w:del {WORD} w:id='1' w:author='a'/>")
            table.rows[1]._tr.get_or_add_trPr().append(mark)
            table.rows[2]._tr.append(parse_xml(
                f"<w:tc {WORD}><w:tcPr><w:cellDel w:id='2' w:author='a'/></w:tcPr>"
                "<w:p><w:r><w:t>옛 칸</w:t></w:r></w:p></w:tc>"
            ))  # fmt: skip

        assert make_docx(write).markdown.splitlines()[2:] == ["| 통관 | 500만원 |"]
