"""Web pages: the part that is about something, and all of it."""

from __future__ import annotations

import pytest

from ingest.document.convert import convert_bytes
from ingest.errors import Unreadable


def render_markdown(body: str, head: str = "") -> str:
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return convert_bytes(page.encode(), "page.html").markdown


def test_menus_and_feet_are_left_out_without_a_marked_main_part() -> None:
    page = "<header>로그인</header><nav>메뉴</nav><div><p>본문</p></div><footer>저작권</footer>"
    assert render_markdown(page) == "본문"


def test_a_small_element_called_main_does_not_hide_the_page() -> None:
    assert "본문" in render_markdown(f"<main>찾기</main><div>{'본문 ' * 50}</div>")


def test_lists_in_lists_and_numbers_are_kept() -> None:
    inner = "<ul><li>내수<ol><li>서류</li><li>심사</li></ol></li><li>유망</li></ul>"
    assert render_markdown(inner).splitlines() == ["- 내수", "  1. 서류", "  2. 심사", "- 유망"]


def test_merged_cells_and_captions() -> None:
    table = (
        "<table><caption>한도</caption><tr><th>구분</th><th colspan=2>한도</th></tr>"
        "<tr><td rowspan=2>내수</td><td>3천만<br>이내</td><td>70%</td></tr>"
        "<tr><td>5천만</td><td>50%</td></tr></table>"
    )
    assert render_markdown(table).splitlines() == [
        "한도", "", "| 구분 | 한도 |  |", "| --- | --- | --- |", "| 내수 | 3천만 이내 | 70% |",
        "| 내수 | 5천만 | 50% |",
    ]  # fmt: skip


def test_a_table_that_only_lays_out_is_no_table() -> None:
    layout = "<table><tr><td>메모</td><td><h2>제목</h2><p>글</p></td></tr></table>"
    assert render_markdown(layout) == "메모\n\n## 제목\n\n글"


def test_questions_that_fold_are_headings() -> None:
    page = "<dl><dt>얼마?</dt><dd>많이</dd></dl><details><summary>언제?</summary>지금</details>"
    assert render_markdown(page) == "##### 얼마?\n\n많이\n\n##### 언제?\n\n지금"


def test_text_around_blocks_and_in_inline_marks_is_not_lost() -> None:
    page = "앞 <b>굵은</b> 글<p>가운데</p>뒤의 <a href='/x'>링크</a> 글<br>둘째 줄<form><p>칸</p></form>"
    assert render_markdown(page) == "앞 굵은 글\n\n가운데\n\n뒤의 링크 글\n둘째 줄\n\n칸"


def test_programs_and_hidden_parts_are_no_text() -> None:
    assert render_markdown("<script>var a</script><style>p{}</style><p>글</p><!-- 주석 -->") == "글"


def test_what_the_head_says_is_a_property() -> None:
    head = (
        "<title>바우처 | KOTRA</title><meta property='og:site_name' content='KOTRA'>"
        "<meta property='article:published_time' content='2026-03-02'>"
    )
    page = f"<html><head>{head}</head><body>글</body></html>"
    assert convert_bytes(page.encode(), "a").properties == {
        "title": "바우처 | KOTRA", "issuer": "KOTRA", "created": "2026-03-02",
    }  # fmt: skip


def test_korean_pages_of_the_nineties_and_tables_saved_as_xls_are_read() -> None:
    page = "<html><meta charset=euc-kr><body><table><tr><td>국가<td>관세<tr><td>독일<td>0%</table>"
    found = convert_bytes(page.encode("cp949"), "관세.xls")
    assert (found.kind, found.markdown.splitlines()[-1]) == ("html", "| 독일 | 0% |")


def test_xhtml_with_a_declaration_is_a_page() -> None:
    page = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
    assert convert_bytes(f"{page}<body><p>글</p></body></html>".encode(), "a").markdown == "글"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<ol start=5><li>가<li>나</ol>", "5. 가\n6. 나"),
        ("<ol><li value=3>가<li>나</ol>", "3. 가\n4. 나"),
        ("<ol type=a><li>가<li>나</ol>", "a. 가\nb. 나"),
        ("<ol type=I start=4><li>가</ol>", "IV. 가"),
        ("<ol reversed><li>가<li>나</ol>", "2. 가\n1. 나"),
        ("<ol start=x><li>가</ol>", "1. 가"),
    ],
)
def test_items_have_the_numbers_that_the_page_shows(page: str, shown: str) -> None:
    assert convert_bytes(f"<html><body>{page}</body></html>".encode(), "a.html").markdown == shown


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("최대 5,000<sup>1)</sup>만원", "최대 5,000¹⁾만원"),
        ("10<sup>6</sup>개, 30m<sup><b>2</b></sup>", "10⁶개, 30m²"),
        ("1<sup>st</sup>", "1st"),
    ],
)
def test_raised_figures_are_no_digits_of_the_number_before(page: str, shown: str) -> None:
    page = f"<html><body><p>{page}</p></body></html>"
    assert convert_bytes(page.encode(), "a.html").markdown == shown


@pytest.mark.parametrize("tag", ["o:p", "st1:place", "fb:like", "h1.<b", "가"])
def test_elements_of_any_name_keep_their_page(tag: str) -> None:
    """Word writes <o:p>, and a forgotten ">" makes a name of what follows."""
    assert "하노이" in render_markdown(f"<p>앞</p><{tag}><p>하노이</p></{tag}><p>뒤</p>")


@pytest.mark.parametrize("sign", ["\x0b", "&#11;", "&#x1;", "&#0;", "&#xFFFE;"])
def test_control_characters_keep_their_page(sign: str) -> None:
    page = f"<p>수출{sign} <a href='https://a.kr/{sign}b'>신청{sign}</a> m<sup>2{sign}</sup></p>"
    words = render_markdown(page, head="<title>x</title>")
    assert "수출" in words and "신청" in words and "²" in words and "\ufffd" not in words


def test_an_empty_page_has_no_text() -> None:
    with pytest.raises(Unreadable) as refused:
        convert_bytes(b"<html><!-- x -->", "page.html")
    assert refused.value.remark.kind == "no_text"
