"""Words, columns and tables of pages by where their letters are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.formats.pdf import reader
from ingest.formats.pdf.words import choose_joint, detect_broken_words
from tests.ingest.formats.pdf.test_seen import Draw, convert_drawing
from tests.samples.office_files import FONT_NAME, draw_pdf

Rows = Sequence[tuple[str, ...]]


def draw_rows(rows: Rows, places: Sequence[float] = (60, 180, 320), step: float = 16) -> Draw:
    """Rows of cells at the same places, without lines."""

    def draw(sheet: Any) -> None:
        for number, row in enumerate(rows):
            for x, cell in zip(places, row, strict=False):
                sheet.drawString(x, 700 - step * number, cell)

    return draw


def test_cells_that_stand_in_line_are_a_table_from_three_rows() -> None:
    rows = [("품목", "세율", "비고"), ("김", "8%", "건조"), ("라면", "0%", "협정"), ("소주", "15%")]
    assert convert_drawing(draw_rows(rows))[0].splitlines() == [
        "| 품목 | 세율 | 비고 |",
        "| --- | --- | --- |",
        "| 김 | 8% | 건조 |",
        "| 라면 | 0% | 협정 |",
        "| 소주 | 15% |  |",
    ]
    assert convert_drawing(draw_rows(rows[:2]))[0].splitlines()[0] == "품목 세율 비고"


def test_a_cell_that_goes_on_below_stays_one_and_figures_may_end_in_line() -> None:
    def draw(sheet: Any) -> None:
        draw_rows(
            [
                ("구분", "내용"),
                ("가", "수출 준비 기업을 위한"),
                ("", "무역 실무 교육"),
                ("나", "전시회"),
            ]
        )(sheet)
        for y, figure in ((700, "금액"), (684, "1,000"), (652, "12,500")):
            sheet.drawRightString(450, y, figure)

    assert "| 가 | 수출 준비 기업을 위한 무역 실무 교육 | 1,000 |" in convert_drawing(draw)[0]


def test_rows_between_lines_hold_labels_in_their_middle() -> None:
    def draw(sheet: Any) -> None:
        for y in (715, 695, 655, 635):
            sheet.line(60, y, 400, y)
        for x, y, words in (
            (65, 701, "항목"), (200, 701, "설명"), (65, 671, "운송비"), (200, 679, "해상과 항공 운임"),
            (200, 663, "보험료는 뺀다"), (65, 641, "반품비"), (200, 641, "한 해 두 번"),
        ):  # fmt: skip
            sheet.drawString(x, y, words)

    assert "| 운송비 | 해상과 항공 운임 보험료는 뺀다 |" in convert_drawing(draw)[0]


def test_prices_at_the_end_of_full_lines_are_not_glued_to_the_next() -> None:
    def draw(sheet: Any) -> None:
        for number, (name, price) in enumerate([("낙하 시험", "80"), ("진동 시험", "95")]):
            sheet.drawString(60, 700 - 16 * number, f"{name} {'·' * 40} {price}")

    assert [line[-2:] for line in convert_drawing(draw)[0].split("\n\n")] == ["80", "95"]


def test_columns_are_read_one_after_the_other() -> None:
    text = "이 글은 세 단으로 짠 소식지의 글이며 단마다 따로 읽어야 뜻이 통한다 "

    def draw(sheet: Any) -> None:
        for column in range(3):
            words = f"{column}단: {text}{text}"
            for line in range(6):
                sheet.drawString(
                    50 + 170 * column,
                    700 - 15 * line - 3 * column,
                    words[13 * line : 13 * line + 13],
                )

    found = convert_drawing(draw)[0]
    assert [found.index(f"{column}단") for column in range(3)] == sorted(
        found.index(f"{column}단") for column in range(3)
    )
    assert "소식지의 글이며" in found.split("1단")[0]


def test_letters_that_are_spaced_out_raised_or_drawn_twice_are_words() -> None:
    def draw(sheet: Any) -> None:
        text = sheet.beginText(60, 700)
        text.setCharSpace(4)
        text.textOut("공고 제목입니다")
        text.setCharSpace(0)
        sheet.drawText(text)
        for shift in (0, 0.3):
            sheet.drawString(60 + shift, 660, "굵은 글 11 22")
        text = sheet.beginText(60, 620)
        text.textOut("면적 25m")
        text.setFont(FONT_NAME, 6)
        text.setRise(4)
        text.textOut("2")
        sheet.drawText(text)

    assert convert_drawing(draw)[0].split("\n\n") == [
        "공고 제목입니다",
        "굵은 글 11 22",
        "면적 25m²",
    ]


def test_a_running_head_is_said_once() -> None:
    def draw(sheet: Any) -> None:
        for number in range(3):
            sheet.setFont(FONT_NAME, 11)
            sheet.drawString(60, 800, "운영지침 (2026년)")
            sheet.drawString(60, 700, f"제{number + 1}장의 글입니다.")
            sheet.drawString(60, 680, f"{number}째 글의 나머지입니다.")
            sheet.drawString(60, 40, f"수출지원과 - {number + 1} -")
            sheet.showPage()

    found = reader.read_pdf(draw_pdf(draw)).markdown
    assert found.count("운영지침") == 1 and found.count("수출지원과") == 1
    assert all(f"제{number}장의 글입니다." in found for number in (1, 2, 3))


def test_words_that_were_broken_at_line_ends_are_whole() -> None:
    assert detect_broken_words([(0.5, "에")])
    assert not detect_broken_words([(3.0, "신청기업은"), (0.4, "해외시장의"), (2.1, "중소기업이")])
    words = frozenset({"국세와", "지원"})
    assert choose_joint("현재 국", "세와 지방세", words) == ""
    assert choose_joint("사업", "에 참여할", words) == ""
    assert choose_joint("3,000", "만원", words) == ""
    assert choose_joint("확인하고", "기한", words) == " "
    assert choose_joint("사업입니다.", "다만", words) == " "
