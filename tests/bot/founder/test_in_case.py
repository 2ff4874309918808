"""What a founder in an open case is told at once, while the message goes to staff."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases.receipt import render_status
from bot.founder.relay import relay_to_staff
from bot.types import Case
from tests.bot.founder.test_relay import (
    OFFICER,
    relay_message,
    relay_with_officers,
    texts_at,
)
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    MISSIONS,
    NOW,
    QUESTION,
    make_case,
    make_conversation,
    make_message,
    make_services,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)


def test_who_asks_when_the_reply_comes_is_told_from_the_receipt_and_staff_read_it() -> None:
    for case in (make_case(), make_taken_case()):
        decision = relay_message(
            make_message("언제 답 와요?"), case
        )  # fails if the library is asked
        (told,) = sent_to_founder(decision)
        assert told.content.text == render_status(case, MISSIONS, "ko", NOW)
        assert told.unless_taken is None and decision.to_acknowledge
        assert texts_of(sent_to_staff(decision)) == ["창업자: 언제 답 와요?"]


@pytest.mark.parametrize("text", ["고마워요~", "안녕하세요"])
def test_thanks_in_a_case_are_passed_on_without_a_notice(text: str) -> None:
    decision = relay_message(make_message(text), make_case())
    assert sent_to_founder(decision) == [] and decision.to_acknowledge
    assert texts_of(sent_to_staff(decision)) == [f"창업자: {text}"]


def test_thanks_in_a_sealed_case_bring_no_notice_either() -> None:
    sealed = make_case(sealed=True)
    assert texts_at(relay_with_officers("고마워요~", sealed, OFFICER), "1001") == ""
    assert texts_at(relay_with_officers("금액은 6만불입니다", sealed, OFFICER), "1001")
    assert texts_at(relay_with_officers("고마워요~", sealed), "1001")  # as long as no one reads it


def test_who_reads_a_case_is_said_in_it() -> None:
    decision = relay_message(make_message("이거 누가 보나요?"), make_case())
    assert "하노이 공관 담당자" in sent_to_founder(decision)[0].content.text
    assert texts_of(sent_to_staff(decision)) == ["창업자: 이거 누가 보나요?"]


DETENTION = "직원이 방금 체포됐습니다"


@pytest.mark.parametrize("case", [make_case(), make_taken_case(), make_taken_case(sealed=True)])
def test_an_emergency_in_an_open_case_gets_its_first_steps_and_raises_it(case: Case) -> None:
    decision = relay_with_officers(DETENTION, case, OFFICER)
    assert "+82-2-3210-0404" in decision.outgoing[0].content.text
    assert decision.outgoing[0].to.chat == "1001"
    assert decision.case and (decision.case.urgency, decision.case.sealed) == ("critical", True)
    card = sent_to_staff(decision)[0]
    assert card.act == "recard" and phrase("staff.urgency_critical", "ko") in card.content.text


def test_money_at_stake_raises_an_open_case_too() -> None:
    decision = relay_message(make_message("바이어가 잔금을 석 달째 안 줘요"), make_case())
    assert decision.case and decision.case.urgency == "high"
    assert [one.act for one in sent_to_staff(decision)] == ["send", "recard"]


def test_in_a_sealed_case_what_the_library_knows_is_quoted_to_founder_and_readers_alone() -> None:
    library = RecordingAnswerer(make_answer())
    services = replace(
        make_services(library, threads=[make_thread()]), find_duty_officers=lambda _: (OFFICER,)
    )
    turn = make_turn(make_message(QUESTION), make_conversation(case=7), services)
    decision = relay_to_staff(turn, make_case(sealed=True))
    assert library.asked[0].quotes_only  # no language model sees it
    answer = sent_to_founder(decision)[-2 if decision.outgoing[-1].to == OFFICER else -1]
    assert "3천만 원" in answer.content.text and answer.content.protect
    assert any("3천만 원" in one.content.text for one in decision.outgoing if one.to == OFFICER)
    assert all("3천만 원" not in text for text in texts_of(sent_to_staff(decision)))
    assert [line.author for _, line in decision.new_lines] == ["founder", "bot"]


def test_that_no_one_reads_a_sealed_case_is_told_whole_once_and_then_shortly() -> None:
    first = texts_at(relay_with_officers("우리 직원이 도면을 빼돌렸어요", make_case()), "1001")
    assert phrase("founder.sealed_unread", "ko", desk="")[:40] in first
    again = texts_at(relay_with_officers("금액은 6만불입니다", make_case(sealed=True)), "1001")
    assert phrase("founder.sealed_still_unread", "ko") in again and len(again) < len(first) / 2
