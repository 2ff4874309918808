"""Hangul's documents: what only they have."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hwpx import HwpxDocument

from ingest.document.convert import convert_bytes
from ingest.formats.office.numbering import format_number

Draw = Callable[[Any], None]
BOTH = pytest.mark.parametrize("ending", [".hwp", ".hwpx"])


def render_markdown(draw: Draw, ending: str, folder: Path) -> str:
    path = folder / f"made{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        doc = HwpxDocument.new()
        draw(doc)
        doc.save_to_path(str(path))
    return convert_bytes(path.read_bytes(), path.name).markdown


def draw_merged_cells(doc: Any) -> None:
    table = doc.add_table(3, 3)
    texts = ["구분", "한도", "", "내수", "3천만", "70%", "", "5천만", "50%"]
    for place, text in enumerate(texts):
        table.set_cell_text(*divmod(place, 3), text)
    table.merge_cells(0, 1, 0, 2)
    table.merge_cells(1, 0, 2, 0)


@BOTH
def test_a_cell_over_several_rows_is_said_in_each(ending: str, tmp_path: Path) -> None:
    lines = render_markdown(draw_merged_cells, ending, tmp_path).splitlines()
    assert lines[0] == "| 구분 | 한도 |  |"
    assert lines[2:] == ["| 내수 | 3천만 | 70% |", "| 내수 | 5천만 | 50% |"]


def draw_hanging_numbers(doc: Any) -> None:
    paragraph = doc.add_paragraph("본문입니다", style="바탕글")
    doc.add_footnote("각주입니다", paragraph)
    doc.add_endnote("미주입니다", paragraph)
    doc.add_hyperlink("https://example.org", display_text="누리집")
    doc.add_equation("a over b")
    doc.add_paragraph("첫 줄\n둘째 줄\t뒤", style="바탕글")


@BOTH
def test_notes_links_formulas_and_line_ends_are_not_lost(ending: str, tmp_path: Path) -> None:
    found = render_markdown(draw_hanging_numbers, ending, tmp_path)
    lines = found.splitlines()
    for one in (
        "본문입니다",
        "각주입니다",
        "미주입니다",
        "누리집",
        "a over b",
        "첫 줄",
        "둘째 줄\t뒤",
    ):
        assert one in lines


def draw_frame(doc: Any) -> None:
    frame = doc.add_table(1, 1)
    frame.set_cell_text(0, 0, "공고문 제목")
    outer = doc.add_table(1, 2)
    outer.set_cell_text(0, 0, "밖")
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.set_cell_text(0, 0, "안 1")
    inner.set_cell_text(0, 1, "안 2")


@BOTH
def test_a_frame_is_no_table_and_a_table_in_a_cell_is_its_words(
    ending: str, tmp_path: Path
) -> None:
    found = render_markdown(draw_frame, ending, tmp_path)
    assert "공고문 제목" in found.splitlines()
    assert "| 밖 | 안 1 안 2 |" in found.splitlines()


def draw_numbering(doc: Any) -> None:
    for level, text in ((1, "목적"), (2, "대상"), (2, "한도"), (1, "절차")):
        doc.add_heading(text, level=level)
        doc.add_paragraph(f"{text}에 관한 글", style="바탕글")
    doc.add_heading("이 항목은 문장으로 끝납니다.", level=2)


@BOTH
def test_numbers_that_hangul_only_shows_are_written(ending: str, tmp_path: Path) -> None:
    lines = render_markdown(draw_numbering, ending, tmp_path).splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "# 1. 목적", "## 가. 대상", "## 나. 한도", "# 2. 절차",
    ]  # fmt: skip
    assert lines[-1] == "가. 이 항목은 문장으로 끝납니다."


@BOTH
def test_headings_without_text_below_stay_as_text(ending: str, tmp_path: Path) -> None:
    def outline(doc: Any) -> None:
        doc.add_heading("제출 서류", level=1)
        doc.add_heading("신청서", level=2)
        doc.add_heading("증명서", level=2)

    assert render_markdown(outline, ending, tmp_path).split("\n\n") == [
        "# 1. 제출 서류", "가. 신청서", "나. 증명서",
    ]  # fmt: skip


def test_running_heads_of_hwpx_are_no_text(tmp_path: Path) -> None:
    def draw(doc: Any) -> None:
        doc.set_header_text("머리말")
        doc.set_footer_text("꼬리말")
        doc.add_paragraph("본문", style="바탕글")

    assert render_markdown(draw, ".hwpx", tmp_path) == "본문"


def test_sections_of_hwpx_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    def draw(doc: Any) -> None:
        doc.add_paragraph("첫째 구역", style="바탕글")

    render_markdown(draw, ".hwpx", tmp_path)
    made = (tmp_path / "made.hwpx").read_bytes()
    stream = io.BytesIO(made)
    with zipfile.ZipFile(stream, "a") as packed:
        first = packed.read("Contents/section0.xml").decode()
        packed.writestr("Contents/section10.xml", first.replace("첫째", "열째"))
        packed.writestr("Contents/section2.xml", first.replace("첫째", "둘째"))
    lines = convert_bytes(stream.getvalue(), "a.hwpx").markdown.split("\n\n")
    assert lines == ["첫째 구역", "둘째 구역", "열째 구역"]


@pytest.mark.parametrize(
    ("form", "number", "label"),
    [
        ("DIGIT", 12, "12"), ("HANGUL_SYLLABLE", 3, "다"), ("HANGUL_SYLLABLE", 15, "15"),
        ("HANGUL_JAMO", 2, "ㄴ"), ("CIRCLED_DIGIT", 20, "⑳"), ("CIRCLED_HANGUL_SYLLABLE", 1, "㉮"),
        ("LATIN_SMALL", 2, "b"), ("LATIN_CAPITAL", 3, "C"), ("ROMAN_CAPITAL", 14, "XIV"),
        ("ROMAN_SMALL", 9, "ix"), ("HANGUL_PHONETIC", 2, "이"), ("SOMETHING_NEW", 4, "4"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_hangul_writes_them(form: str, number: int, label: str) -> None:
    assert format_number(number, form) == label
