"""HWPX documents as a reader sees them."""

from __future__ import annotations

import pytest

from ingest.document.convert import convert_bytes
from ingest.types import ConvertedFile
from tests.samples.notes import list_kinds
from tests.samples.office_files import make_zip

HEAD = """<hh:head xmlns:hh="h" xmlns:hc="c"><hh:refList>
<hh:borderFill id="5"><hc:fillBrush><hc:winBrush faceColor="#1F4E79"/></hc:fillBrush></hh:borderFill>
<hh:charPr id="0"/><hh:charPr id="1"><hh:strikeout shape="SOLID"/></hh:charPr>
<hh:charPr id="2"><hh:strikeout shape="3D"/><hh:underline type="CENTER" shape="3D"/></hh:charPr>
<hh:charPr id="3"><hh:underline type="CENTER" shape="DASH"/></hh:charPr>
<hh:charPr id="4" textColor="#FFFFFF" shadeColor="none"/>
<hh:charPr id="6"><hh:strikeout shape="NONE"/></hh:charPr>
<hh:charPr id="7" height="100"/><hh:charPr id="8" height="1000"><hh:supscript/></hh:charPr>
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
        ("look", "kind"),
        [
            (1, "struck_left_out"),
            (3, "struck_left_out"),
            (4, "white_left_out"),
            (7, "hidden_left_out"),
        ],
    )
    def test_struck_white_and_tiny_words_are_left_out(self, look: int, kind: str) -> None:
        found = make_hwpx(render_words((0, "한도 "), (look, "3천만원"), (0, " 5천만원")))
        assert found.markdown == "한도 5천만원"
        assert list_kinds(found.note) == {kind: {"count": 1, "first": "3천만원"}}

    def test_a_raised_figure_is_no_digit_of_the_number_before(self) -> None:
        found = make_hwpx(render_words((0, "최대 5,000"), (8, "1)"), (0, "만원")))
        assert found.markdown == "최대 5,000¹⁾만원"

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
