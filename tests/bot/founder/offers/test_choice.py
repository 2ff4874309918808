"""What the choice of an offered section leads to, and what of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.context import Decision, QuestionRate
from bot.founder.turn import decide_founder_turn
from bot.messages import Enclosure
from bot.types import Conversation
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Exchange
from tests.bot.founder.offers.offered_talk import LABELS, OFFERED, TALK, show
from tests.samples.answers import RecordingAnswerer, RecordingShelf, make_answer
from tests.samples.records import (
    FOUNDER,
    HANOI,
    NOW,
    QUESTION,
    button_keys,
    make_binding,
    make_conversation,
    make_file,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    texts_of,
)


def test_a_choice_answers_the_question_it_was_offered_for() -> None:
    shelf = RecordingShelf()
    asked = make_pending("How much is paid to our firm?", language="en")
    earlier = Exchange("a", "b")
    talk = replace(
        TALK,
        offered=(replace(OFFERED, asked=asked),),
        turns=(Exchange(asked.question, ""), earlier),
        pending=None,
    )
    decision = show(talk, 2, shelf)
    ((question, offer),) = shelf.chosen
    assert (question.text, question.language, offer) == (asked.question, "en", OFFERED.offers[2])
    (reply,) = decision.outgoing
    assert f"\n{LABELS[2]}: 전문 [1]\n\nAs of November 23, 2026" in reply.content.text
    assert reply.content.details.startswith("[1] 나루청") and button_keys(reply) == ["ok", "human"]
    kept = decision.conversation
    assert kept and kept.language == "en" and kept.offered[0].chosen == (2,)
    assert [one.question for one in kept.turns] == ["a", asked.question]
    assert kept.turns[-1].documents == ("d",)
    section = {"title": "나루", "heading": LABELS[2], "confidence": 40}
    assert kept.why == phrase("founder.why_chosen", "en", **section)
    found = phrase("staff.found_chosen", "ko", **section)
    assert kept.pending == replace(asked, found=found, at=NOW)


def test_a_language_that_was_set_since_is_kept() -> None:
    shelf = RecordingShelf()
    kept = show(replace(TALK, language="vi", fixed_language=True), 0, shelf).conversation
    assert shelf.chosen[0][0].language == "vi" and kept and kept.language == "vi"


@pytest.mark.parametrize("verdict", ["answered", "failed"])
@pytest.mark.parametrize("text", ["수출바우처", "없음"])
def test_what_comes_with_the_question_and_with_the_choice_goes_along(
    text: str, verdict: Any
) -> None:
    one, two = make_file("one.png"), make_file("two.png")
    talk = replace(TALK, pending=make_pending(files=(one,), at=NOW))
    contact = Enclosure("contact", "민수", "+84912")
    message = make_message(text, files=(two,), enclosures=(contact,))
    services = make_services(shelf=RecordingShelf(verdict))
    kept = decide_founder_turn(make_turn(message, talk, services)).conversation
    assert kept and kept.pending and kept.pending.files == (one,)
    (part,) = kept.pending.before
    assert part.files == (two,) and "민수" in part.text and text not in part.text


def test_a_question_that_one_comes_back_to_has_what_came_since_once() -> None:
    one, two = make_file("one.png"), make_file("two.png")
    asked = make_pending(files=(one,), at=NOW)
    talk = replace(
        TALK, offered=(replace(OFFERED, asked=asked),), pending=asked, place=HANOI,
    )  # fmt: skip
    services = make_services(
        RecordingAnswerer(make_answer("no_evidence")), bindings=[make_binding()]
    )
    since = make_message("언제까지 신청하나요?", files=(two,))
    decision = decide_founder_turn(make_turn(since, talk, services))
    for press in ("offer:abcd1234:0", "human"):
        assert decision.conversation
        turn = make_turn(make_message(press, "button"), decision.conversation, services)
        decision = decide_founder_turn(turn)
    assert decision.new_case and decision.new_case.question == QUESTION
    record = [line for _, line in decision.new_lines]
    assert sorted(file.name for line in record for file in line.files) == ["one.png", "two.png"]
    said = [line.text for line in record if line.author == "founder"]
    assert said.count(QUESTION) == 1 and said.count("언제까지 신청하나요?") == 1


def test_a_late_choice_takes_its_matter_up_again() -> None:
    asked = make_pending(files=(make_file("one.png"),), at=NOW - timedelta(days=3))
    talk = replace(TALK, offered=(replace(OFFERED, asked=asked),), pending=asked, place=HANOI)
    services = make_services(RecordingAnswerer(make_answer()), bindings=[make_binding()])
    for message in (
        make_message("offer:abcd1234:0", "button"), make_message("언제까지 신청하나요?"),
        make_message("human", "button"),
    ):  # fmt: skip
        decision = decide_founder_turn(make_turn(message, talk, services))
        assert decision.conversation
        talk = decision.conversation
    record = [line for _, line in decision.new_lines]
    assert [file.name for line in record for file in line.files] == ["one.png"]


def test_choosing_is_no_question_that_is_counted() -> None:
    services = replace(make_services(), question_rate=QuestionRate(per_minute=1))
    talk = replace(TALK, asked_at=(NOW,))
    for number in range(3):
        message = make_message(f"offer:abcd1234:{number}", "button")
        decision = decide_founder_turn(make_turn(message, talk, services))
        assert decision.conversation and decision.conversation.asked_at == (NOW,)
        talk = decision.conversation
        assert f"{LABELS[number]}: 전문" in texts_of(decision.outgoing)[0]


def test_another_person_s_words_are_no_choice_to_learn_from() -> None:
    services = make_services(RecordingAnswerer(make_answer("offered", offers=OFFERED.offers[:2])))
    for forwarded_from, learns in (("김", False), ("", True)):
        message = make_message("물류비가 궁금합니다", forwarded_from=forwarded_from)
        kept = decide_founder_turn(make_turn(message, None, services)).conversation
        assert kept
        choice = show(kept, 0, RecordingShelf()).choice
        assert bool(choice) is learns and not (choice and "김" in choice.question)


@pytest.mark.parametrize("verdict", ["expired", "no_evidence"])
def test_a_section_that_is_gone_says_so_and_offers_a_person(verdict: Any) -> None:
    decision = show(TALK, 0, RecordingShelf(verdict))
    (reply,) = decision.outgoing
    assert reply.content.text == phrase("founder.no_evidence", "ko")
    assert button_keys(reply) == ["human"] and decision.choice is None
    kept = decision.conversation
    assert kept and kept.offered[0].chosen == () and kept.pending == make_pending(at=NOW)


def test_a_choice_is_kept_without_personal_data_and_counted_once() -> None:
    asked = make_pending("010-1234-5678로 물류비 안내를 받을 수 있나요?")
    talk = replace(TALK, offered=(replace(OFFERED, asked=asked, own_words=asked.question),))
    choice = show(talk, 1, RecordingShelf()).choice
    assert choice and "1234" not in choice.question and "물류비 안내" in choice.question
    assert choice == SectionChoice(FOUNDER, "ko", choice.question, "d", ("물류 바우처", LABELS[1]))
    again = replace(talk, offered=(replace(talk.offered[0], chosen=(1,)),))
    assert show(again, 1, RecordingShelf()).choice is None


@pytest.mark.parametrize(
    "asked",
    [
        make_pending(
            "직원이 체포되면 어디에 연락하나요?"
        ),  # of a sealed matter, though no incident
        make_pending(sealed=True),
        make_pending(urgency="critical"),
    ],
)
def test_a_choice_for_what_few_may_see_is_kept_nowhere(asked: Any) -> None:
    decision = show(replace(TALK, offered=(replace(OFFERED, asked=asked),)), 0, RecordingShelf())
    assert decision.choice is None and decision.conversation
    assert decision.conversation.offered[0].chosen == (0,)


def test_a_sealed_case_takes_what_was_offered_along() -> None:
    asked = make_pending("직원이 체포되면 어디에 연락하나요?")
    talk = replace(TALK, offered=(replace(OFFERED, asked=asked),), place=HANOI)
    turn = make_turn(make_message("none:abcd1234", "button"), talk)
    decision = decide_founder_turn(turn)
    assert decision.new_case and decision.new_case.sealed
    assert decision.new_case.question == asked.question
    assert decision.conversation and decision.conversation.offered == ()


def test_three_questions_are_remembered_and_each_choice_once() -> None:
    library = RecordingAnswerer(make_answer("offered", offers=OFFERED.offers[:3]))
    shelf = RecordingShelf()
    services = make_services(library, shelf=shelf)
    talk, keys = make_conversation(), []
    for number in range(4):
        message = make_message(f"{number}번 서류는 얼마까지 되나요?", id=f"m{number}")
        decision = decide_founder_turn(make_turn(message, talk, services))
        assert decision.conversation
        talk = decision.conversation
        rows = decision.outgoing[-1].content.buttons
        assert [row[0].label for row in rows[:-1]] == [
            f"{line}. {label}" for line, label in enumerate(LABELS[:3], 1)
        ]
        keys.append(rows[1][0].key)
    assert len(set(keys)) == 4 and max(len(f"{one}@U0123456789".encode()) for one in keys) <= 64

    def press(key: str, talk: Conversation) -> Decision:
        return decide_founder_turn(make_turn(make_message(key, "button"), talk, services))

    said = [texts_of(press(one, talk).outgoing)[-1] for one in keys]
    assert said[0] == phrase("founder.stale_button", "ko") and len(shelf.chosen) == 3
    assert shelf.chosen[-1][0].text == "3번 서류는 얼마까지 되나요?"
    once = press(keys[-1], talk).conversation
    assert once
    again = texts_of(press(keys[-1], once).outgoing)
    assert again == [phrase("founder.already_chosen", "ko", title=LABELS[1])]
