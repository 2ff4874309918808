"""What staff and founders read of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import card as cases
from bot.messages import Address, Content
from bot.types import OPEN_STATES, Case, CaseState
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    MISSIONS,
    NOW,
    QUESTION,
    button_keys,
    make_binding,
    make_case,
    make_file,
    make_line,
    make_route,
    make_taken_case,
    make_thread,
    phrase,
    reason_of,
)

LATER = NOW + timedelta(hours=3)
HANOI_MISSION = MISSIONS.get("vn-hanoi")


def make_case_in(state: CaseState) -> Case:
    """A case in `state`, taken unless it is untaken there."""
    case = make_case() if state in ("new", "routed") else make_taken_case()
    return replace(case, state=state, ended_at=None if state in OPEN_STATES else NOW)


def test_a_staff_thread_is_numbered_after_those_before_it() -> None:
    thread = cases.create_staff_thread(make_case(), make_binding(), earlier=2)
    assert (thread.id, thread.case, thread.mission) == ("7.3", 7, "vn-hanoi")
    assert (thread.channel, thread.chat, thread.thread) == ("slack", "C0HANOI", None)
    assert thread.current
    assert cases.thread_address(thread) == Address("slack", "C0HANOI", staff_thread="7.3")


def test_a_card_says_everything_that_is_known() -> None:
    case = make_case(urgency="high", found="「문서」로는 부족했습니다.")
    card = cases.render_card(case, MISSIONS)
    assert card.headings == ("#7 · 높음 · 미배정", "언어:", "장소:", "질문")
    assert card.text.splitlines() == [
        "#7 · 높음 · 미배정",
        "하노이 공관",
        "언어: 한국어",
        "장소: Hanoi",
        "",
        "질문",
        QUESTION,
        "",
        "여기에 쓰는 답은 창업자에게 그대로 갑니다. 내부 메모는 // 로 시작하십시오.",
    ]
    assert card.details.splitlines() == [
        "나루가 찾은 것: 「문서」로는 부족했습니다.",
        f"배정 이유: {reason_of(case, 'ko')}",
        "문서에 답이 있으면 「문서 제목」 › 절 제목 또는 그 절의 링크를 함께 적어 주십시오.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_is_in_korean_whatever_the_founder_writes(language: Language) -> None:
    text = cases.render_card(make_case(language=language), MISSIONS).text
    name = {"ko": "한국어", "en": "영어", "vi": "베트남어"}[language]
    assert f"언어: {name}\n" in text and "하노이 공관" in text


def test_a_card_without_a_place_or_a_document_says_so() -> None:
    case = make_case(route=make_route(None), place=None)
    card = cases.render_card(case, MISSIONS)
    assert "장소: 모름" in card.text
    assert "나루가 찾은 것: 이 건에 대해서는 문서를 찾아보지 않았습니다." in card.details


def test_a_sealed_case_is_marked_and_protected() -> None:
    sealed = cases.render_card(make_case(sealed=True), MISSIONS)
    assert sealed.text.startswith("[봉인]") and sealed.protect
    assert not cases.render_card(make_case(), MISSIONS).protect


@pytest.mark.parametrize(
    ("state", "shown", "keys"),
    [
        ("new", "접수", ["claim:7", "resolve:7", "reassign:7"]),
        ("routed", "미배정", ["claim:7", "resolve:7", "reassign:7"]),
        ("claimed", "변호사 담당", ["resolve:7", "wait:7", "authority:7", "reassign:7"]),
        ("answered", "답변함(변호사)", ["resolve:7", "wait:7", "authority:7", "reassign:7"]),
        ("waiting_founder", "창업자 답 대기(변호사)", ["resume:7", "resolve:7", "reassign:7"]),
        (
            "waiting_authority",
            "관계 기관 회신 대기(변호사)",
            ["resume:7", "resolve:7", "reassign:7"],
        ),
        ("resolved", "종결", ["reopen:7", "faq:7"]),
        ("closed", "창업자가 끝냄", ["reopen:7"]),
    ],
)
def test_a_card_shows_its_state_and_what_can_be_done_in_it(
    state: CaseState, shown: str, keys: list[str]
) -> None:
    case = make_case_in(state)
    update = cases.build_card_update(case, make_thread(), MISSIONS)
    assert (update.act, update.case, update.to.staff_thread) == ("recard", 7, "7.1")
    assert update.content.text.startswith(f"#7 · 보통 · {shown}\n")
    assert button_keys(update) == keys
    assert cases.render_state(case, HANOI_MISSION) == shown


@pytest.mark.parametrize(
    ("role", "shown"), [("diplomat", "외교관"), ("agency", "지원기관"), ("staff", "담당자")]
)
def test_the_holder_is_shown_by_role(role: str, shown: str) -> None:
    assert cases.render_holder(make_taken_case(role=role)) == shown


def test_a_case_that_no_one_holds_is_with_an_officer() -> None:
    assert cases.render_holder(make_case()) == "담당자"


def test_a_thread_is_called_by_number_urgency_and_place() -> None:
    assert cases.render_thread_title(make_case(urgency="critical")) == "#7 긴급 Hanoi"
    assert cases.render_thread_title(make_case(sealed=True)) == "#7 보통"


@pytest.mark.parametrize(
    ("author", "role", "line"),
    [
        ("founder", "", "창업자: 말"),
        ("staff", "lawyer", "변호사: 말"),
        ("staff", "", "담당자: 말"),
        ("note", "agency", "메모(지원기관): 말"),
        ("bot", "", "나루: 말"),
    ],
)
def test_a_line_of_the_record_says_who_wrote_it(author: str, role: str, line: str) -> None:
    assert cases.render_line(make_line(author=author, role=role)) == line


def test_files_of_a_line_are_named() -> None:
    files = (make_file("a.pdf"), make_file("b.pdf"))
    assert cases.render_line(make_line("", files=files)) == "창업자: [a.pdf] [b.pdf]"
    assert cases.render_line(make_line("여기요", files=files)) == "창업자: 여기요 [a.pdf] [b.pdf]"


def test_a_thread_opens_with_the_card_alone_where_nothing_came_before() -> None:
    (card,) = cases.build_thread_opening(make_case(), make_thread(), MISSIONS, ())
    assert (card.act, card.case, card.to.staff_thread) == ("card", 7, "7.1")
    assert card.content == cases.render_card(make_case(), MISSIONS)


def test_a_thread_opens_with_the_conversation_then_the_record_then_the_files() -> None:
    record = [
        make_line("얼마죠?"), make_line("3천만 원", "bot"), make_line(QUESTION),
        make_line("더 있어요", files=(make_file(),)),
    ]  # fmt: skip
    card, before, files = cases.build_thread_opening(make_case(), make_thread(), MISSIONS, record)
    assert before.content.text == (
        "이 전의 대화\n\n창업자: 얼마죠?\n\n나루: 3천만 원\n\n창업자: 더 있어요 [invoice.pdf]"
    )
    assert files.content.files == (make_file(),) and not files.content.text
    assert [one.act for one in (card, before, files)] == ["card", "send", "send"]
    assert all(one.case == 7 and not one.content.protect for one in (card, before, files))


def test_a_long_record_keeps_its_end_and_says_what_is_left_out() -> None:
    half = cases.RECORD_LIMIT_CHARACTERS // 2
    record = [make_line(letter * half) for letter in "가나다"]
    _, before = cases.build_thread_opening(make_case(), make_thread(), MISSIONS, record)
    head, cut, text = before.content.text.split("\n\n", 2)
    assert head == "이 전의 대화" and cut == phrase("staff.record_cut", "ko", count=2)
    assert text == f"창업자: {'다' * half}"


def test_every_file_of_a_record_follows_in_order() -> None:
    one, two, three = (make_file(name) for name in ("1.pdf", "2.pdf", "3.pdf"))
    record = [make_line(QUESTION, files=(one, two)), make_line(), make_line(files=(three,))]
    *_, files = cases.build_thread_opening(make_case(), make_thread(), MISSIONS, record)
    assert files.content == Content("", files=(one, two, three))


def test_a_case_whose_holder_has_no_known_name_reads_well() -> None:
    taken = replace(make_taken_case(), taken_name=None, taken_role=None)
    assert cases.render_state(taken, HANOI_MISSION) == "맡음(담당자)"


def test_the_day_of_a_parked_case_is_the_missions_though_it_is_stored_by_greenwich() -> None:
    wellington = replace(HANOI_MISSION, timezone="Pacific/Auckland")
    morning = datetime(2026, 12, 9, 20, tzinfo=UTC)  # nine o'clock of the tenth there
    parked = replace(make_case_in("waiting_authority"), wait_until=morning)
    assert "2026-12-10" in cases.render_state(parked, wellington)
