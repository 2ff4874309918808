"""A blocked account: what it reads, what it may still do, and what becomes of its cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.admin.people.blocking import decide_block, refuse_blocked
from bot.context import Services
from bot.messages import Message
from bot.types import Block, FounderRules
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.privacy.known_persons import KnownPersons
from tests.samples.records import (
    FOUNDER,
    NOW,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_services,
    make_thread,
    make_turn,
    phrase,
    texts_of,
)

ADMINS = frozenset({"telegram:1"})
BLOCK = Block(FOUNDER, "telegram:1", "광고", NOW)


def build(*blocks: Block) -> Services:
    talk, case = make_conversation(case=7), make_case()
    services = make_services(known_cases=[case], threads=[make_thread()], conversations=[talk])
    return replace(
        services,
        people=KnownPersons(blocks=blocks),
        rules=FounderRules(contact="officer@example.kr"),
        list_conversations=lambda account: [talk] if account == FOUNDER else [],
        list_open_cases=lambda: [case],
    )


def type_as(account: str, command: str, text: str) -> Message:
    return make_command(command, text, account=account)


def test_an_admin_blocks_and_the_open_cases_are_told_and_stay() -> None:
    message = type_as("telegram:1", "block", f"{FOUNDER} 광고를 계속 보냄")
    decision = decide_block(build(), message, ADMINS)
    assert decision.new_block == replace(BLOCK, reason="광고를 계속 보냄")
    assert decision.case is None  # nothing becomes of it
    admin, thread = decision.outgoing
    assert "#7" in admin.content.text and thread.to.staff_thread
    assert thread.content.text == phrase("staff.founder_blocked", "ko")
    assert decision.audit == ("telegram:1", f"block {FOUNDER}: 광고를 계속 보냄")


def test_an_admin_ends_a_block() -> None:
    message = type_as("telegram:1", "unblock", FOUNDER)
    assert decide_block(build(BLOCK), message, ADMINS).unblock == FOUNDER
    assert decide_block(build(), message, ADMINS).unblock == ""


@pytest.mark.parametrize("text", ["", "1001", "telegram:1 자신", f"telegram:{'1' * 200}"])
def test_nothing_else_is_blocked(text: str) -> None:
    decision = decide_block(build(), type_as("telegram:1", "block", text), ADMINS)
    assert decision.new_block is None and decision.outgoing


@pytest.mark.parametrize("command", ["block", "unblock"])
def test_no_one_but_an_admin_blocks(command: str) -> None:
    decision = decide_block(build(BLOCK), type_as("telegram:5", command, FOUNDER), ADMINS)
    assert decision.new_block is None and decision.unblock == ""
    assert decision.audit == ("telegram:5", f"{command}: refused, no admin")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blocked_person_reads_why_and_whom_to_call_once_a_day(language: Language) -> None:
    services, talk = build(BLOCK), make_conversation(language=language)
    refused = refuse_blocked(make_turn(make_message("안녕하세요"), talk, services))
    assert refused and refused.forget_message and not refused.new_lines
    (text,) = texts_of(refused.outgoing)
    assert "officer@example.kr" in text and "+82-2-3210-0404" in text and "/forget" in text
    again = make_turn(make_message("여보세요"), refused.conversation, services)
    silent = refuse_blocked(again)
    assert silent and silent.forget_message and not silent.outgoing
    later = replace(services, now=NOW + timedelta(days=1))
    told = refuse_blocked(replace(again, services=later))
    assert told and told.outgoing


@pytest.mark.parametrize("command", ["privacy", "export", "forget", "cases", "close", "lang"])
def test_a_block_takes_no_right_away(command: str) -> None:
    assert refuse_blocked(make_turn(make_command(command), None, build(BLOCK))) is None


@pytest.mark.parametrize("key", ["forget", "withdraw:7", "consent:alerts:0", "lang:en"])
def test_nor_the_buttons_of_one(key: str) -> None:
    assert refuse_blocked(make_turn(make_message(key, "button"), None, build(BLOCK))) is None


@pytest.mark.parametrize("key", ["human", "agree:vn-hanoi:1", "ok", "reopen:7", "continue-x"])
def test_other_buttons_are_words(key: str) -> None:
    refused = refuse_blocked(make_turn(make_message(key, "button"), None, build(BLOCK)))
    assert refused and refused.forget_message


def test_in_front_of_others_nothing_is_said_of_it() -> None:
    message = make_message("질문", private=False, chat="-5")
    refused = refuse_blocked(make_turn(message, None, build(BLOCK)))
    assert refused and refused.forget_message and not refused.outgoing


def test_who_is_not_blocked_is_read() -> None:
    assert refuse_blocked(make_turn(make_message("질문"), None, build())) is None
