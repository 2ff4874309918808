"""A mission asks the domestic desk for a case, and the desk answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases.room_turn import hear_command
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision, Services
from bot.founder.own_cases.ending import close_case
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Message
from bot.types import Case, CaseMessage, LogEntry
from tests.samples.records import (
    NOW,
    QUESTION,
    button_keys,
    make_binding,
    make_command,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

NEED = "중고 금형을 다시 들여올 때 관세를 면제받는 요건"
FOUNDER = make_conversation(case=7)
ROOMS = [make_binding(), make_binding("domestic", "C0HOME")]


def make_linked(number: int = 8, **values: Any) -> Case:
    values = {
        "conversation": "", "question": NEED, "mission": "domestic", "competent": "domestic",
        "state": "routed", "parent": 7, "found": "customs", "place": None, "basis": "staff",
        "taken_by": None, "taken_role": None, "taken_at": None, **values,
    }  # fmt: skip
    return replace(make_taken_case(number), **values)


def make_desk(*cases: Case, lines: list[CaseMessage] | None = None, **values: Any) -> Services:
    threads = [make_thread(case.number) for case in cases]
    services = make_services(
        known_cases=cases, threads=threads, bindings=values.pop("bindings", ROOMS),
        conversations=[FOUNDER], lines=lines or [],
    )  # fmt: skip
    return replace(services, **values)


def act(case: Case, services: Services, text: str, command: str = "relay") -> Decision:
    """A command in the thread of `case`; "" is a message and "!" a button."""
    kind = {"": "text", "!": "button"}.get(command, "command")
    message = make_staff_message(text, kind, command=command if kind == "command" else "")  # type: ignore[arg-type]
    founder = FOUNDER if case.parent is None else None
    return decide_staff_turn(make_staff_turn(message, case, founder, services=services))


def test_a_request_is_a_case_of_the_desk_that_knows_nothing_of_the_founder() -> None:
    parent = make_taken_case(question="박민아입니다. 010-2345-6789, 금형을 되가져오려 합니다")
    decision = act(parent, make_desk(parent), f"{NEED} (문의 02-123-4567)")
    linked = decision.new_case
    assert linked and (linked.parent, linked.mission, linked.conversation) == (7, "domestic", "")
    assert decision.case and decision.case.state == "waiting_authority"
    assert [(one.case, one.act) for one in decision.log] == [
        (7, "relay"), (8, "open"), (8, "route"),
    ]  # fmt: skip
    (card,) = sent_to_staff(decision, "8.1")
    assert NEED in card.content.text and "02-123" not in card.content.text
    shown = f"{card.content.text}{linked}"
    assert not any(word in shown for word in ("박민아", "010", "telegram", "1001", "되가져"))
    assert "reassign:8" not in button_keys(card)
    assert phrase("staff.relay_masked", "ko") in texts_of(sent_to_staff(decision))
    (told, *_) = sent_to_founder(decision)
    assert "GMT+07:00" in told.content.text and button_keys(told) == ["share:8"]


def test_the_founders_own_words_are_not_sent_by_staff() -> None:
    parent = make_taken_case()
    words = "우리 회사는 하노이 외곽에서 자동차 부품을 만드는데 세관이 금형을 압류했습니다"
    services = make_desk(parent, lines=[make_line(words)])
    decision = act(parent, services, f"창업자 말씀: {words}")
    assert texts_of(decision.outgoing) == [phrase("staff.relay_founder_words", "ko")]
    assert decision.new_case is None


def test_files_stay_with_the_mission_and_that_is_said() -> None:
    parent = make_taken_case()
    message = make_staff_message(NEED, "command", command="relay", files=(make_file(),))
    turn = make_staff_turn(message, parent, FOUNDER, services=make_desk(parent))
    decision = decide_staff_turn(turn)
    assert phrase("staff.relay_no_files", "ko") in texts_of(sent_to_staff(decision))
    assert not any(one.content.files for one in decision.outgoing)


def test_without_a_room_of_the_desk_the_request_is_kept_and_nothing_is_promised() -> None:
    parent = make_taken_case()
    decision = act(parent, make_desk(parent, bindings=[make_binding()]), NEED)
    assert decision.new_case and decision.new_case.state == "new"
    assert phrase("staff.relay_kept", "ko", number=8, due="") in texts_of(sent_to_staff(decision))
    assert "무렵까지" not in sent_to_founder(decision)[0].content.text


def test_the_desks_answer_goes_to_the_mission_and_only_its_button_sends_it_on() -> None:
    parent, linked = make_taken_case(state="waiting_authority"), make_linked()
    services = make_desk(parent, linked)
    decision = act(linked, services, "면제됩니다", "")
    assert decision.case and decision.case.state == "answered"
    (went_on,) = decision.more_cases
    assert (went_on.number, went_on.state) == (7, "claimed")
    answer = sent_to_staff(decision)[0]
    assert "면제됩니다" in answer.content.text and button_keys(answer) == ["forward:8:0"]
    assert all("면제됩니다" not in one.content.text for one in sent_to_founder(decision))
    assert [(number, line.author) for number, line in decision.new_lines] == [
        (8, "staff"), (7, "note"),
    ]  # fmt: skip

    said = [make_line("면제됩니다", "staff")]
    records = {8: said, 7: []}
    services = replace(services, list_lines=lambda number: records[number])
    forwarded = act(went_on, services, "forward:8:0", "!")
    (told,) = sent_to_founder(forwarded)
    assert "본국 관계 부처의 회신입니다:\n면제됩니다" in told.content.text
    assert forwarded.case and forwarded.case.state == "answered"
    records[7] = said
    again = act(went_on, services, "forward:8:0", "!")
    assert texts_of(again.outgoing) == [phrase("staff.linked_forwarded_before", "ko")]
    for key in ("forward:8:5", "forward:7:0", "forward:99:0"):
        stale = act(went_on, services, key, "!")
        assert texts_of(stale.outgoing) == [phrase("staff.linked_stale", "ko")]


def test_of_a_sealed_case_neither_request_nor_answer_is_in_a_thread() -> None:
    parent = make_taken_case(sealed=True, state="claimed")
    unread = act(parent, make_desk(parent), NEED)
    assert unread.new_case is None and len(unread.outgoing) == 2
    officers = {"domestic": [Address("slack", "U0DUTY")], "vn-hanoi": [Address("slack", "U0LEAD")]}
    find = officers.__getitem__
    asked = act(parent, make_desk(parent, find_duty_officers=find), NEED)
    with_need = [one.to for one in asked.outgoing if NEED in one.content.text]
    assert with_need == officers["domestic"]
    linked = make_linked(sealed=True)
    services = make_desk(parent, linked, find_duty_officers=find)
    answered = act(linked, services, "압수수색 뒤에 답합니다", "")
    assert [one.to for one in answered.outgoing if "압수수색" in one.content.text] == officers[
        "vn-hanoi"
    ]
    assert ["forward:8:0"] in [button_keys(one) for one in sent_to_staff(answered)]


def test_several_requests_are_listed_added_to_and_withdrawn() -> None:
    parent = make_taken_case(state="waiting_authority")
    first, second = make_linked(8), make_linked(9, state="answered", taken_by="slack:U1")
    services = make_desk(parent, first, second)
    listed = act(parent, services, "")
    assert "#8" in listed.outgoing[0].content.text and "#9" in listed.outgoing[0].content.text
    added = act(parent, services, "#9 기한도 알려 주십시오")
    assert added.case and (added.case.number, added.case.state) == (9, "claimed")
    assert "기한도" in sent_to_staff(added, "9.1")[0].content.text
    gone = act(parent, services, "철회 8")
    assert gone.case and (gone.case.number, gone.case.state) == (8, "closed")
    assert gone.more_cases == ()  # the other request is still waited for
    assert [one.act for one in sent_to_staff(gone, "8.1")] == ["send", "recard", "close"]
    last = act(parent, make_desk(parent, first), "철회 8")
    assert [one.state for one in last.more_cases] == ["claimed"]
    unknown = act(parent, services, "철회 99")
    assert "#99" in unknown.outgoing[0].content.text and unknown.case is None


@pytest.mark.parametrize("word", ["relay", "reassign", "merge", "wait"])
def test_what_makes_no_sense_in_a_request_is_refused(word: str) -> None:
    linked = make_linked()
    decision = act(linked, make_desk(make_taken_case(), linked), "vn-hcmc", word)
    assert texts_of(decision.outgoing) == [phrase("staff.linked_no_act", "ko")]


def test_the_mission_is_told_what_the_desk_does_with_a_request() -> None:
    parent, linked = make_taken_case(state="waiting_authority"), make_linked()
    services = make_desk(parent, linked)
    taken = act(linked, services, "", "claim")
    assert any("본국 요청 #8" in text for text in texts_of(sent_to_staff(taken)))
    ended = act(linked, services, "", "resolve")
    assert [one.state for one in ended.more_cases] == ["claimed"]
    over = make_desk(make_taken_case(state="resolved"), replace(linked, state="resolved"))
    again = act(replace(linked, state="resolved"), over, "", "reopen")
    assert texts_of(again.outgoing) == [phrase("staff.linked_parent_ended", "ko")]


def test_requests_end_with_their_case_and_go_along_in_a_merge() -> None:
    parent, linked, other = make_taken_case(), make_linked(), make_taken_case(17)
    services = make_desk(parent, linked, other)
    for ended in (
        act(parent, services, "", "resolve"),
        close_case(make_turn(make_command("close"), FOUNDER, services)),
    ):
        assert [(one.number, one.state) for one in ended.more_cases] == [(8, "closed")]
        assert sent_to_staff(ended, "8.1")
    merged = act(parent, services, "17 확인", "merge")
    assert [(one.number, one.parent) for one in merged.more_cases] == [(17, None), (8, 17)]
    assert (8, "relink") in [(one.case, one.act) for one in merged.log]
    into = act(parent, services, "8 확인", "merge")
    assert texts_of(into.outgoing) == [phrase("staff.merge_linked", "ko", number=8)]


def test_the_desk_reads_the_founders_question_when_they_agree_and_not_before() -> None:
    parent, linked = make_taken_case(), make_linked()
    services = make_desk(parent, linked)

    def press(key: str, **values: Any) -> Decision:
        message = make_message(key, "button")
        turn = make_turn(message, FOUNDER, replace(services, **values))
        return decide_founder_turn(turn)

    agreed = press("share:8")
    assert QUESTION in sent_to_staff(agreed, "8.1")[0].content.text
    assert [(one.case, one.act, one.role) for one in agreed.log] == [(8, "share", "founder")]
    entry = LogEntry(8, NOW, "telegram:1001", "founder", "share", "routed", "routed")
    again = press("share:8", list_log=lambda _: [entry])
    assert again.log == () and not sent_to_staff(again, "8.1")
    for forged in ("share:7", "share:99"):
        assert texts_of(press(forged).outgoing) == [phrase("founder.stale_button", "ko")]
    foreign = press("share:8", find_conversation=lambda _: replace(FOUNDER, user="2"))
    assert texts_of(foreign.outgoing) == [phrase("founder.stale_button", "ko")]


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        (make_staff_message("본국 요청: 요건"), "요건"),
        (make_staff_message("본국 요청 결과를 알려 드립니다"), None),
        (make_staff_message("relay 요건", "edit", addressed=True), "요건"),
        (make_staff_message("", album_text="/relay 요건", files=(make_file(),)), ""),
    ],
)
def test_words_for_the_desk_never_go_to_the_founder(message: Message, heard: str | None) -> None:
    command = hear_command(message)
    assert (command.text if command.command == "relay" else None) == heard
