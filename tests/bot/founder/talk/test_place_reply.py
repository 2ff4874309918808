"""Where the matter is: what is said while a place is asked for, and a place that is corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.reading.acts import Reading
from bot.founder.talk.place_reply import correct_place
from bot.founder.talk.questions import choose_place, is_question
from bot.founder.turn import decide_founder_turn
from bot.types import Conversation, Place
from tests.samples.answers import RecordingAnswerer, make_answer, make_offer
from tests.samples.records import (
    HANOI,
    HCMC,
    NOW,
    QUESTION,
    button_keys,
    make_command,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    texts_of,
)

WAITING = make_conversation(asking_place=True, awaited="place", pending=make_pending(at=NOW))
AGAIN = phrase("founder.ask_place_again", "ko")


def say(text: str, talk: Conversation, verdict: Any = "no_evidence") -> Decision:
    services = make_services(RecordingAnswerer(make_answer(verdict)))
    return decide_founder_turn(make_turn(make_message(text), talk, services))


@pytest.mark.parametrize("text", ["네", "고마워요~", "상담원이요", "안녕하세요", "쓸모없네요"])
def test_small_talk_opens_no_case_and_the_place_is_asked_for_again(text: str) -> None:
    decision = say(text, WAITING)
    assert decision.new_case is None and not decision.timers  # the first one still runs
    assert texts_of(decision.outgoing)[-1].endswith(AGAIN)
    assert button_keys(decision.outgoing[-1]) == ["noplace"]
    kept = decision.conversation
    assert kept and kept.asking_place and kept.pending == WAITING.pending


def test_a_question_is_answered_and_the_place_asked_for_again() -> None:
    decision = say("잠깐만요 비용 드나요?", WAITING, "answered")
    answer, asked = decision.outgoing
    assert answer.content.details and answer.content.buttons == ()
    assert asked.content.text == AGAIN and decision.new_case is None
    opened = say("하노이", decision.conversation or WAITING).new_case
    assert opened and (opened.question, opened.mission) == (QUESTION, "vn-hanoi")


def test_a_question_that_no_document_answers_goes_along() -> None:
    decision = say("잠깐만요 비용 드나요?", WAITING)
    assert phrase("founder.passed_on_unanswered", "ko") in texts_of(decision.outgoing)[0]
    opened = say("하노이", decision.conversation or WAITING).new_case
    assert opened and opened.question == f"{QUESTION}\n잠깐만요 비용 드나요?"


@pytest.mark.parametrize(
    "text", ["특별히 없어요", "no particular place", "không có nơi nào cụ thể"]
)
def test_that_there_is_no_place_is_said_in_words_too(text: str) -> None:
    decision = say(text, WAITING)
    case = decision.new_case
    assert case and (case.question, case.mission) == (QUESTION, "domestic")
    assert "모르는 지명" not in texts_of(decision.outgoing)[0]


def test_a_figure_is_no_place_and_goes_along() -> None:
    decision = say("계좌번호는 110-222-333 입니다", WAITING)
    assert decision.new_case is None
    assert texts_of(decision.outgoing)[0].startswith(phrase("founder.added_short", "ko"))
    opened = say("하노이", decision.conversation or WAITING).new_case
    assert opened and opened.question == f"{QUESTION}\n계좌번호는 110-222-333 입니다"


def test_what_a_reply_says_about_the_place_is_for_staff_too() -> None:
    decision = say("the supplier is in Hanoi", WAITING)
    case = decision.new_case
    assert case and (case.question, case.place) == (QUESTION, HANOI)
    assert "the supplier is in Hanoi" in [line.text for _, line in decision.new_lines]


def test_what_is_about_naru_is_answered_too() -> None:
    decision = say("너는 누구야?", WAITING)
    assert texts_of(decision.outgoing) == [phrase("founder.who_reads", "ko"), AGAIN]
    assert decision.conversation and decision.conversation.asking_place


def test_where_alone_remembers_that_it_asked() -> None:
    asked = decide_founder_turn(make_turn(make_command("where")))
    assert asked.conversation and asked.conversation.awaited == "place"
    kept = say("하노이", asked.conversation).conversation
    assert kept and (kept.place, kept.place_fixed, kept.awaited) == (HANOI, True, "")


def test_a_question_after_where_is_still_a_question() -> None:
    asked = decide_founder_turn(make_turn(make_command("where"))).conversation
    answered = say(QUESTION, asked or WAITING, "answered")
    assert answered.outgoing[0].content.details


def test_another_place_asks_the_same_question_again() -> None:
    talk = make_conversation(pending=make_pending(at=NOW), place=HCMC)
    library = RecordingAnswerer(make_answer("answered"))
    turn = make_turn(make_message("호치민 말고 하노이요"), talk, make_services(library))
    decision = correct_place(turn, Reading("place", place="하노이"))
    kept = decision.conversation
    assert kept and (kept.place, kept.place_fixed) == (HANOI, True)
    assert library.asked[0].text == f"하노이 {QUESTION}"


VIETNAM, JAPAN = Place("Vietnam", "VN"), Place("Japan", "JP")
OHIO = Place("Ohio", "US", 40.0, -83.0, "US-OH")
KENTUCKY = Place("Kentucky", "US", 38.25, -85.76, "US-KY")


@pytest.mark.parametrize(
    ("known", "fixed", "mentioned", "at_once", "chosen"),
    [
        (None, False, VIETNAM, False, VIETNAM),
        (HANOI, False, None, False, HANOI),
        (HANOI, False, VIETNAM, False, HANOI),  # the country that the city is in
        (HANOI, False, JAPAN, False, JAPAN),
        (HANOI, True, JAPAN, False, HANOI),  # shared on purpose
        (HANOI, True, HCMC, False, HCMC),  # a city is named on purpose too
        (HANOI, True, JAPAN, True, JAPAN),  # somebody needs help there
        (OHIO, False, KENTUCKY, False, KENTUCKY),  # a state is no country alone
        (OHIO, True, KENTUCKY, False, KENTUCKY),
    ],
)
def test_a_place_named_on_purpose_outlives_a_country_in_a_text(
    known: Place | None, fixed: bool, mentioned: Place | None, at_once: bool, chosen: Place
) -> None:
    talk = replace(make_conversation(place=known), place_fixed=fixed)
    assert choose_place(talk, mentioned, at_once=at_once) == chosen


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("비용 드나요", True), ("how much is it", True), ("mất bao lâu", True), ("얼마?", True),
        ("직원 8명입니다", False), ("하노이", False), ("we have two containers", False),
    ],
)  # fmt: skip
def test_a_question_shows_by_its_mark_its_ending_or_its_first_word(text: str, asks: bool) -> None:
    assert is_question(text) is asks


@pytest.mark.parametrize("verdict", ["offered", "no_evidence"])
def test_that_no_document_is_about_the_new_place_is_said_plainly(verdict: Any) -> None:
    offers = (make_offer(),) if verdict == "offered" else ()
    library = RecordingAnswerer(make_answer(verdict, offers=offers))
    pending = make_pending(question="태국 물류비 지원이 있나요?", at=NOW)
    talk = make_conversation(pending=pending, greeted=True)
    turn = make_turn(make_message("하노이는요?"), talk, make_services(library))
    decision = correct_place(turn, Reading("place", place="하노이"))
    said = phrase("founder.nothing_for_place", "ko", place=HANOI.name)
    assert texts_of(decision.outgoing)[-1].startswith(said)
    named = make_offer(f"{HANOI.name} 물류비는 얼마인가요?")
    library = RecordingAnswerer(make_answer("offered", offers=(named,)))
    turn = make_turn(make_message("하노이는요?"), talk, make_services(library))
    decision = correct_place(turn, Reading("place", place="하노이"))
    assert said not in texts_of(decision.outgoing)[-1]
