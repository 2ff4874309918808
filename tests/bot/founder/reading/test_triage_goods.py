"""What is read of goods that are stuck, and do not keep."""

from __future__ import annotations

import pytest

from bot.founder.reading.triage import triage_message


@pytest.mark.parametrize(
    "text",
    [
        "냉동 만두 두 컨테이너가 항구에 묶여 있어요",
        "딸기가 통관이 안 풀려서 썩고 있어요",
        "frozen shrimp held at Rotterdam customs since Monday",
        "the flowers are wilting, customs will not clear them",
        "trái cây kẹt ở hải quan, sắp hỏng hết",
        "hàng đông lạnh bị giữ ở cảng Cát Lái",
    ],
)
def test_goods_that_perish_while_they_are_stuck_are_an_emergency(text: str) -> None:
    signs = triage_message(text)
    assert (signs.incident, signs.urgency, signs.sealed) == ("perishable", "critical", False)


@pytest.mark.parametrize(
    "text",
    [
        "냉동식품 통관이 보류되면 어떻게 하나요?",
        "냉장 화장품 수출할 때 서류가 뭐예요",
        "how long can chilled food stay at the port",
        "what happens if frozen goods are held at customs?",
        "xuất khẩu hải sản đông lạnh cần giấy tờ gì",
    ],
)
def test_perishable_goods_alone_are_no_emergency(text: str) -> None:
    assert triage_message(text).urgency == "normal"


def test_a_syllable_within_a_vietnamese_word_is_no_person() -> None:
    """ "đông" and "không" end like "ông", who may be detained."""
    assert triage_message("lô hàng đông lạnh bị giữ").incident != "detention"
    assert triage_message("ông giám đốc bị bắt giữ ở sân bay").incident == "detention"
