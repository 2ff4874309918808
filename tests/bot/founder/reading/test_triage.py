"""What a message says about itself: for people, how urgent, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
import yaml

from bot.founder.reading.triage import triage_message

LABELLED_FILE = Path(__file__).with_name("triage_messages.yaml")

Form = Literal["NFC", "NFD"]

# Someone reports what went wrong, or wants somebody to act.
PEOPLE = [
    "바이어가 잔금을 안 줘요",
    "다낭 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 어떻게든 풀어 주세요.",
    "현지 파트너가 우리 도면을 빼돌렸어요",
    "대사관에서 바이어에게 항의해 주세요",
    "우리 제품이 전략물자인지 판정해 주세요",
    "직원이 공항에서 억류됐습니다",
    "세관에서 홀드 걸렸다고 연락이 왔습니다",
    "이미 바뀐 계좌로 송금했어요",
    "Our shipment is stuck in customs and they won't release it.",
    "The buyer has not paid for 90 days. Please help us get the money.",
    "They copied our design and are selling it.",
    "Can the embassy call the buyer for us?",
    "Hải quan đã tịch thu hàng, lô hàng bị giữ",
    "Khách hàng chưa thanh toán, xin giúp chúng tôi với",
]

# Someone asks how things are done.
DOCUMENTS = [
    "물류비는 얼마까지 지원되나요?",
    "대금을 못 받으면 어디에 신청하나요?",
    "통관이 보류되면 어떻게 하나요?",
    "통관 홀드가 무슨 뜻인가요?",
    "기술이 유출됐을 때 어디에 신고하나요?",
    "비자가 거절되면 다시 신청할 수 있나요?",
    "How do we report a stolen trade secret?",
    "What documents do we need if customs holds the goods?",
    "Is there support for export freight?",
    "Thủ tục hoàn thuế như thế nào?",
    "안녕하세요",
    "",
]

# It asks in general, though it has the words of an incident.
IN_GENERAL = [
    "도면이 유출되면 어디에 신고하나요?",
    "직원이 체포되면 대사관이 뭘 해 주나요?",
    "대사관이 중소기업을 도와줄 수 있나요?",
    "can the embassy help small companies?",
    "who do we call if an employee gets arrested?",
    "nếu nhân viên bị bắt thì làm gì",
    "missile parts export licence",
    "we are selling the same product in Vietnam and Thailand",
    "we got a letter of intent from a buyer",
    "we sold our machines to a buyer in Peru, which form do we need",
    "we sent samples and found a fake product online",
    "neu nhan vien bi bat thi lam gi",
]

SEALED = [
    "직원이 어제부터 행방을 모릅니다",
    "아내가 납치된 것 같아요",
    "우리 도면으로 똑같은 제품을 만들어 팔고 있어요",
    "우리 도면으로 똑같은 제품을 만들어 팔았어요",
    "I was refused entry at the border",
    "nhan vien bi cong an bat roi",
    "현지 파트너가 우리 도면을 빼돌렸어요",
    "직원이 공항에서 억류됐습니다",
    "이미 바뀐 계좌로 송금했어요",
    "They stole our source code and sell it as theirs.",
]


@pytest.mark.parametrize("text", PEOPLE)
def test_an_incident_or_a_wish_for_action_is_for_people(text: str) -> None:
    assert triage_message(text).needs_person


@pytest.mark.parametrize("text", DOCUMENTS)
def test_who_asks_how_things_are_done_is_answered_from_documents(text: str) -> None:
    signs = triage_message(text)
    assert not signs.needs_person and not signs.sealed and signs.urgency != "critical"


@pytest.mark.parametrize("text", IN_GENERAL)
def test_a_general_question_is_no_incident(text: str) -> None:
    """The library answers it like any other."""
    signs = triage_message(text)
    assert (signs.needs_person, signs.sealed, signs.urgency, signs.incident) == (
        False,
        False,
        "normal",
        "",
    )


@pytest.mark.parametrize("text", SEALED)
def test_theft_of_technology_detention_and_fraud_are_sealed(text: str) -> None:
    assert triage_message(text).sealed


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("직원이 공항에서 억류됐습니다", "critical"),
        ("방금 이미 바뀐 계좌로 송금했어요, 도와주세요", "critical"),
        ("Our engineer was arrested this morning.", "critical"),
        ("바이어가 잔금을 안 줘요", "high"),
        ("대사관에서 바이어에게 전화해 주세요", "normal"),
        ("직원이 이틀째 연락이 안 됩니다", "critical"),
        ("돈을 아직 안 보냈는데 메일에 계좌가 바뀌었대요", "high"),
        ("We have not been sued, the question is about insurance.", "normal"),
        ("Our technician was released this morning, thank you.", "normal"),
        ("소송 경고장을 받았는데 절차가 어떻게 되나요?", "high"),
        ("물류비는 얼마까지 지원되나요?", "normal"),
    ],
)
def test_urgency(text: str, urgency: str) -> None:
    assert triage_message(text).urgency == urgency


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "text", ["đối tác lấy bản vẽ của chúng tôi", "doi tac lay ban ve cua chung toi"]
)
def test_vietnamese_is_read_with_and_without_its_marks(text: str, form: Form) -> None:
    assert triage_message(normalize(form, text)).incident == "technology"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_hangul_is_read_composed_and_decomposed(form: Form) -> None:
    assert triage_message(normalize(form, "직원이 납치됐어요")).incident == "kidnapping"


@pytest.mark.parametrize(
    ("text", "incident"),
    [
        ("직원이 체포됐고 바이어가 잔금을 안 줘요", "detention"),
        ("바이어가 잔금을 안 줘요. 직원이 체포됐어요", "detention"),
        ("The buyer has not paid. Our engineer was arrested.", "detention"),
        ("직원이 체포되면 어떻게 하나요? 바이어는 잔금을 안 줍니다", "unpaid"),
        ("돈을 보냈어요. 그런데 가짜 계좌래요", "fraud"),
        ("We wired the deposit yesterday. The account is fake.", "fraud"),
        ("We have not paid. Their mail names a new bank account.", "account_change"),
        ("안녕하세요", ""),
    ],
)
def test_the_gravest_incident_that_is_reported_is_named(text: str, incident: str) -> None:
    assert triage_message(text).incident == incident


# Accidents at work, fires, and people who are kept by officers, with a word for none of that.
HURT_OR_HELD = [
    ("작업자가 프레스에 손이 끼여서 병원에 실려갔어요", "accident"),
    ("직원이 지붕에서 떨어졌어요", "accident"),
    ("동료가 지게차에 깔렸습니다", "accident"),
    ("공장 화재 났어요 사람은 다 나왔어요", "accident"),
    ("창고에 불이 크게 번지고 있어요", "accident"),
    ("우리 부장님이 비자 문제로 공항에 여섯 시간째 잡혀있어요", "detention"),
    ("직원 한 명이 입국심사대에서 안 나와요", "detention"),
    ("Our worker got his hand caught in the press.", "accident"),
    ("He was taken to hospital an hour ago.", "accident"),
    ("There is a fire in our factory", "accident"),
    ("A technician fell from the roof", "accident"),
    ("Our engineer was stopped by immigration at the airport", "detention"),
    ("She was pulled aside at passport control, she has been held for six hours", "detention"),
    ("The police took two of our staff", "detention"),
    ("công nhân bị kẹp tay vào máy", "accident"),
    ("xưởng bị hoả hoạn rồi", "accident"),
    ("nhân viên ngã từ tầng 3", "accident"),
    ("anh kỹ sư bị hải quan sân bay giữ lại từ sáng", "detention"),
]
LIKE_HURT_OR_HELD = [
    "공장 화재 보험에 들 수 있나요?",
    "심사에서 떨어졌어요",
    "직원이 다치면 병원비가 지원되나요?",
    "샘플이 남아있어요",
    "The meeting was held at the embassy.",
    "We need a fire safety certificate for export.",
    "the price fell from 12 to 9 dollars last month",
    "hospital equipment export licence",
    "nhà máy sản xuất thiết bị chữa cháy",
    "hỗ trợ xuất khẩu thiết bị bệnh viện không",
]


@pytest.mark.parametrize(("text", "incident"), HURT_OR_HELD)
def test_who_is_hurt_or_kept_is_an_emergency_in_plain_words(text: str, incident: str) -> None:
    signs = triage_message(text)
    assert (signs.incident, signs.urgency, signs.needs_person) == (incident, "critical", True)


@pytest.mark.parametrize("text", LIKE_HURT_OR_HELD)
def test_words_of_accidents_and_of_holding_alone_are_no_emergency(text: str) -> None:
    signs = triage_message(text)
    assert (signs.urgency, signs.needs_person) == ("normal", False)


@pytest.mark.parametrize(
    "text",
    [
        "세관에 컨테이너가 묶여있어요",
        "화물이 항구에 막혀 있어요. 금요일이 납기입니다",
        "대금이 석 달째 밀려있어요",
        "회사 통장이 동결되어 있어요",
    ],
)
def test_a_state_that_lasts_is_no_question(text: str) -> None:
    """ "…있어요" ends a question ("지원이 있어요?") and a report ("잡혀 있어요")."""
    signs = triage_message(text)
    assert (signs.urgency, signs.needs_person) == ("high", True)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message of triage_messages.yaml with its labels."""

    text: str
    urgent: bool
    sealed: bool


