"""What kind of thing a question asks for, and whether a section has it."""

from __future__ import annotations

import pytest

from knowledge.decision.intents import (
    asks_about_others,
    asks_own_status,
    detect_intents,
    has_intent_evidence,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("얼마까지 지원되나요?", "amount"),
        ("How much does it cost?", "amount"),
        ("언제까지 신청하나요?", "when"),
        ("When is the deadline?", "when"),
        ("어디에 신청하나요?", "where"),
        ("자부담이 몇 퍼센트예요?", "percent"),
        ("Mất bao lâu?", "duration"),
        ("며칠 걸려요?", "duration"),
    ],
)
def test_a_question_has_intents(text: str, kind: str) -> None:
    assert kind in detect_intents(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Anh nào phụ trách thuế, tên gì ạ?", "person"),
        ("Cho em xin số chị phụ trách", "phone"),
    ],
)
def test_a_certain_person_is_asked_for_in_vietnamese(text: str, kind: str) -> None:
    assert kind in detect_intents(text)


def test_a_passage_has_evidence_for_an_intent() -> None:
    amount = frozenset({"amount"})
    assert has_intent_evidence("최대 3천만 원까지 지원합니다.", amount) is True
    assert has_intent_evidence("현지 기관과 함께 해결합니다.", amount) is False
    assert has_intent_evidence("최대 3천만 원", frozenset()) is None


@pytest.mark.parametrize(
    "text", ["상담전화 1380으로 물어보십시오.", "Call 1380.", "국번 없이 113에"]
)
def test_a_number_is_seen_before_a_particle(text: str) -> None:
    assert has_intent_evidence(text, frozenset({"phone"})) is True
    assert has_intent_evidence("매출 11380만 원", frozenset({"phone"})) is False


@pytest.mark.parametrize(
    "text",
    [
        "저희 회사 신청서 심사 결과 나왔나요?",
        "맡긴 서류 언제 처리되나요",
        "Has our application been approved?",
        "Hồ sơ của em duyệt chưa ạ?",
        "서류 다 넣었는데 3주째 소식이 없네요",
        "누리집에는 보류라고 떠요",
        "우리 회사 거 좀 확인해 주세요",
        "대기번호 몇 번이에요?",
        "is our certificate ready",
        "did we pass?",
        "Our loan application says incomplete. Which paper is missing?",
        "Check whether our claim has been paid",
        "giay phep cua ong Park xong chua",
        "Tiền hỗ trợ chưa vào tài khoản",
        "Em đăng nhập không được",
    ],
)
def test_what_only_the_own_file_tells_is_told_apart(text: str) -> None:
    assert asks_own_status(text)


@pytest.mark.parametrize(
    "text",
    [
        "심사 결과는 언제 나오나요?",
        "신청하면 며칠 걸려요?",
        "How long until an application is approved?",
        "Hồ sơ gồm những giấy tờ gì?",
        "지원금은 언제 들어오나요?",
        "our trademark is pending, can we still get help?",
        "Can you help with our visa application?",
        "Công ty em chưa xuất khẩu bao giờ, có được hỗ trợ không?",
        "Chương trình này đã mở chưa ạ?",
    ],
)
def test_what_a_rule_tells_is_not(text: str) -> None:
    assert not asks_own_status(text)


def test_numbers_about_others_are_asked_for() -> None:
    assert asks_about_others("다른 회사들은 무엇을 가장 많이 물었나요?")
    assert asks_about_others("How many firms reported it?")
    assert not asks_about_others("우리 제품도 지원되나요?")
