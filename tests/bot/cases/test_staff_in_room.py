"""Staff in their room: by name, by plain words, and the help that they get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases.room_turn import answer_outside_thread, explain_commands
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.messages import Address, Message
from bot.types import CaseState
from tests.samples.records import (
    make_case,
    make_conversation,
    make_room_message,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)


def test_staff_are_shown_by_name_in_the_room_and_by_role_to_the_founder() -> None:
    turn = replace(
        make_staff_turn(make_staff_message("", "command", command="claim"), make_case(), make_conversation()),
        name="김영수",
    )  # fmt: skip
    decision = decide_staff_turn(turn)
    room, founder = texts_of(sent_to_staff(decision)), texts_of(sent_to_founder(decision))
    assert room[0] == "김영수(변호사) 님이 맡았습니다."
    assert any("김영수(변호사) 담당" in text for text in room)
    assert founder and all("변호사" in text and "김영수" not in text for text in founder)


@pytest.mark.parametrize(
    ("word", "state"), [("resolve", "resolved"), ("close", "resolved"), ("claim", "claimed")]
)
def test_a_plain_word_alone_is_the_command_in_a_thread(word: str, state: CaseState) -> None:
    message = replace(make_staff_message("종결"), command=word)
    decision = decide_staff_turn(make_staff_turn(message, make_case(), make_conversation()))
    assert decision.case and decision.case.state == state
    assert not any(text.splitlines()[-1] == "종결" for text in texts_of(sent_to_founder(decision)))


@pytest.mark.parametrize(("unseen", "reader"), [(True, "5"), (False, None)])
def test_help_in_a_room_is_for_staff_and_after_a_slash_command_for_one(
    unseen: bool, reader: str | None
) -> None:
    message = replace(make_room_message("", "command", command="help"), unseen=unseen, user="5")
    (told,) = explain_commands(message).outgoing
    assert told.content.text == phrase("staff.help", "ko") and told.to.only_to == reader


@pytest.mark.parametrize(
    ("message", "answered"),
    [
        (make_room_message("", "command", command="resolve", thread="5"), True),
        (make_room_message("", "command", command="claim"), True),
        (make_room_message("", "command", command="help"), False),
        (make_room_message("점심 먹으러 갑시다"), False),
    ],
)
def test_outside_of_a_thread_only_a_staff_command_is_answered(
    message: Message, answered: bool
) -> None:
    decision = answer_outside_thread(message)
    if not answered:
        assert decision == Decision(forget_message=True)
        return
    (told,) = decision.outgoing
    assert told.content.text == phrase("staff.no_case_here", "ko")
    assert told.to == Address("telegram", "-100", message.thread)


def test_in_the_thread_of_a_merged_case_it_is_said_where_it_went() -> None:
    retired = replace(make_thread(), current=False)
    merged = make_taken_case(state="closed", merged_into=17)
    turn = make_staff_turn(make_staff_message("더 있습니다"), merged, thread=retired)
    decision = decide_staff_turn(turn)
    assert texts_of(decision.outgoing) == [phrase("staff.merged_away", "ko", number=17)]
    assert decision.new_lines == ()
