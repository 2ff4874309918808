"""Pages as a reader sees them: without struck and hidden words, with addresses."""

from __future__ import annotations

import pytest

from ingest.document.convert import convert_bytes
from tests.samples.notes import list_kinds


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
            "<style>.blind{position:absolute;left:-9999px}</style><p>한도 <b class=blind>낡은</b> 새</p>",
            "<style>.sr{position:absolute;clip:rect(0, 0, 0, 0)}</style><p>한도 <i class=sr>낡은</i> 새</p>",
            "<style>.sr{position:absolute;width:1px;height:1px;overflow:hidden}</style>"
            "<p>한도 <i class=sr>낡은</i> 새</p>",
            "<p>한도 <span style='position:absolute;clip-path:inset(50%)'>낡은</span> 새</p>",
            "<p>한도 <span style='display:block;text-indent:-9999px'>낡은</span> 새</p>",
            "<p>한도 <span style='transform:scale(0)'>낡은</span> 새</p>",
            "<p>한도 <span style='content-visibility:hidden'>낡은</span> 새</p>",
            "<p>한도 <span style='color:transparent'>낡은</span> 새</p>",
            "<p>한도 <span style='color:rgba(0, 0, 0, 0)'>낡은</span> 새</p>",
            "<p>한도 <font color='#FFFFFF'>낡은</font> 새</p>",
            "<style>.w{color:#fff;background:#ffffff}</style><p>한도 <b class=w>낡은</b> 새</p>",
            "<div style='color:white'>낡은</div><p>한도 새</p>",
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
            "<div style='background:#1f4e79'><p style='color:#fff'>보이는 글</p></div>",
            "<table bgcolor=navy><tr><td><font color=white>보이는 글</font></table>",
            "<link rel=stylesheet href=a.css><p style='color:#fff'>보이는 글</p>",
            "<div style='background:url(a.png)'><p style='color:#fff'>보이는 글</p></div>",
            "<div style='color:#fff'><p style='color:#333'>보이는 글</p></div>",
            "<div style='height:0;overflow:hidden'><p>보이는 글</p></div>",
            "<p style='position:absolute;left:-20px;text-indent:-10px'>보이는 글</p>",
            "<p style='transform:scale(0.9);width:1px'>보이는 글</p>",
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
