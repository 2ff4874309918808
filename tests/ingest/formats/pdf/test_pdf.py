"""PDF: lines that are tables, sizes that are headings, pages that are pictures."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.utils import ImageReader
from reportlab.platypus import PageBreak, Paragraph

from ingest.document.convert import convert_bytes
from ingest.errors import Unreadable
from ingest.formats import worker
from tests.samples.office_files import FONT_NAME, draw_pdf, make_grid_table, make_style, render_pdf

LONG = "이 사업은 수출 중소기업의 해외 시장 진출을 돕는 사업이며 다음과 같이 신청을 받습니다. " * 4


def render_markdown(data: bytes) -> str:
    return convert_bytes(data, "notice.pdf").markdown


def test_a_paragraph_is_whole_where_its_lines_were_full() -> None:
    found = render_markdown(
        render_pdf(Paragraph(LONG, make_style(10)), Paragraph("짧은 글.", make_style(10)))
    )
    assert found.splitlines()[2:] == [LONG.strip(), "", "짧은 글."]


def test_marks_of_notices_begin_lines_of_their_own() -> None:
    marks = [
        "□ 신청 대상",
        "○ 내수기업",
        "- 서류 1부",
        "※ 유의 사항",
        "1. 절차",
        "가. 접수",
        "① 심사",
    ]
    lines = [f"{mark} {LONG.strip()}" for mark in marks]
    found = render_markdown(render_pdf(*(Paragraph(line, make_style(10)) for line in lines)))
    assert found.split("\n\n")[1:] == lines


def test_a_program_that_keeps_blanks_breaks_lines_within_words() -> None:
    def draw(sheet: Any) -> None:
        sheet.setFont(FONT_NAME, 11)
        lines = [
            "첫 줄은 낱말 끝에서 끝나고 ",
            "둘째 줄은 낱말 안에서 끝납니",
            "다. 셋째 줄입니다.",
        ]
        for number, line in enumerate(lines):
            sheet.drawString(50, 700 - 16 * number, line)

    assert "끝나고 둘째 줄은 낱말 안에서 끝납니다. 셋째" in render_markdown(draw_pdf(draw))


def test_merged_cells_reach_as_far_as_no_line_ends_them() -> None:
    rows = [["구분", "한도", ""], ["내수", "3천만", "70%"], ["", "5천만", "50%"]]
    table = make_grid_table(rows, ("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 1), (0, 2)))
    lines = render_markdown(
        render_pdf(Paragraph("위의 글", make_style(10)), table, Paragraph("아래", make_style(10)))
    )
    assert lines.splitlines()[2:] == [
        "위의 글", "", "| 구분 | 한도 |  |", "| --- | --- | --- |", "| 내수 | 3천만 | 70% |",
        "| 내수 | 5천만 | 50% |", "", "아래",
    ]  # fmt: skip


def test_a_long_cell_is_one_cell_and_shading_changes_nothing() -> None:
    rows = [["구분", "내용"], ["긴 칸", "수출 중소기업이 협약 기간 안에 모두 써야 하는 지원 금액"]]
    shaded = make_grid_table(rows, ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey))
    assert f"| 긴 칸 | {rows[1][1]} |" in render_markdown(render_pdf(shaded))


def test_a_frame_around_text_and_a_line_below_it_are_no_tables() -> None:
    def draw(sheet: Any) -> None:
        sheet.setFont(FONT_NAME, 11)
        sheet.rect(40, 600, 300, 120)
        sheet.line(40, 590, 340, 590)
        sheet.drawString(60, 650, "틀 안의 글")

    assert render_markdown(draw_pdf(draw)) == "<!-- page 1 -->\n\n틀 안의 글"


def test_sizes_set_by_a_matrix_are_sizes_too() -> None:
    def draw(sheet: Any) -> None:
        for scale, y, text in ((20, 700, "큰 제목"), (10, 660, LONG[:45]), (10, 645, "둘째 글")):
            sheet.saveState()
            sheet.translate(50, y)
            sheet.scale(scale, scale)
            sheet.setFont(FONT_NAME, 1)
            sheet.drawString(0, 0, text)
            sheet.restoreState()

    assert "# 큰 제목" in render_markdown(draw_pdf(draw)).splitlines()


def test_printed_page_numbers_are_no_text() -> None:
    def draw(sheet: Any) -> None:
        for number in (1, 2):
            sheet.setFont(FONT_NAME, 11)
            sheet.drawString(50, 700, f"{number}쪽의 글")
            sheet.drawString(290, 30, f"- {number} -")
            sheet.showPage()

    assert render_markdown(draw_pdf(draw)).split("\n\n") == [
        "<!-- page 1 -->", "1쪽의 글", "<!-- page 2 -->", "2쪽의 글",
    ]  # fmt: skip


def draw_page_image(text: str) -> ImageReader:
    """What a scanner makes of a page."""
    image = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(image).text((120, 150), text, fill=0, font_size=60)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return ImageReader(stream)


def make_scanned_pdf(*pages: str | None) -> bytes:
    """A PDF whose pages are pictures; None is a page of letters."""

    def draw(sheet: Any) -> None:
        for page in pages:
            if page is None:
                sheet.setFont(FONT_NAME, 11)
                sheet.drawString(50, 700, "글자로 된 쪽")
            else:
                sheet.drawImage(draw_page_image(page), 0, 0, 595, 842)
            sheet.showPage()

    return draw_pdf(draw)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program called tesseract that says what it was asked."""
    path = tmp_path / "tesseract"
    worker.stop_idle_workers()  # a child may run only the program that was there at its start
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path.write_text('#!/bin/sh\necho "asked: $@"\nhead -c 4 | tail -c 3\n')
    path.chmod(0o755)
    return path


