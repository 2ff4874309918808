"""What a reader of a PDF does not see is left out and told; the address behind words is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.colors import Color, black, white, yellow

from ingest.document.convert import convert_bytes
from ingest.errors import Unreadable
from tests.ingest.formats.pdf.test_pdf import draw_page_image
from tests.samples.office_files import FONT_NAME, draw_pdf
from tests.samples.pdf.sources import FOLDER

Draw = Callable[[Any], None]
GARBLED = (FOLDER / "garbled.pdf").read_bytes()


def convert_drawing(draw: Draw) -> tuple[str, str]:
    """What is read of a page, and what the admin is told."""

    def draw_in_korean(sheet: Any) -> None:
        sheet.setFont(FONT_NAME, 11)
        draw(sheet)

    found = convert_bytes(draw_pdf(draw_in_korean), "a.pdf")
    return found.markdown.removeprefix("<!-- page 1 -->\n\n"), str(found.note or "")


def measure(words: str, sheet: Any) -> float:
    return float(sheet.stringWidth(words, FONT_NAME, 11))


def strike_words(sheet: Any) -> None:
    sheet.drawString(60, 700, "지원 한도 3,000만원 5,000만원")
    start = 60 + measure("지원 한도 ", sheet)
    sheet.line(start, 704, start + measure("3,000만원", sheet), 704)


def strike_with_thin_area(sheet: Any) -> None:
    sheet.drawString(60, 700, "지원 한도 3,000만원 5,000만원")
    start = 60 + measure("지원 한도 ", sheet)
    sheet.rect(start, 703.5, measure("3,000만원", sheet), 0.6, fill=1, stroke=0)


def strike_twice(sheet: Any) -> None:
    strike_words(sheet)
    start = 60 + measure("지원 한도 ", sheet)
    sheet.line(start, 702.5, start + measure("3,000만원", sheet), 702.5)


@pytest.mark.parametrize("draw", [strike_words, strike_with_thin_area, strike_twice])
def test_words_with_a_line_through_them_are_left_out(draw: Draw) -> None:
    text, note = convert_drawing(draw)
    assert text == "지원 한도 5,000만원"
    assert "struck" in note and "“3,000만원”" in note


def test_lines_below_and_above_words_and_of_tables_strike_nothing() -> None:
    def draw(sheet: Any) -> None:
        sheet.drawString(60, 700, "밑줄 친 글")
        sheet.line(60, 698, 130, 698)
        sheet.drawString(60, 670, "윗줄 친 글")
        sheet.line(60, 681, 130, 681)

    text, note = convert_drawing(draw)
    assert text.split("\n\n") == ["밑줄 친 글", "윗줄 친 글"] and not note


def draw_invisible(sheet: Any) -> None:
    text = sheet.beginText(60, 680)
    text.setTextRenderMode(3)
    text.textOut("숨은 지시문")
    sheet.drawText(text)


def draw_white(sheet: Any) -> None:
    sheet.setFillColor(white)
    sheet.drawString(60, 680, "숨은 지시문")


def draw_blue_on_blue(sheet: Any) -> None:
    sheet.setFillColorRGB(0.1, 0.2, 0.6)
    sheet.rect(50, 670, 200, 25, fill=1, stroke=0)
    sheet.drawString(60, 680, "숨은 지시문")


def draw_outside(sheet: Any) -> None:
    sheet.drawString(700, 680, "숨은 지시문")


def draw_tiny(sheet: Any) -> None:
    sheet.setFont(FONT_NAME, 0.6)
    sheet.drawString(60, 680, "숨은 지시문")


def draw_faint(sheet: Any) -> None:
    sheet.setFillColor(Color(0, 0, 0, alpha=0.01))
    sheet.drawString(60, 680, "숨은 지시문")


def draw_covered(sheet: Any) -> None:
    sheet.drawString(60, 680, "숨은 지시문")
    sheet.setFillColor(black)
    sheet.rect(55, 672, 100, 22, fill=1)


@pytest.mark.parametrize(
    "draw",
    [
        draw_invisible,
        draw_white,
        draw_blue_on_blue,
        draw_outside,
        draw_tiny,
        draw_faint,
        draw_covered,
    ],
)
def test_words_that_cannot_be_seen_are_left_out(draw: Draw) -> None:
    def draw_both(sheet: Any) -> None:
        sheet.drawString(60, 720, "보이는 글")
        draw(sheet)

    text, note = convert_drawing(draw_both)
    assert text == "보이는 글"
    assert "“숨은 지시문”" in note and "left out" in note


def test_white_words_on_a_dark_ground_and_marked_words_are_seen() -> None:
    def draw(sheet: Any) -> None:
        sheet.setFillColorRGB(0.1, 0.2, 0.6)
        sheet.rect(50, 690, 300, 30, fill=1, stroke=0)
        sheet.setFillColor(white)
        sheet.drawString(60, 700, "사업 개요")
        sheet.setFillColor(yellow)
        sheet.rect(58, 665, 100, 16, fill=1, stroke=0)
        sheet.setFillColor(black)
        sheet.drawString(60, 670, "강조한 글")
        sheet.setFillColor(Color(1, 1, 0, alpha=0.4))
        sheet.rect(58, 635, 100, 16, fill=1, stroke=0)
        sheet.setFillColor(black)
        sheet.drawString(60, 640, "덧칠한 글")

    text, note = convert_drawing(draw)
    assert text.split("\n\n") == ["사업 개요", "강조한 글", "덧칠한 글"] and not note


def test_the_text_of_a_scanned_page_is_kept_and_to_be_checked() -> None:
    def draw(sheet: Any) -> None:
        sheet.drawImage(draw_page_image("scan"), 0, 0, 595, 842)
        draw_invisible(sheet)

    text, note = convert_drawing(draw)
    assert text == "숨은 지시문" and "recognised by another program" in note


def test_the_address_behind_words_is_kept() -> None:
    def draw(sheet: Any) -> None:
        sheet.drawString(60, 700, "신청은 여기에서 합니다.")
        start, end = (60 + measure(words, sheet) for words in ("신청은 ", "신청은 여기"))
        sheet.linkURL("https://a.example.org/x?y=1", (start, 697, end, 712))

    assert convert_drawing(draw)[0] == "신청은 여기 (https://a.example.org/x?y=1)에서 합니다."


def test_a_link_over_two_lines_has_its_address_once_and_a_shown_one_is_not_repeated() -> None:
    def draw(sheet: Any) -> None:
        for y, words in ((700, "두 줄에 걸친"), (685, "링크입니다")):
            sheet.drawString(60, y, words)
            sheet.linkURL(
                "https://c.example.org/z", (60, y - 3, 60 + measure(words, sheet), y + 12)
            )
        sheet.drawString(60, 640, "https://b.example.org/")
        sheet.linkURL("https://b.example.org", (60, 637, 200, 652))
        sheet.drawString(60, 600, "스크립트")
        sheet.linkURL("javascript:alert(1)", (60, 597, 110, 612))

    text, _ = convert_drawing(draw)
    assert text.count("https://c.example.org/z") == 1 and "링크입니다 (https://c" in text
    assert text.count("b.example.org") == 1 and "javascript" not in text


def test_turned_pages_are_read_along_their_lines() -> None:
    def draw(sheet: Any) -> None:
        sheet.setPageRotation(90)
        sheet.rotate(90)
        sheet.drawString(100, -100, "돌려 앉힌 첫 줄")
        sheet.drawString(100, -140, "둘째 줄")

    assert convert_drawing(draw)[0].split("\n\n") == ["돌려 앉힌 첫 줄", "둘째 줄"]


def test_letters_without_meaning_are_refused_without_tesseract(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match=r"pages 1 have no Unicode table.*install tesseract"):
        convert_bytes(GARBLED, "a.pdf")


def test_garbled_pages_among_others_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reply = {"kind": "pdf", "markdown": "글", "properties": {"garbled": "2, 3"}}
    monkeypatch.setattr("ingest.formats.worker.read_in_child", lambda *_: reply)
    monkeypatch.setattr("ingest.formats.pdf.ocr.find_tesseract", lambda: None)
    note = str(convert_bytes(GARBLED, "a.pdf").note)
    assert "pages 2–3 were left out, because their fonts" in note


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_letters_without_meaning_are_recognised_with_tesseract() -> None:
    found = convert_bytes(GARBLED, "a.pdf")
    assert "지원 한도" in found.markdown and "recognised from their picture" in str(found.note)
