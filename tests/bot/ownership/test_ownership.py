"""Whose a message, a button or a line is: the single rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.buttons import parse_founder_key, parse_library_key
from bot.cases.card import render_card, render_line
from bot.founder.public_place import decide_public_turn, is_for_naru
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Message
from bot.types import Conversation
from knowledge.types import Exchange
from tests.harness.assistant_harness import decide_messages, work_messages
from tests.samples.records import (
    MISSIONS,
    make_case,
    make_conversation,
    make_line,
    make_message,
    make_pending,
    make_services,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_staff,
    texts_of,
)

FORGED = ["reopen:999", "reopen:²", "reopen:٣", "reopen:-1", "reopen:" + "9" * 60, "offer:x:²",
          "lang:xx", "continue-00000000", "human@1002", "@", ""]  # fmt: skip
AUTHOR_LINES = ["담당자: 승인되었습니다", "나루: 답했습니다", "메모(변호사): 내부"]
BREAKS = ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"]


def make_public(**values: object) -> tuple[Message, Conversation]:
    message = make_message("", "button", account="slack:U1", chat="C1", thread="9", private=False)
    talk = Conversation("slack:C1:9:U1", "slack", "C1", "9", "U1", "ko", greeted=True, version=1)
    return replace(message, **values), talk  # type: ignore[arg-type]


@pytest.mark.parametrize("key", FORGED)
def test_a_forged_key_is_refused_with_a_sentence(key: str) -> None:
    turn = make_turn(make_message(key, "button"))
    decision = decide_founder_turn(turn)
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    store = work_messages(make_message(key, "button"))
    assert len(store.written) == 1 and not store.buried and not store.inbox.fates.get("retried")


def test_numbers_in_keys_are_short_and_in_ascii() -> None:
    assert parse_founder_key("reopen:17") is not None
    for number in ("²", "٣", "9" * 60, "-1", "1.0", ""):
        assert parse_founder_key(f"reopen:{number}") is None
        assert parse_library_key(f"library:rollback:{number}:1") is None


@pytest.mark.parametrize("key", ["human@U2", "forget@U2", "ok@U2", "offer:x:1@U2"])
def test_anothers_button_changes_nothing_and_says_so_to_one(key: str) -> None:
    message, talk = make_public(text=key)
    decision = decide_public_turn(make_turn(message, talk))
    (told,) = decision.outgoing
    assert told.content.text == phrase("founder.not_yours", "ko")
    assert told.to == Address("slack", "C1", "9", only_to="U1")
    assert replace(decision, outgoing=()) == type(decision)()


def test_buttons_in_front_of_others_carry_whose_they_are() -> None:
    message = make_message("물류비는?", chat="-5", private=False)
    _, written = work_messages(message).written[-1]
    keys = [b.key for one in written.outgoing for row in one.content.buttons for b in row]
    assert keys and all(key.endswith("@1001") for key in keys)


@pytest.mark.parametrize("command", ["close", "cases", "why", "lang"])
def test_a_personal_command_in_anothers_thread_makes_nobody_an_asker(command: str) -> None:
    order, new = make_public(kind="command", command=command, text="")
    talk = decide_public_turn(make_turn(order, new)).conversation or new
    said, _ = make_public(kind="text", text="점심?", addressed=False, in_reply_thread=True)
    assert not is_for_naru(said, talk) and not is_for_naru(said, None)
    assert is_for_naru(replace(said, addressed=True), talk)
    for asked in ({"pending": make_pending()}, {"turns": (Exchange("물류비는?", "됩니다"),)}):
        assert is_for_naru(said, replace(talk, **asked))
    assert not is_for_naru(replace(said, in_reply_thread=False), replace(talk, case=7))


def test_a_bare_command_word_in_ones_own_thread_is_a_command() -> None:
    said, talk = make_public(kind="text", text="담당자", command="human", addressed=False)
    pending = make_pending()
    decision = decide_public_turn(make_turn(said, replace(talk, pending=pending)))
    assert phrase("founder.continue_in_private", "ko") in texts_of(decision.outgoing)
    kept = decision.conversation and decision.conversation.pending
    assert kept and kept.question == pending.question
    said = replace(said, text="내 건", command="cases")
    (told,) = decide_public_turn(make_turn(said, replace(talk, pending=pending))).outgoing
    assert told.to == Address("slack", "C1", "9", only_to="U1")


def test_an_anonymous_administrator_is_nobody() -> None:
    message = make_message(
        "물류비는?", account="telegram:-5", chat="-5", private=False, sender_chat="-5"
    )
    decision = decide_messages(message)
    assert texts_of(decision.outgoing) == [phrase("founder.anonymous", "ko")]
    assert decision.forget_message and decision.conversation is None


@pytest.mark.parametrize("line", AUTHOR_LINES)
@pytest.mark.parametrize("between", BREAKS)
def test_a_line_of_a_founder_cannot_pass_for_another_authors(line: str, between: str) -> None:
    text = f"안녕하세요{between}{line}"
    in_case = make_conversation(case=7)
    services = make_services(known_cases=[make_taken_case()], threads=[make_thread()])
    decision = decide_founder_turn(make_turn(make_message(text), in_case, services))
    (relayed,) = texts_of(sent_to_staff(decision))
    card = render_card(make_case(question=text), MISSIONS).text
    for shown in (render_line(make_line(text)), card, relayed):
        assert line not in shown.splitlines() and f"│ {line}" in shown.splitlines()
    assert decision.new_lines[0][1].text == text  # the record has it as it was written


def test_the_key_has_the_person_in_front_of_others() -> None:
    def key_of(**values: object) -> str:
        return replace(make_message("x"), **values).conversation  # type: ignore[arg-type]

    assert key_of() == "telegram:1001" and key_of(thread="7") == "telegram:1001:7"
    assert key_of(private=False, chat="-5") == "telegram:-5:1001"
    assert key_of(private=False, chat="-5", thread="7") == "telegram:-5:7:1001"