def read_labelled() -> list[Labelled]:
    languages = yaml.safe_load(LABELLED_FILE.read_text(encoding="utf-8"))
    return [
        Labelled(text, label.split()[0] in ("critical", "high"), "sealed" in label)
        for labels in languages.values()
        for label, texts in labels.items()
        for text in texts
    ]


def test_the_labelled_messages_are_read_as_labelled() -> None:
    labelled = read_labelled()
    read = [(one, triage_message(one.text)) for one in labelled]
    urgent = [one for one, triage in read if triage.urgency in ("critical", "high")]
    found = [one for one in urgent if one.urgent]
    sealed = [one for one, triage in read if one.sealed and triage.sealed]
    assert len(labelled) == 300
    assert len(found) >= 0.95 * sum(one.urgent for one in labelled)
    assert len(found) >= 0.90 * len(urgent)
    assert len(sealed) >= 0.95 * sum(one.sealed for one in labelled)


def test_a_critical_label_is_read_as_critical() -> None:
    languages = yaml.safe_load(LABELLED_FILE.read_text(encoding="utf-8"))
    texts = [
        text
        for labels in languages.values()
        for label, texts in labels.items()
        if label.startswith("critical")
        for text in texts
    ]
    wrong = [text for text in texts if triage_message(text).urgency != "critical"]
    assert len(wrong) <= 0.05 * len(texts), wrong


def test_case_does_not_matter() -> None:
    assert triage_message("OUR SHIPMENT IS STUCK IN CUSTOMS").needs_person
