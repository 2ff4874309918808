"""Incidents that are easily taken for others: what the last tests of the triage added."""

from __future__ import annotations

from time import process_time

import pytest

from bot.founder.reading.triage import TRIAGE_FILE, triage_message
from knowledge.evaluation.exam import list_exam_files, read_exam


def test_a_long_message_is_read_quickly() -> None:
    """Twenty thousand characters of what nearly matches, well within a moment."""
    began = process_time()
    for text in (
        "세관 " * 5_000,
        "입금 계좌 환급 " * 2_000,
        "can the embassy " * 1_300,
        "x" * 20_000,
        "1" * 20_000,
        "체포 구금 " * 3_000,
        "if we got arrested and wired " * 700,
        "neu bi bat " * 1_800,
    ):
        triage_message(text)
    assert process_time() - began < 2  # .06 s where nothing else runs


def test_of_the_open_questions_few_that_documents_answer_go_to_people() -> None:
    asked = [golden for golden in read_exam(list_exam_files("open")) if golden.answerable]
    taken = [golden.id for golden in asked if triage_message(golden.question).needs_person]
    assert len(taken) <= len(asked) * 0.08, taken


def test_the_rules_say_what_their_signs_mean() -> None:
    head = TRIAGE_FILE.read_text(encoding="utf-8").split("words:")[0]
    for sign in ("act", "inform", "critical", "high", "sealed", "for_people", "before", "settled"):
        assert sign in head


@pytest.mark.parametrize(
    "text",
    [
        place
        for city in ("Hai Phong", "Ho Chi Minh City", "Da Nang")
        for place in (
            f"Customs in {city} has been holding our cosmetics for ten days and gives no reason",
            f"{city} customs is holding our cosmetics, please help us get them released",
            f"Customs in {city} won't let our cosmetics go",
        )
    ]
    + [
        f"Hải quan {city} giữ lô mỹ phẩm của chúng tôi mười ngày nay mà không nói lý do"
        for city in ("Hải Phòng", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Đà Nẵng")
    ]
    + [
        f"{city} 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 사유도 말해 주지 않습니다."
        for city in ("하이퐁", "호찌민", "다낭")
    ]
    + [
        "Customs is keeping our skincare since Monday",
        "They are holding our cosmetics at the port",
        "Customs detained our cosmetics",
        "세관이 화장품을 억류했습니다",
        "우리 화장품이 세관에 붙잡혀 있어요",
        "Mỹ phẩm của công ty tôi bị giữ ở cảng Cát Lái",
        "Chúng tôi có container bị bắt giữ ở cảng",
    ],
)
def test_goods_that_customs_hold_are_read_alike_in_each_language(text: str) -> None:
    triage = triage_message(text)
    assert (triage.incident, triage.urgency, triage.sealed) == ("customs", "high", False)


@pytest.mark.parametrize(
    "text",
    [
        "Customs is holding our engineer at the airport",
        "Customs officers are holding our driver and our cosmetics",
        "Immigration is holding them",
        "Police are holding our two engineers",
        "세관이 우리 직원을 붙잡고 있습니다",
        "직원이 세관에 잡혀 있어요",
        "Nhân viên của chúng tôi bị hải quan giữ ở sân bay",
    ],
)
def test_persons_who_are_held_stay_sealed(text: str) -> None:
    triage = triage_message(text)
    assert (triage.incident, triage.urgency, triage.sealed) == ("detention", "critical", True)


def test_what_customs_hold_in_general_is_no_incident() -> None:
    assert not triage_message("How long can customs hold our cosmetics?").incident
    assert not triage_message("hải quan giữ vai trò gì trong xuất khẩu mỹ phẩm?").incident


@pytest.mark.parametrize(
    ("text", "urgency", "is_sealed"),
    [
        ("나트랑 간 과장이랑 연락이 안 됩니다 사흘째예요", "critical", True),
        ("부장님 전화를 안 받으세요 어제부터", "critical", True),
        ("직원이 전화를 안 받아요", "normal", False),
        ("바이어가 연락이 안 돼요 이틀째", "high", False),
        ("ky su cu cua chung toi mang ban ve cho doi thu", "high", True),
        ("nhan vien cu muon xin giay xac nhan", "normal", False),
    ],
)
def test_where_the_time_stands_or_who_left_changes_nothing(
    text: str, urgency: str, is_sealed: bool
) -> None:
    found = triage_message(text)
    assert (found.urgency, found.sealed) == (urgency, is_sealed)
