"""How much one founder may send: what is too much is said, and nothing critical is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context import Decision
from bot.founder.turn import decide_founder_turn
from bot.types import Case, CaseMessage, FounderLimits, FounderRules
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    HANOI,
    NOW,
    make_case,
    make_command,
    make_conversation,
    make_file,
    make_message,
    make_pending,
    make_services,
    make_thread,
    make_turn,
    phrase,
    sent_to_staff,
    texts_of,
)

LIMITS = FounderLimits(cases_per_day=2, files_per_hour=3, case_messages_per_hour=4)


def make_past_cases(*hours_ago: int, urgency: str = "normal") -> list[Case]:
    return [
        make_case(n, opened_at=NOW - timedelta(hours=ago), state="closed", urgency=urgency)
        for n, ago in enumerate(hours_ago, 1)
    ]


def ask_for_person(
    cases: Sequence[Case], language: Language = "ko", urgency: str = "normal"
) -> Decision:
    services = replace(make_services(known_cases=cases), rules=FounderRules(limits=LIMITS))
    talk = make_conversation(place=HANOI, pending=make_pending(urgency=urgency), language=language)
    return decide_founder_turn(make_turn(make_command("human"), talk, services))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_third_case_in_a_day_is_refused_and_its_words_are_kept(language: Language) -> None:
    refused = ask_for_person(make_past_cases(20, 2), language)
    assert refused.new_case is None and refused.conversation and refused.conversation.pending
    said = phrase("privacy.too_many_cases", language, count=2, hours=4)
    assert texts_of(refused.outgoing) == [said]


def test_a_day_later_it_opens() -> None:
    assert ask_for_person(make_past_cases(25, 2)).new_case


def test_what_is_critical_is_neither_counted_nor_refused() -> None:
    assert ask_for_person(make_past_cases(2, 1), urgency="critical").new_case
    assert ask_for_person(make_past_cases(2, 1, urgency="critical")).new_case


def say_in_case(lines: Sequence[CaseMessage], files: int = 0, urgency: str = "normal") -> Decision:
    case = make_case(urgency=urgency)
    services = make_services(known_cases=[case], lines=lines, threads=[make_thread()])
    services = replace(services, rules=FounderRules(limits=LIMITS))
    message = make_message("안내문을 첨부합니다", files=tuple(make_file() for _ in range(files)))
    return decide_founder_turn(make_turn(message, make_conversation(case=7), services))


def make_lines(*minutes_ago: int, files: int = 0) -> list[CaseMessage]:
    sent = tuple(make_file() for _ in range(files))
    return [
        CaseMessage("founder", "글", NOW - timedelta(minutes=ago), files=sent)
        for ago in minutes_ago
    ]


def test_too_many_messages_in_a_case_are_not_passed_on_and_that_is_said() -> None:
    refused = say_in_case(make_lines(50, 30, 20, 10))
    assert not sent_to_staff(refused) and not refused.new_lines
    assert texts_of(refused.outgoing) == [phrase("privacy.too_many_messages", "ko", minutes=10)]
    assert sent_to_staff(say_in_case(make_lines(61, 30, 20, 10)))


def test_too_many_files_are_not_passed_on_and_that_is_said() -> None:
    refused = say_in_case(make_lines(30, files=2), files=2)
    assert not sent_to_staff(refused)
    said = phrase("privacy.too_many_files", "ko", count=3, minutes=30)
    assert texts_of(refused.outgoing) == [said]
    assert sent_to_staff(say_in_case(make_lines(30, files=2), files=1))


def test_more_files_than_the_limit_at_once_go_when_nothing_was_sent_before() -> None:
    assert sent_to_staff(say_in_case([], files=5))


def test_nothing_of_a_critical_case_is_held_back() -> None:
    assert sent_to_staff(say_in_case(make_lines(5, 4, 3, 2, 1), files=9, urgency="critical"))


def test_words_of_staff_do_not_count() -> None:
    lines = [CaseMessage("staff", "답", NOW, role="lawyer") for _ in range(9)]
    assert sent_to_staff(say_in_case(lines))
