"""What the assistant makes of messages in rooms of staff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.messages import Address, Message
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


IN_SLACK_THREAD: dict[str, Any] = STAFF_KEPT | {"conversations": [IN_CASE]}
MINUTES, INSIGHT = "연락처를 회람한다 | 코트라 | 2027-12-31", "세관이 원본을 요구한다"


@pytest.mark.parametrize(("message", "kept"), [
    (make_room_message(MINUTES, "command", command="minutes"), {"bindings": [ROOM]}),
    (make_room_message(INSIGHT, "command", command="insight"), {"bindings": [ROOM]}),
    (make_room_message("kr-domestic 알림", "command", command="tell"), {"bindings": [ROOM]}),
    (make_room_message("본국 요청: 통관 규정", "edit"), {"bindings": [ROOM]}),
    (make_room_message("agency 77", "command", command="seat"), {"bindings": [ROOM]}),
    (make_command("block", "telegram:66", account="telegram:1"), {}),
    (make_command("bind", "vn-hanoi", account="telegram:1"), {}),
    (make_staff_message("제출", "command", command="faq"), IN_SLACK_THREAD),
    (make_staff_message("", "command", command="claim"), IN_SLACK_THREAD),
    (make_staff_message("claim", "edit", command="claim"), IN_SLACK_THREAD),
    (make_staff_message("본국 요청: 통관 규정", "edit"), IN_SLACK_THREAD),
    (make_staff_message(INSIGHT, "edit", earlier=make_staff_message(INSIGHT, "command", command="insight")), IN_SLACK_THREAD),
])  # fmt: skip
def test_an_edited_command_is_not_carried_out_again(message: Message, kept: dict[str, Any]) -> None:
    """Nor are the words that stay when its word is taken out passed on to the founder."""
    decision = decide_messages(replace(message, is_edited=True), **kept)
    (told,) = decision.outgoing
    assert (
        told.content.text == phrase("staff.edited_command", "ko") and told.to.chat == message.chat
    )
    assert decision == Decision(outgoing=(told,))


@pytest.mark.parametrize("message", [
    make_staff_message("고친 답", "edit", earlier=make_staff_message("답")),
    make_staff_message("claim입니다", "edit"),
])  # fmt: skip
def test_an_edited_reply_is_still_a_correction(message: Message) -> None:
    decision = decide_messages(replace(message, is_edited=True), **IN_SLACK_THREAD)
    assert decision.new_lines == ((7, make_line(message.text, "staff", role="agency")),)


def test_a_founders_edited_command_is_carried_out() -> None:
    decision = decide_messages(make_command("lang", "en", is_edited=True))
    assert decision.conversation is not None and decision.conversation.language == "en"


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
