"""A founder seals their own matter: before a case opens, while a place is asked for, within a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Message
from bot.types import Conversation
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_services,
    make_thread,
    make_turn,
    phrase,
)

QUESTION = "물류비는 얼마까지 지원하나요?"
OFFICER = Address("telegram", "77")


def decide(
    message: Message, talk: Conversation | None = None, library: Any = None, **services: Any
) -> Decision:
    library = library or RecordingAnswerer(make_answer("answered"))
    made = replace(make_services(library, **services), find_duty_officers=lambda _: (OFFICER,))
    return decide_founder_turn(make_turn(message, talk or make_conversation(greeted=True), made))


def test_before_a_case_what_is_told_then_is_sealed() -> None:
    first = decide(make_command("sealed"))
    assert first.outgoing[0].content.text == phrase("founder.sealed_from_now", "ko")
    library = RecordingAnswerer(make_answer("answered"))
    asked = decide(make_message(QUESTION), first.conversation, library).conversation
    assert asked and asked.pending and asked.pending.sealed
    assert library.asked[-1].quotes_only
    assert (asked.why, asked.turns, asked.answered) == ("", (), ())
    opened = decide(make_command("human"), replace(asked, place=HANOI))
    assert opened.new_case and opened.new_case.sealed


def test_no_preview_is_shown_of_a_sealed_matter() -> None:
    shown: list[object] = []
    library = RecordingAnswerer(make_answer("answered"))
    talk = decide(make_command("sealed")).conversation

    def preview(question: Any) -> Any:
        shown.append(question)
        return library(question)

    decide(make_message(QUESTION), talk, library, ask_with_preview=preview)
    assert shown == []
    decide(make_message(QUESTION), None, library, ask_with_preview=preview)
    assert len(shown) == 1


def test_what_was_asked_before_is_sealed_with_it() -> None:
    asked = decide(make_message(QUESTION)).conversation
    sealed = decide(make_command("sealed"), asked)
    assert sealed.outgoing[0].content.text == phrase("founder.sealed_by_founder", "ko")
    talk = sealed.conversation
    assert talk and talk.pending and talk.pending.sealed and talk.pending.question == QUESTION
    assert (talk.why, talk.answered) == ("", ())


def test_while_the_place_is_asked_for_it_is_asked_again() -> None:
    asked = decide(make_message(QUESTION)).conversation
    waiting = decide(make_command("human"), asked).conversation
    sealed = decide(make_command("sealed", "우리끼리의 일입니다"), waiting)
    assert sealed.conversation and sealed.conversation.asking_place
    opened = decide(make_message("하노이"), sealed.conversation)
    assert opened.new_case and opened.new_case.sealed
    assert "우리끼리의 일입니다" in opened.new_case.question


@pytest.mark.parametrize(
    "message",
    [
        make_command("sealed", "단가는 12달러입니다"),
        make_message("비공개로 해 주세요. 단가는 12달러입니다"),
    ],
)
def test_within_a_case_the_words_go_to_the_officers_alone(message: Message) -> None:
    talk = make_conversation(greeted=True, case=7)
    told = decide(message, talk, known_cases=[make_case()], threads=[make_thread()])
    assert told.case and told.case.sealed
    room = [one.content.text for one in told.outgoing if one.to.staff_thread]
    assert room and not any("12달러" in text for text in room)
    assert any("12달러" in one.content.text for one in told.outgoing if one.to == OFFICER)


def test_the_bare_command_within_a_case_seals_it() -> None:
    talk = make_conversation(greeted=True, case=7)
    told = decide(make_command("sealed"), talk, known_cases=[make_case()], threads=[make_thread()])
    assert told.case and told.case.sealed and told.new_lines[0][1].author == "bot"
