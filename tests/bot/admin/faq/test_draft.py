"""What a draft takes from a case, and what it leaves out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.admin.faq.draft import build_draft
from bot.admin.faq.identity import HIDDEN, find_names, hide_identity
from bot.cases.card import render_card
from bot.cases.states import may_become_faq
from bot.missions.missions import Missions
from bot.types import Case, CaseMessage, FaqDraft
from tests.samples.records import DA_NANG, NOW, make_case

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def missions() -> Missions:
    return Missions.load()


def draft(case: Case, missions: Missions, *replies: str, merged: tuple[Case, ...] = ()) -> FaqDraft:
    record = [CaseMessage("founder", case.question, NOW)]
    record += [CaseMessage("staff", text, NOW, "lawyer") for text in replies]
    record.append(CaseMessage("note", "내부 메모", NOW, "lawyer"))
    made = build_draft(case, record, merged, missions.get(case.mission), "telegram:9", NOW, TODAY,
                       lambda _: "customs")  # fmt: skip
    assert made
    return made


def resolved(question: str, **more: object) -> Case:
    return replace(make_case(), question=question, state="resolved", **more)  # type: ignore[arg-type]


def test_a_draft_has_the_replies_and_no_name_number_or_greeting(missions: Missions) -> None:
    case = resolved("저는 김서연입니다. ㈜물결도예의 가마 통관은 얼마나 걸리나요?", place=DA_NANG)
    made = draft(
        case, missions,
        "안녕하세요. 물결도예 김서연 대표님, 통관은 사흘 걸립니다. 감사합니다.",
        "안녕하세요. 서류는 원본으로 냅니다. 010-9876-5432로 연락 주십시오.",
    )  # fmt: skip
    text = f"{made.question} {made.answer}"
    assert "사흘 걸립니다" in made.answer and "원본으로 냅니다" in made.answer
    for word in ("물결도예", "김서연", "9876", "안녕하세요", "감사합니다", "메모"):
        assert word not in text
    assert (made.topic, made.countries, made.owner) == ("customs", ("VN",), "telegram:9")
    assert made.review_by == date(2027, 5, 22) and made.state == "draft"


def test_questions_of_merged_cases_are_other_ways_to_ask_it(missions: Missions) -> None:
    other = resolved("가마는 통관이 며칠이나 걸립니까?")
    secret = resolved("봉인된 가마 질문입니다", sealed=True)
    made = draft(
        resolved("가마 통관은 얼마나 걸리나요?"), missions, "사흘입니다.", merged=(other, secret)
    )
    assert made.paraphrases == ("가마는 통관이 며칠이나 걸립니까?",)


def test_without_words_of_staff_there_is_no_draft(missions: Missions) -> None:
    case = resolved("가마 통관은 얼마나 걸리나요?")
    record = [
        CaseMessage("staff", "안녕하세요. 감사합니다.", NOW),
        CaseMessage("note", "메모", NOW),
    ]
    mission = missions.get(case.mission)
    assert build_draft(case, record, (), mission, "a:1", NOW, TODAY, lambda _: "tax") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("주식회사 물결도예는 대금을 못 받았습니다", ["물결도예"]),
        ("한결세라믹㈜의 담당은 이도윤 과장입니다", ["이도윤", "한결세라믹"]),
        (
            "We are Wave Ceramics Co., Ltd. and my name is Mina Park.",
            ["Mina Park", "Wave Ceramics"],
        ),
        ("Tôi là Nguyễn Văn An ở Công ty TNHH Song Nuoc.", ["Nguyễn Văn An", "Song Nuoc"]),
        ("베트남 세관에 서류를 내면 되나요?", []),
        ("the buyer in Hanoi does not pay", []),
        ("증거를 올려 주시면 변호사가 검토합니다", []),
        ("주시연 변호사가 검토합니다", ["주시연"]),
    ],
)
def test_names_are_found_by_what_stands_next_to_them(text: str, names: list[str]) -> None:
    assert sorted(find_names([text])) == sorted(names)
    assert all(name not in hide_identity(text, names) for name in names)


def test_a_name_is_hidden_wherever_it_stands() -> None:
    assert (
        hide_identity("물결도예와 물결도예의 통관", ["물결도예"]) == f"{HIDDEN}와 {HIDDEN}의 통관"
    )


@pytest.mark.parametrize(
    ("case", "is_offered"),
    [
        (resolved("가"), True),
        (resolved("가", sealed=True), False),
        (resolved("가", urgency="critical"), False),
        (replace(make_case(), state="closed"), False),
        (replace(make_case(), state="claimed"), False),
    ],
)
def test_only_a_resolved_case_that_is_neither_sealed_nor_critical_offers_it(
    case: Case, is_offered: bool, missions: Missions
) -> None:
    assert may_become_faq(case) is is_offered
    keys = [button.key for row in render_card(case, missions).buttons for button in row]
    assert (f"faq:{case.number}" in keys) is is_offered
