"""What staff write for other rooms, or for all, has no words of a sealed case, wherever they write it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.admin.desk.insight.answers import decide_tell
from bot.admin.desk.insight.home import decide_insight
from bot.admin.desk.minutes_turn import MinutesTurn, decide_minutes
from bot.admin.faq.faq_turn import FaqTurn, decide_faq
from bot.cases.linked.asking import ask_desk
from bot.context import Decision, Services
from knowledge.types import Answer
from tests.bot.admin.desk.insight.test_insights import make_insight_turn
from tests.bot.admin.faq.test_form import DRAFT
from tests.samples.records import (
    make_binding,
    make_case,
    make_room_message,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    texts_of,
)

SAID = "퇴사한 연구소장이 감속기 설계 도면을 경쟁사로 들고 나간 사실을 어제 알았습니다"
PASTED = f"최근 사례: {SAID.replace(' ', '  ')} 등"
OWN = "최근 퇴사자를 통한 기술 유출 상담이 늘었습니다"


def make_sealing_services(*others: int) -> Services:
    """Services of a body that has a sealed case 3, whose founder wrote SAID."""
    sealed = replace(make_case(3), question=SAID, sealed=True, state="closed")
    plain = [replace(make_case(one), state="resolved", question="다른 질문") for one in others]
    services = make_services(
        known_cases=[sealed, *plain], bindings=[make_binding(), make_binding("domestic", "C0HOME")],
        threads=[make_thread(7)],
    )  # fmt: skip
    nothing = Answer("no_evidence", "ko", "", 0.0, None)
    return replace(services, list_sealed_cases=lambda: [sealed], ask=lambda _: nothing)


def write(where: str, text: str) -> Decision:
    services = make_sealing_services(7, 12)
    if where in ("insight", "tell"):
        turn = make_insight_turn(f"VN: {text}" if where == "tell" else text, where,
                                 ("domestic",) if where == "tell" else ("vn-hanoi",))  # fmt: skip
        turn = replace(
            turn, services=replace(turn.services, list_sealed_cases=services.list_sealed_cases)
        )
        return (decide_tell if where == "tell" else decide_insight)(turn)
    if where == "minutes":
        message = make_room_message(text, "command", command="minutes")
        return decide_minutes(MinutesTurn(services, message, True, ("vn-hanoi",), lambda _: []))
    if where == "relay":
        message = make_staff_message(text, "command", command="relay")
        return ask_desk(make_staff_turn(message, make_taken_case(7), services=services), text)
    message = make_staff_message(f"FAQ 초안 #12\n답변:\n{text}")
    draft = replace(DRAFT, version=1)
    return decide_faq(
        FaqTurn(services, message, make_thread(12), True, False, lambda _: draft, list)
    )


def is_kept(decision: Decision) -> bool:
    return any(
        (
            decision.new_insight,
            decision.desk_answer,
            decision.minutes,
            decision.new_case,
            decision.faq,
        )
    )


@pytest.mark.parametrize("where", ["insight", "tell", "minutes", "relay", "faq"])
def test_words_of_a_sealed_case_are_neither_kept_nor_sent(where: str) -> None:
    refused = write(where, PASTED)
    assert not is_kept(refused) and len(refused.outgoing) == 1
    assert "창업자의 글이 그대로" in texts_of(refused.outgoing)[0]
    assert SAID[:20] not in texts_of(refused.outgoing)[0]
    assert is_kept(write(where, OWN))