@pytest.mark.usefixtures("without_tesseract")
def test_a_scanned_document_is_refused_with_its_pages_and_the_remedy() -> None:
    with pytest.raises(Unreadable, match=r"pages 1–3 are scanned\. Install tesseract.*-kor"):
        render_markdown(make_scanned_pdf("one", "two", "three"))


@pytest.mark.usefixtures("without_tesseract")
def test_scanned_pages_among_others_are_noted() -> None:
    found = convert_bytes(make_scanned_pdf("one", None, "three"), "a.pdf")
    assert "pages 1, 3 are scanned and were left out" in str(found.note)
    assert "글자로 된 쪽" in found.markdown


@pytest.mark.usefixtures("program")
def test_scanned_pages_go_through_tesseract_and_stand_in_their_places() -> None:
    found = convert_bytes(make_scanned_pdf("one", None), "a.pdf")
    first, second = found.markdown.split("<!-- page 2 -->")
    assert (
        first.split("\n\n", 1)[1].strip() == "asked: stdin stdout --dpi 300 -l kor+eng --psm 6\nPNG"
    )
    assert second.strip() == "글자로 된 쪽"
    assert "check what was recognised" in str(found.note)


def test_what_tesseract_complains_of_is_told(program: Path) -> None:
    program.write_text('#!/bin/sh\necho "Failed loading language kor" >&2\nexit 1\n')
    with pytest.raises(
        Unreadable, match=r"page 1 \(Failed loading language kor\).*tesseract-ocr-kor"
    ):
        render_markdown(make_scanned_pdf("one"))


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_reads_a_page() -> None:
    assert "Export voucher 2026" in render_markdown(make_scanned_pdf("Export voucher 2026"))


def test_an_empty_page_is_not_a_scanned_one() -> None:
    found = convert_bytes(
        render_pdf(Paragraph("짧은 말", make_style(10)), PageBreak(), PageBreak()), "a.pdf"
    )
    assert found.note is None


def test_a_letter_drawn_alone_is_read_or_the_missing_font_is_named() -> None:
    table = make_grid_table([["구분", "대상"], ["내수기업", "○"], ["유망기업", "가"]])
    try:
        assert "| 내수기업 | ○ |" in render_markdown(render_pdf(table))
    except Unreadable as error:
        assert "Install a Korean font" in str(error)


def test_blanks_drawn_alone_in_a_common_font_are_no_lost_letters() -> None:
    def draw(sheet: Any) -> None:
        for x, text in ((50, "Export"), (85, " "), (90, "voucher")):
            sheet.drawString(x, 700, text)

    assert render_markdown(draw_pdf(draw)).split("\n\n")[1] == "Export voucher"
