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


@pytest.mark.parametrize(
    "text",
    [
        "The officers took our samples",
        "Police took all of our display products",
        "our samples were taken by customs",
        "세관원이 우리 샘플을 가져갔어요",
        "단속반이 와서 제품을 압수해 갔습니다",
        "공무원들이 우리 물건을 싣고 갔어요",
        "Hải quan đã lấy mất mẫu của chúng tôi",
        "Quản lý thị trường thu giữ hàng của chúng tôi",
    ],
)
def test_goods_that_officers_took_are_urgent_and_no_person(text: str) -> None:
    signs = triage_message(text)
    assert (signs.incident, signs.urgency, signs.sealed) == ("seizure", "high", False)
    assert signs.needs_person


@pytest.mark.parametrize(
    "text",
    [
        "officers took photos of our samples",
        "inspectors took the train to our factory",
        "what happens if officers took our samples?",
        "공무원이 제품을 가져가면 어떻게 하나요",
        "세관원이 샘플을 가져가서 검사하는 절차가 어떻게 되나요?",
        "Hải quan lấy mẫu kiểm tra thì mất bao lâu?",
    ],
)
def test_what_officers_do_in_general_is_no_seizure(text: str) -> None:
    assert triage_message(text).urgency == "normal"


@pytest.mark.parametrize(
    ("text", "sealed"),
    [
        ("The partner handed our design over to another vendor", True),
        ("기술자료를 원청에 빼앗겼습니다", True),
        ("Bên giao thầu lấy bản vẽ của chúng tôi", True),
        ("we handed our drawings over to another vendor", False),
        ("I gave the drawings to them", False),
        ("Công ty chúng tôi lấy bản vẽ từ khách hàng", False),
    ],
)
def test_technology_that_was_handed_on(text: str, sealed: bool) -> None:
    assert triage_message(text).sealed is sealed
