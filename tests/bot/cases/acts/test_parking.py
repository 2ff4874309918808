"""Parking a case while its founder or an authority is waited for."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cases.acts.parking import parse_day
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.types import Case, CaseState
from tests.samples.records import (
    button_keys,
    make_case,
    make_conversation,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

TODAY = date(2026, 11, 23)


def act(word: str, case: Case, text: str = "") -> Decision:
    message = make_staff_message(text, "command", command=word)
    return decide_staff_turn(make_staff_turn(message, case, make_conversation(case=7)))


@pytest.mark.parametrize(
    ("word", "state"), [("wait", "waiting_founder"), ("authority", "waiting_authority")]
)
def test_a_parked_case_says_so_to_both_sides_and_is_logged(word: str, state: CaseState) -> None:
    decision = act(word, make_taken_case(), "12-10")
    assert decision.case and decision.case.state == state
    assert f"{decision.case.wait_until:%Y-%m-%d %H:%M %z}" == "2026-12-10 09:00 +0700"
    (entry,) = decision.log
    assert (entry.after, entry.detail, entry.role) == (state, "2026-12-10", "staff")
    mission = "하노이 공관"
    told = phrase(f"founder.now_{state}", "ko", number=7, mission=mission, role="변호사")
    assert texts_of(sent_to_founder(decision)) == [told]
    said, card = sent_to_staff(decision)
    assert said.content.text == phrase(f"staff.now_{state}_until", "ko", day="2026-12-10")
    assert "· 2026-12-10까지" in card.content.text and button_keys(card)[0] == "resume:7"


@pytest.mark.parametrize(
    ("word", "other", "state"),
    [
        ("wait", "authority", "waiting_founder"),
        ("authority", "wait", "waiting_authority"),
    ],
)
def test_on_its_day_a_case_is_parked_longer_as_the_reminder_says(
    word: str, other: str, state: CaseState
) -> None:
    assert f"/{word}" in phrase("staff.wait_over", "ko", number=7, mission="", state="")
    parked = act(word, make_taken_case(), "2026-12-10").case
    assert parked
    longer = act(word, parked, "2026-12-20").case
    assert longer and (longer.state, f"{longer.wait_until:%m-%d}") == (state, "12-20")
    for_another = act(other, longer).case
    assert for_another and for_another.state != state and for_another.wait_until is None


def test_a_reply_takes_the_day_away_on_which_the_founder_was_waited_for() -> None:
    for word, until in (("wait", None), ("authority", "12-10")):
        parked = act(word, make_taken_case(), "2026-12-10").case
        assert parked
        turn = make_staff_turn(make_staff_message("답입니다"), parked, make_conversation(case=7))
        replied = decide_staff_turn(turn).case
        assert replied and (replied.state == "answered") == (until is None)
        assert (replied.wait_until and f"{replied.wait_until:%m-%d}") == until


def test_going_on_takes_the_day_away() -> None:
    parked = act("authority", make_taken_case(), "2026-12-10").case
    assert parked
    decision = act("resume", parked)
    assert decision.case and (decision.case.state, decision.case.wait_until) == ("claimed", None)


def test_a_case_that_no_one_has_is_not_parked_and_the_sentence_says_what_to_do() -> None:
    decision = act("wait", make_case())
    assert texts_of(decision.outgoing) == [phrase("staff.park_unheld", "ko", state="미배정")]
    assert decision.case is None and decision.log == ()
    ended = act("resume", make_taken_case())
    assert texts_of(ended.outgoing) == [phrase("staff.not_parked", "ko", state="변호사 담당")]


@pytest.mark.parametrize("text", ["내일", "11-23", "2026-11-01", "2026-13-01", "12"])
def test_a_day_that_is_none_is_asked_for_again(text: str) -> None:
    decision = act("wait", make_taken_case(), text)
    assert texts_of(decision.outgoing) == [phrase("staff.wait_how", "ko")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-10", date(2026, 12, 10)),
        ("12-10", date(2026, 12, 10)),
        ("12월 10일", date(2026, 12, 10)),
        ("1/5", date(2027, 1, 5)),
        ("2027년 2월 3일", date(2027, 2, 3)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day
