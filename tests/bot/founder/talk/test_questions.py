"""The same question for another kind of firm."""

from __future__ import annotations

import pytest

from bot.founder.talk.questions import reword_for_firm


@pytest.mark.parametrize(
    ("asked", "words", "reworded"),
    [
        ("대기업도 신청되나요?", "대기업 말고 소상공인이에요", "소상공인도 신청되나요?"),
        ("중견기업은 얼마까지요?", "아니 소기업이요 8명", "소기업은 얼마까지요?"),
        ("한도가 얼마죠?", "저희는 스타트업이에요", "스타트업 한도가 얼마죠?"),
        ("Can a large firm join?", "not a large one, a small firm", "Can a small firm join?"),
        ("doanh nghiệp lớn có được không?", "không phải doanh nghiệp lớn, doanh nghiệp nhỏ ạ",
         "doanh nghiệp nhỏ có được không?"),
        ("소기업도 되나요?", "네 소기업이에요", None),
        ("한도가 얼마죠?", "직원이 8명입니다", None),
    ],
)  # fmt: skip
def test_the_kind_of_firm_that_is_meant_takes_the_place_of_the_other(
    asked: str, words: str, reworded: str | None
) -> None:
    assert reword_for_firm(asked, words) == reworded
