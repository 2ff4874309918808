"""The doors are told at once, once for each row, and the case has the row for its staff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.doors.table import load_doors
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Message
from bot.types import Conversation
from knowledge.types import Language
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_services,
    make_thread,
    make_turn,
    phrase,
)

LEAK = "우리 도면이 유출됐어요"
FAKES = "쇼피에 우리 화장품 짝퉁이 잔뜩 올라와 있어요"
OFFICER = Address("telegram", "77")


def decide(message: Message, talk: Conversation | None = None, **services: Any) -> Decision:
    made = make_services(RecordingAnswerer(make_answer("no_evidence")), **services)
    made = replace(made, find_duty_officers=lambda _: (OFFICER,))
    return decide_founder_turn(make_turn(message, talk or make_conversation(greeted=True), made))


def texts(decision: Decision) -> list[str]:
    return [one.content.text for one in decision.outgoing]


def keys(decision: Decision) -> list[str]:
    return [
        button.key for one in decision.outgoing for row in one.content.buttons for button in row
    ]


def mark(row: str) -> str:
    """The first line of a row in a record."""
    return next(f"[창구 표] {one.title['ko']}" for one in load_doors().rows if one.id == row)


def heads(decision: Decision, language: Language = "ko") -> int:
    return sum(text.startswith(phrase("doors.head", language)) for text in texts(decision))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("퇴사한 연구원이 설계도를 들고 나갔어요", "ko"),
        ("A former employee took our source code when he left the company", "en"),
        ("Nhân viên cũ mang theo bản vẽ của chúng tôi", "vi"),
    ],
)
def test_a_founder_is_told_at_once_in_their_language(text: str, language: Language) -> None:
    decision = decide(make_message(text))
    assert heads(decision, language) == 1
    assert phrase("doors.keep_secret", language) in texts(decision)[1]
    assert not any(key.startswith("taker:") for key in keys(decision))


def test_who_took_it_is_asked_once_by_buttons_and_the_row_follows() -> None:
    asked = decide(make_message(LEAK))
    assert [key for key in keys(asked) if key.startswith("taker:")] == [
        "taker:staff", "taker:customer", "taker:partner", "taker:other", "taker:unknown",
    ]  # fmt: skip
    told = decide(make_message("taker:staff", "button"), asked.conversation)
    assert heads(told) == 1 and "경찰청" in texts(told)[0]
    assert keys(told) == ["human"] and told.conversation
    again = decide(make_message("직원은 8명입니다"), told.conversation)
    assert heads(again) == 0
    opened = decide(make_command("human"), replace(told.conversation, place=HANOI))
    assert opened.new_case and opened.new_case.sealed
    assert any(mark("staff_left") in line.text for _, line in opened.new_lines)


def test_an_unknown_taker_is_kept_and_not_asked_again() -> None:
    asked = decide(make_message(LEAK))
    told = decide(make_message("taker:unknown", "button"), asked.conversation)
    assert told.conversation and told.conversation.pending and told.conversation.pending.sealed
    assert heads(told) == 0 and keys(told) == ["human"]


@pytest.mark.parametrize("key", ["taker:staff", "taker:nobody", "taker:"])
def test_a_button_of_a_matter_that_is_gone_says_so(key: str) -> None:
    assert texts(decide(make_message(key, "button"))) == [phrase("founder.stale_button", "ko")]


def test_the_officer_reads_the_row_and_the_group_nothing_of_it() -> None:
    talk = make_conversation(greeted=True, place=HANOI)
    asked = decide(make_message("현지 파트너가 우리 금형 도면을 빼돌렸어요"), talk)
    opened = decide(make_command("human"), asked.conversation, bindings=[make_binding()])
    to_officer = [one for one in opened.outgoing if one.to == OFFICER]
    assert any(mark("partner") in one.content.text for one in to_officer)
    assert all(one.opens_seal and one.content.protect for one in to_officer)
    room = [one for one in opened.outgoing if one.to.staff_thread]
    assert room and not any("창구 표" in one.content.text for one in room)
    assert not any(one.opens_seal for one in room)


def test_fakes_are_told_above_the_answer_and_stand_in_the_open_case() -> None:
    talk = make_conversation(greeted=True, place=HANOI)
    told = decide(make_message(FAKES), talk)
    assert heads(told) == 1 and "해외지식재산센터" in texts(told)[0]
    opened = decide(make_command("human"), told.conversation, bindings=[make_binding()])
    assert opened.new_case and not opened.new_case.sealed
    room = [one.content.text for one in opened.outgoing if one.to.staff_thread]
    assert any(mark("fakes") in text for text in room)


def test_what_is_told_in_an_open_case_comes_into_its_record_once() -> None:
    case, talk = make_case(), make_conversation(greeted=True, case=7)
    known: dict[str, Any] = {"known_cases": [case], "threads": [make_thread()]}
    told = decide(make_message(FAKES), talk, **known)
    assert heads(told) == 1
    line = next(line for _, line in told.new_lines if mark("fakes") in line.text)
    assert any(line.text == one.content.text for one in told.outgoing if one.to.staff_thread)
    again = decide(make_message(FAKES), talk, **known, lines=[line])
    assert heads(again) == 0


def test_the_answer_who_took_it_goes_into_an_open_sealed_case() -> None:
    case = make_case(sealed=True, question=LEAK)
    talk = make_conversation(greeted=True, case=7)
    told = decide(make_message("taker:customer", "button"), talk, known_cases=[case])
    assert heads(told) == 1 and any("공정거래위원회" in text for text in texts(told))
    assert any(mark("subcontract") in line.text for _, line in told.new_lines)
    assert any(line.author == "founder" for _, line in told.new_lines)


@pytest.mark.parametrize(
    "text", ["기술이 유출되면 어디에 신고하나요?", "물류비는 얼마까지 지원하나요?"]
)
def test_a_question_in_general_gets_no_doors(text: str) -> None:
    assert heads(decide(make_message(text))) == 0


def test_in_front_of_others_no_door_is_named() -> None:
    talk = make_conversation(greeted=True, private=False)
    assert heads(decide(make_message(FAKES), talk)) == 0
