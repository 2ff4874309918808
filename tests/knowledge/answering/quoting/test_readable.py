"""Quotes as people read them in a chat."""

from __future__ import annotations

import pytest

from knowledge.answering.quoting.readable import render_readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("| 단계 | 한도 |\n|---|---|\n| 내수 | 3천만 원 |\n| 성장 | 7천만 원 |",
         "- 내수: 3천만 원\n- 성장: 7천만 원"),
        ("| 사업 | 한도 | 기한 |\n|:--|--:|---|\n| 가 | 1억 원 |  |", "- 가: 한도: 1억 원"),
        ("| 사업 | 한도 | 기한 |\n|---|---|---|\n…\n| 나 | 1 | 2 |", "…\n나\n- 한도: 1\n- 기한: 2"),
        ("앞.\n| 가 | 나 |\n|---|---|\n| 1<br>2 | 3 |\n뒤.", "앞.\n- 1, 2: 3\n뒤."),
        ("**최대** 3천만 원, [공고](https://a.kr/b)", "최대 3천만 원, 공고 (https://a.kr/b)"),
        ("2 * 3 * 4와 a_b_c는 그대로", "2 * 3 * 4와 a_b_c는 그대로"),
        ("### 제목\n본문", "제목\n본문"),
    ],
)  # fmt: skip
def test_tables_become_lines_and_marks_go(text: str, shown: str) -> None:
    assert render_readable(text) == shown


def test_a_header_of_which_the_rows_are_left_out_is_not_shown_as_one() -> None:
    text = "Up to KRW 12 million.\n\n| Year | Sum |\n|---|---| …"
    assert render_readable(text) == "Up to KRW 12 million.\n\n…"


def test_the_mark_behind_the_last_row_is_no_cell() -> None:
    text = "| Year | Sum | Terms |\n|---|---|---|\n| 2025 | KRW 12 million | none | …"
    assert render_readable(text) == "2025\n- Sum: KRW 12 million\n- Terms: none\n…"
