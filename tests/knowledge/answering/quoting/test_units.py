"""Where a passage may be cut, and what must stay together."""

from __future__ import annotations

import pytest

from knowledge.answering.quoting.units import close_selection, is_limiting, split_units

LIST = "비용은 다음과 같습니다.\n- 하나\n- 둘\n다만 셋은 제외합니다.\n끝입니다."
TABLE = "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("하나입니다. 둘입니다.", ["하나입니다.", "둘입니다."]),
        ("It is 3.5 percent. Then more.", ["It is 3.5 percent.", "Then more."]),
        ("- 하나\n- 둘\n\n셋", ["- 하나", "- 둘", "셋"]),
        (TABLE, ["| 가 | 나 |\n|---|---|", "| 1 | 2 |", "| 3 | 4 |"]),
        ("Một câu. Đây là câu hai.", ["Một câu.", "Đây là câu hai."]),
        ("", []),
    ],
)
def test_a_text_falls_into_sentences_items_and_rows(text: str, pieces: list[str]) -> None:
    assert [text[unit.start : unit.end] for unit in split_units(text)] == pieces


@pytest.mark.parametrize(
    ("text", "chosen", "needed"),
    [
        (LIST, 2, {0, 2, 3}),  # an item with its lead and the exception of the list
        (LIST, 3, {0, 3}),
        (LIST, 4, {4}),
        (TABLE, 2, {0, 2}),
        ("하나입니다. 이는 둘입니다. 셋입니다.", 1, {0, 1}),
        ("하나입니다. 이는 둘입니다. 셋입니다.", 0, {0}),
        ("You pay 30%. However, large firms pay 50%. More.", 0, {0, 1}),
        ("You pay 30%. Firms pay nothing unless they ask. More.", 0, {0, 1}),
        ("Phí là 30%. Trừ doanh nghiệp lớn. Xong.", 0, {0, 1}),
        ("- 가는 됩니다\n- 다만 나는 안 됩니다\n- 다", 0, {0, 1}),
    ],
)
def test_a_unit_takes_with_it_what_it_cannot_be_read_without(
    text: str, chosen: int, needed: set[int]
) -> None:
    assert close_selection(text, split_units(text), {chosen}) == needed


@pytest.mark.parametrize(
    ("text", "limits"),
    [("다만 제외합니다.", True), ("단독 신청도 됩니다.", False), ("It does not apply to them.", True),
     ("It was founded in 2019.", False), ("Chỉ áp dụng cho năm 2026.", True)],
)  # fmt: skip
def test_conditions_and_exceptions_are_recognised(text: str, limits: bool) -> None:
    assert is_limiting(text) is limits
