"""A case that staff pass on to another mission."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cases import card as cases
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.types import Case, CaseState
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    MISSIONS,
    NOW,
    holder_of,
    make_binding,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)


def reassign(
    words: str, case: Case | None = None, language: Language = "ko", **values: Any
) -> Decision:
    """What `/reassign WORDS` leads to in the case's thread; the founder reads `language`."""
    message = make_staff_message(words, "command", command="reassign")
    founder = make_conversation(language=language, case=7)
    return decide_staff_turn(make_staff_turn(message, case or make_case(), founder, **values))


def test_reassigning_needs_to_know_where() -> None:
    for words, told in (
        ("", phrase("staff.reassign_how", "ko")),
        ("달나라", phrase("staff.reassign_unknown", "ko", text="달나라")),
        ("vn-hanoi", phrase("staff.reassign_same", "ko", mission="하노이 공관")),
        ("하노이", phrase("staff.reassign_same", "ko", mission="하노이 공관")),
    ):
        decision = reassign(f" {words} ")
        assert texts_of(decision.outgoing) == [told]
        assert decision == Decision(outgoing=decision.outgoing)


@pytest.mark.parametrize("wanted", ["vn-hcmc", "호치민"])
def test_reassigning_opens_a_thread_there_with_the_whole_record(wanted: str) -> None:
    record = [make_line("질문", files=(make_file(),)), make_line("답", "staff", role="lawyer")]
    services = make_services(
        lines=record, threads=[make_thread()], bindings=[make_binding("vn-hcmc", "C0HCMC")]
    )
    decision = reassign(wanted, make_taken_case(), services=services)
    assert decision.case and (decision.case.mission, decision.case.state) == ("vn-hcmc", "routed")
    assert holder_of(decision.case) is None and decision.retired_threads == ("7.1",)
    told, close = sent_to_staff(decision)
    assert told.content.text == phrase("staff.moved", "ko", mission="호치민 공관")
    assert close.act == "close"
    (thread,) = decision.new_threads
    assert (thread.id, thread.mission, thread.chat) == ("7.2", "vn-hcmc", "C0HCMC")
    card, before, files = sent_to_staff(decision, "7.2")
    assert card.act == "card" and "호치민 공관" in card.content.text
    assert before.content.text == "이 전의 대화\n\n창업자: 질문 [invoice.pdf]\n\n변호사: 답"
    assert files.content.files == (make_file(),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_founder_learns_where_the_case_went_in_their_language(language: Language) -> None:
    decision = reassign("vn-hcmc", make_case(language=language), language=language)
    mission = {
        "ko": "호치민 공관",
        "en": "the mission in HCMC",
        "vi": phrase("routing.kind_consulate_general", "vi", city="HCMC"),
    }
    moved = phrase(
        "founder.moved", language, number=7, mission=mission[language],
        reason=phrase("founder.moved_by_staff", language),
    )  # fmt: skip
    assert texts_of(sent_to_founder(decision)) == [moved]
    assert decision.new_threads == ()  # no room is bound there yet


def test_the_desk_may_be_named_as_well() -> None:
    decision = reassign("domestic")
    assert decision.case and decision.case.mission == "domestic" and decision.case.body is None


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_an_ended_case_is_reopened_before_others_take_over(state: CaseState) -> None:
    ended = make_case(state=state, ended_at=NOW)
    told = reassign("vn-hcmc", ended)
    assert told == Decision(outgoing=told.outgoing)
    shown = cases.render_state(ended, MISSIONS.get("vn-hanoi"))
    assert texts_of(told.outgoing) == [phrase("staff.reassign_ended", "ko", state=shown)]
    message = make_staff_message("", "command", command="reopen")
    founder = make_conversation()
    reopened = decide_staff_turn(make_staff_turn(message, ended, founder))
    assert reopened.conversation and reopened.conversation.case == ended.number
    assert reopened.case and reopened.case.ended_at is None
    moved = reassign("vn-hcmc", reopened.case).case
    assert moved and (moved.state, moved.ended_at) == ("new", None)


def test_a_case_moves_to_another_country_also_when_its_founder_was_erased() -> None:
    message = make_staff_message("vn-hcmc", "command", command="reassign")
    decision = decide_staff_turn(make_staff_turn(message, make_case()))
    assert decision.case and decision.case.mission == "vn-hcmc"
    assert sent_to_founder(decision) == []
