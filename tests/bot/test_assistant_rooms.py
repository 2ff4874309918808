"""What the assistant makes of messages in rooms of staff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.messages import Address
from bot.types import Binding
from tests.harness.assistant_harness import (
    decide_messages,
)
from tests.samples.records import (
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_line,
    make_room_message,
    make_staff_message,
    make_thread,
    phrase,
    texts_of,
)
from tests.samples.staff_records import make_member

IN_CASE = make_conversation(case=7)
ROOM = Binding("vn-hanoi", "telegram", "-100")
STAFF_KEPT: dict[str, Any] = {
    "threads": [make_thread()], "cases": [make_case()], "bindings": [make_binding()],
}  # fmt: skip


def test_in_a_cases_thread_staff_speak_by_their_seat() -> None:
    decision = decide_messages(make_staff_message("답"), **STAFF_KEPT, conversations=[IN_CASE])
    assert decision.new_lines == ((7, make_line("답", "staff", role="agency")),)
    assert decision.outgoing[0].to == Address("telegram", "1001")


def test_a_reply_is_mapped_by_its_thread_and_not_by_its_words_telegram_support_bot_179() -> None:
    other = replace(make_conversation(case=8), key="telegram:1002", chat="1002", user="1002")
    decision = decide_messages(
        make_staff_message("#8 접수번호 #8\n답"), threads=[make_thread()],
        cases=[make_case(), make_case(8, conversation="telegram:1002")],
        bindings=[make_binding()], conversations=[IN_CASE, other],
    )  # fmt: skip
    people = [one.to.chat for one in decision.outgoing if one.to.staff_thread is None]
    assert people == ["1001"]
    assert [number for number, _ in decision.new_lines] == [7] and decision.new_case is None


@pytest.mark.parametrize("who", [{"account": "slack:U0NEW"}, {"is_external": True}])
def test_the_words_of_somebody_who_is_not_staff_stay_in_the_thread(who: dict[str, Any]) -> None:
    message = make_staff_message("답", **who)
    decision = decide_messages(message, **STAFF_KEPT, conversations=[IN_CASE])
    assert decision == Decision(
        new_unadmitted=decision.new_unadmitted, outgoing=decision.outgoing, forget_message=True
    )
    assert [one.to.staff_thread for one in decision.outgoing] == ["7.1"]
    told = [decision.new_unadmitted] if decision.new_unadmitted else []
    again = decide_messages(message, **STAFF_KEPT, conversations=[IN_CASE], unadmitted=told)
    assert again == Decision(forget_message=True)


def test_an_admin_is_staff_everywhere() -> None:
    thread = make_thread(channel="telegram", chat="-100", thread="5")
    message = make_room_message("답", thread="5")
    kept: dict[str, Any] = STAFF_KEPT | {"threads": [thread], "bindings": [ROOM]}
    decision = decide_messages(message, **kept, conversations=[IN_CASE])
    assert decision.new_lines == ((7, make_line("답", "staff", role="staff")),)


def test_staff_are_managed_only_in_a_bound_room() -> None:
    message = make_room_message("list", "command", command="staff")
    shown = decide_messages(message, bindings=[ROOM], members=[make_member()])
    assert texts_of(shown.outgoing)[0].startswith("담당자 명단")
    alone = decide_messages(make_command("staff", "list"))
    assert texts_of(alone.outgoing)[-1] == phrase("founder.unknown_command", "ko")


def test_in_a_room_outside_of_any_thread_only_staff_commands_are_answered() -> None:
    message = make_room_message("", "command", command="resolve")
    decision = decide_messages(message, bindings=[ROOM])
    assert texts_of(decision.outgoing) == [phrase("staff.no_case_here", "ko")]
    assert decide_messages(make_room_message("점심?"), bindings=[ROOM]) == Decision(
        forget_message=True
    )
