"""A second grave trouble is a case of its own, and neither seals the other or loses a word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.reading.troubles import tells_other_trouble
from bot.founder.turn import decide_founder_turn
from bot.messages import Message
from bot.types import Conversation
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    make_binding,
    make_command,
    make_conversation,
    make_message,
    make_services,
    make_turn,
    phrase,
)

STOLEN = "파트너가 우리 금형 도면을 빼돌렸어요"
UNPAID = "다른 일인데 바이어가 잔금을 석 달째 안 줍니다"
PASSPORT = "저희 직원 여권을 공장에서 뺏어 갔어요"


def decide(message: Message, talk: Conversation | None, **services: Any) -> Decision:
    made = make_services(RecordingAnswerer(make_answer("no_evidence")), **services)
    return decide_founder_turn(make_turn(message, talk, made))


def tell(*texts: str, place: Any = HANOI) -> Conversation:
    talk = make_conversation(greeted=True, place=place)
    for number, text in enumerate(texts):
        talk = decide(make_message(text, id=f"m{number}"), talk).conversation or talk
    return talk


def test_each_trouble_has_its_own_case_with_its_own_seal() -> None:
    talk = tell(STOLEN)
    second = decide(make_message(UNPAID, id="m9"), talk)
    assert second.outgoing[0].content.text == phrase("founder.kept_aside", "ko")
    opened = decide(make_command("human"), second.conversation, bindings=[make_binding()])
    assert opened.new_case and len(opened.new_asides) == 1
    (first,) = opened.new_asides
    assert (opened.new_case.question, opened.new_case.sealed) == (UNPAID, False)
    assert (first.question, first.sealed, first.urgency) == (STOLEN, True, "high")
    assert first.number != opened.new_case.number == (opened.conversation or talk).case
    records = {
        n: [line.text for m, line in opened.new_lines if m == n] for n, _ in opened.new_lines
    }
    assert STOLEN not in records[opened.new_case.number] and STOLEN in records[first.number]
    room = [one.content.text for one in opened.outgoing if one.to.staff_thread]
    assert len(opened.new_threads) == 2 and not any("금형" in text for text in room)
    receipts = [one.content.text for one in opened.outgoing if one.to == talk.address]
    assert any(text.startswith(f"#{first.number} · ") for text in receipts)


def test_one_that_is_told_while_the_place_is_asked_for_does_not_join() -> None:
    talk = decide(make_command("human"), tell(STOLEN, place=None)).conversation
    assert talk and talk.asking_place
    opened = decide(make_message(UNPAID, id="m9"), talk)
    assert opened.new_case and opened.new_case.question == UNPAID and not opened.new_case.sealed
    assert [case.question for case in opened.new_asides] == [STOLEN]


def test_one_after_an_urgent_trouble_does_not_join_it_either() -> None:
    talk = tell("바이어가 대금 6만 달러를 석 달째 안 줍니다")
    told = decide(make_message(STOLEN, id="m9"), talk).conversation
    assert told and told.pending and told.pending.question == STOLEN
    assert [one.sealed for one in told.pending.aside] == [False]


def test_what_is_deleted_leaves_the_trouble_that_was_set_aside_too() -> None:
    talk = tell(STOLEN, UNPAID)
    left = decide(make_message(STOLEN, "deleted"), talk).conversation
    assert left and left.pending and left.pending.aside == ()
    other = decide(make_message(UNPAID, "deleted"), talk).conversation
    assert other and other.pending and other.pending.question == STOLEN and other.pending.sealed


@pytest.mark.parametrize(
    ("before", "text", "is_other"),
    [
        (STOLEN, UNPAID, True),
        (STOLEN, PASSPORT, True),
        ("The buyer has not paid us for 90 days", "Our engineer was arrested at the airport", True),
        ("khách hàng chưa thanh toán 3 tháng rồi", "Nhân viên cũ mang theo bản vẽ của chúng tôi", True),
        (STOLEN, "그 직원이 시제품도 들고 나갔어요", False),
        (STOLEN, "그래서 바이어가 잔금을 석 달째 안 줍니다", False),
        ("Police took our driver", "The officers also took our samples", False),
        ("The buyer has not paid us", "Our container is stuck at customs in Haiphong", False),
        ("물류비는 얼마까지 지원하나요?", STOLEN, False),
        (STOLEN, "잔금을 안 줘요", False),
        (STOLEN, "대금을 못 받으면 어디에 신청하나요?", False),
    ],
)  # fmt: skip
def test_what_is_another_trouble(before: str, text: str, is_other: bool) -> None:
    assert tells_other_trouble(text, [before]) is is_other


def test_a_matter_that_the_founder_sealed_takes_what_they_tell_then() -> None:
    sealed = decide(make_command("sealed"), make_conversation(greeted=True, place=HANOI))
    told = decide(make_message(UNPAID), sealed.conversation).conversation
    assert told and told.pending and told.pending.sealed and told.pending.aside == ()
    opened = decide(make_command("human"), replace(told))
    assert opened.new_case and opened.new_case.sealed and opened.new_asides == ()
