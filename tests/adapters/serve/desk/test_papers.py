"""Papers as Markdown, HTML and PDF: nothing in them is markup but ours, and Korean is in its font."""

from __future__ import annotations

import ctypes
import ctypes.util
import re

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from adapters.errors import PdfFailed
from adapters.serve.desk import pdf
from adapters.serve.desk.pdf import convert_to_pdf
from adapters.serve.desk.templates import render_html, render_markdown
from bot.admin.desk.papers import Chart, DeskPaper, PaperSection

HOSTILE = '<b>굵게</b> | [링크](http://x.example) `코드` "} </style><script>1</script>'
ROWS = tuple((f"주제 {number}", str(number)) for number in range(1, 60))
PAPER = DeskPaper(
    "agenda-vn-hanoi-2026-12-15", f"정기회의 안건 {HOSTILE}", "ko", (f"장소: {HOSTILE}\n# 제목",),
    (
        PaperSection("요약", (HOSTILE,)),
        PaperSection(
            "주제", (), ("주제", "건수"), ROWS, Chart("건수", (("세무", 4), ("통관", 1))),
            frozenset({1}), frozenset({0}),
        ),
    ),
)  # fmt: skip
has_pango = pytest.mark.skipif(
    ctypes.util.find_library("pangoft2-1.0") is None, reason="Pango is not installed"
)


def test_markdown_holds_no_markup_of_others() -> None:
    text = render_markdown(PAPER)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(ROWS)
    assert text.count("\n# ") == 0 and text.startswith("# 정기회의")
    assert not re.search(r"(?<!\\)[<`\[]", text) and "\n\n\n" not in text
    assert "|---|---:|" in text


def test_html_holds_no_markup_of_others() -> None:
    html = render_html(PAPER)
    assert html.count("<script") == 0 and html.count("</style>") == 1
    assert "<b>" not in html and html.count("<tr") == 1 + len(ROWS)
    assert "http" not in re.sub(r"http://(www\.w3\.org|x\.example)", "", html)


def test_a_korean_word_is_not_broken_over_lines() -> None:
    section = PaperSection(
        "표", ("긴급도 a<b",), ("긴급도",), (("창업자를가장오래기다리게한일의이름",),)
    )
    html = render_html(DeskPaper("x", "x", "ko", (), (section,)))
    assert html.count('<span class="word">긴급도</span>') == 2
    assert "a&lt;b" in html and "<td>창업자를가장오래기다리게한일의이름</td>" in html  # too long


def test_a_chart_shows_the_figures_in_proportion() -> None:
    html = render_html(PAPER)
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', html)]
    assert len(widths) == 2 and widths[0] == pytest.approx(4 * widths[1], abs=0.3)
    assert re.findall(r">(\w+)</text>", html) == ["세무", "4", "통관", "1"]


def test_a_wide_table_turns_the_page() -> None:
    section = PaperSection("표", (), tuple("abcdefghi"), (tuple("123456789"),))
    wide = DeskPaper("x", "x", "en", (), (section,))
    assert "landscape" in render_html(wide) and "landscape" not in render_html(PAPER)


def list_fonts(page: pypdfium2.PdfPage) -> dict[str, set[str]]:
    """The letters of a page by the name of their font."""
    text, found = page.get_textpage(), dict[str, set[str]]()
    for index in range(text.count_chars()):
        name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(text, index, name, 100, flags)
        found.setdefault(name.value.decode(), set()).add(text.get_text_range(index, 1))
    return found


@has_pango
def test_a_pdf_shows_korean_in_its_font_in_margins_too() -> None:
    document = pypdfium2.PdfDocument(convert_to_pdf(render_html(PAPER)))
    assert len(document) >= 2
    first, second = document[0], document[1]
    assert "굵게" in first.get_textpage().get_text_range()
    second_text = second.get_textpage().get_text_range()
    assert "정기회의 안건" in second_text and "2 / " in second_text  # the margin boxes
    for page in (first, second):
        korean = {
            name
            for name, letters in list_fonts(page).items()
            if any("가" <= letter <= "힣" for letter in letters)
        }
        assert korean and all("CJK" in name or "Nanum" in name for name in korean), korean


@has_pango
def test_a_page_cannot_read_files_or_the_net() -> None:
    html = '<p>here</p><img src="file:///etc/passwd"><iframe src="http://127.0.0.1:9/"></iframe>'
    document = pypdfium2.PdfDocument(convert_to_pdf(html))
    assert document[0].get_textpage().get_text_range().strip() == "here"


def test_a_page_that_takes_too_long_ends_the_child_only() -> None:
    with pytest.raises(PdfFailed, match=r"longer than 0\.05 seconds"):
        convert_to_pdf("<p>x</p>", 0.05)


def test_without_pango_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child cannot import the library, as where cffi finds no Pango."""
    broken = pdf._CHILD_SCRIPT.replace(
        "from adapters",
        "import builtins\nload = builtins.__import__\n"
        "def refuse(name, *rest, **more):\n"
        "    if name == 'weasyprint': raise OSError('cannot load library libpango')\n"
        "    return load(name, *rest, **more)\n"
        "builtins.__import__ = refuse\nfrom adapters",
    )
    monkeypatch.setattr(pdf, "_CHILD_SCRIPT", broken)
    with pytest.raises(PdfFailed, match=r"apt-get install libpango.*--format html"):
        convert_to_pdf("<p>x</p>")
