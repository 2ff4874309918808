"""Who may bind a room to a body, and what appears in it then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.admin.binding import BINDING_COMMANDS, bind_room, decide_binding
from bot.messages import Address, Message
from bot.types import Binding, Decision
from tests.samples.records import (
    HCMC,
    QUESTION,
    make_binding,
    make_case,
    make_file,
    make_line,
    make_room_message,
    make_route,
    make_services,
    make_thread,
    phrase,
    sent_to_staff,
    texts_of,
)


def make_bind(words: str = "vn-hanoi", **values: object) -> Message:
    return make_room_message(words, "command", command="bind", **values)


def refuse(message: Message, is_admin: bool = True) -> str:
    """The one line that a refused command is answered with, in the place it was written in."""
    decision = decide_binding(message, is_admin, make_services(), [make_case()])
    (told,) = decision.outgoing
    assert decision == Decision(outgoing=decision.outgoing)
    assert told.to == Address(message.channel, message.chat, message.thread)
    return told.content.text


def test_bind_is_the_command() -> None:
    assert {"bind"} == BINDING_COMMANDS


def test_only_an_admin_may_bind() -> None:
    told = refuse(make_bind(account="telegram:1234", thread="5"), is_admin=False)
    assert told == phrase("staff.not_admin", "ko", who="telegram:1234")


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (make_bind(private=True), "bind_private"),
        (make_bind(" "), "bind_how"),
        (make_bind(has_threads=False), "bind_not_forum"),
    ],
)
def test_a_room_that_cannot_hold_cases_is_refused_with_what_to_do(
    message: Message, key: str
) -> None:
    assert refuse(message) == phrase(f"staff.{key}", "ko")


def test_an_unknown_mission_is_answered_with_one_of_a_like_name() -> None:
    told = refuse(make_bind("vn-hanoy"))
    assert told.startswith("“vn-hanoy”(이)라는 공관은 없습니다.") and "vn-hanoi" in told


@pytest.mark.parametrize(
    "message",
    [make_bind(" vn-hanoi "), make_bind(account="slack:U0ADMIN", chat="C0HANOI")],
)
def test_a_room_is_bound_and_told(message: Message) -> None:
    decision = decide_binding(message, True, make_services(), [])
    assert decision.new_binding == Binding("vn-hanoi", message.channel, message.chat)
    assert texts_of(decision.outgoing) == [
        phrase("staff.bound", "ko", mission="하노이 공관", waiting=0)
    ]
    assert decision.audit == (message.user, f"bind vn-hanoi {message.channel}:{message.chat}")
    assert decision.new_threads == ()


def test_the_missions_waiting_cases_appear_with_all_that_was_said() -> None:
    files = (make_file(),)
    record = [make_line(QUESTION), make_line("더 있어요", files=files)]
    waiting = [make_case(7), make_case(8, route=make_route(HCMC))]
    services = make_services(lines=record, threads=[make_thread(7, current=False)])
    decision = bind_room(make_binding(), services, waiting, "U0ADMIN")
    bound = decision.outgoing[0]
    assert bound.content.text == phrase("staff.bound", "ko", mission="하노이 공관", waiting=1)
    assert bound.to == Address("slack", "C0HANOI")
    (thread,) = decision.new_threads
    assert (thread.id, thread.case, thread.chat) == ("7.2", 7, "C0HANOI")
    card, before, sent = sent_to_staff(decision, "7.2")
    assert card.act == "card"  # it shows the question, which the record begins with
    assert before.content.text == "이 전의 대화\n\n창업자: 더 있어요 [invoice.pdf]"
    assert sent.content.files == files


def test_the_desk_shows_every_case_that_waits() -> None:
    waiting = [make_case(7), replace(make_case(8), mission="vn-hcmc")]
    decision = bind_room(make_binding("domestic", "C0DESK"), make_services(), waiting, "U")
    assert [(thread.id, thread.mission) for thread in decision.new_threads] == [
        ("7.1", "vn-hanoi"),
        ("8.1", "vn-hcmc"),
    ]
