"""What a founder's message leads to: a command, a button, or something to answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision, Services
from bot.founder.commands import FOUNDER_COMMANDS
from bot.founder.own_cases.listing import CASES_LISTED
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Message
from bot.types import CaseState, Conversation
from knowledge.types import LANGUAGES, Exchange, Language
from tests.samples.answers import RecordingAnswerer, RecordingShelf, make_answer
from tests.samples.records import (
    FOUNDER,
    HANOI,
    QUESTION,
    button_keys,
    make_case,
    make_command,
    make_conversation,
    make_file,
    make_message,
    make_offered,
    make_pending,
    make_services,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

OFFERED = make_offered()
LANGUAGE_KEYS = ["lang:ko", "lang:en", "lang:vi"]


def decide(
    message: Message, talk: Conversation | None = None, services: Services | None = None
) -> Decision:
    return decide_founder_turn(make_turn(message, talk, services))


def press(key: str, talk: Conversation | None = None, services: Services | None = None) -> Decision:
    return decide(make_message(key, "button"), talk, services)


def in_case(state: CaseState = "routed") -> Services:
    """The founder's case 7 in `state`, with a thread."""
    case = replace(make_taken_case(), state=state) if state != "routed" else make_case()
    return make_services(known_cases=[case], threads=[make_thread()])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("command", "key"),
    [("help", "help"), ("why", "why_none"), ("cases", "no_cases"),
     ("close", "nothing_open"), ("dance", "unknown_command"), ("where", "ask_where"),
     ("lang", "choose_language"), ("start", "welcome")],
)  # fmt: skip
def test_commands_are_answered_in_the_founders_language(
    language: Language, command: str, key: str
) -> None:
    decision = decide(make_command(command), make_conversation(language=language))
    assert texts_of(decision.outgoing) == [phrase(f"founder.{key}", language)]
    assert decision.outgoing[0].to == Address("telegram", "1001")


def test_every_command_is_one_of_the_list() -> None:
    assert sorted(FOUNDER_COMMANDS) == [
        "cases", "close", "export", "forget", "help", "human", "lang", "link", "privacy", "sealed",
        "start", "subscribe",
        "where", "why",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["start", "lang"])
def test_the_languages_are_offered_as_buttons(command: str) -> None:
    (asked,) = decide(make_command(command)).outgoing
    assert button_keys(asked) == LANGUAGE_KEYS


@pytest.mark.parametrize(
    "message", [make_command("lang", " EN "), make_message("lang:en", "button")]
)
def test_a_chosen_language_is_kept(message: Message) -> None:
    decision = decide(message, make_conversation(greeted=False))
    kept = decision.conversation
    assert kept and (kept.language, kept.fixed_language, kept.greeted) == ("en", True, True)
    assert texts_of(decision.outgoing) == [phrase("founder.ready", "en")]


@pytest.mark.parametrize(
    ("words", "place"), [("vn-hanoi", HANOI), ("", None), ("vn-atlantis", None)]
)
def test_a_missions_link_names_its_city(words: str, place: Any) -> None:
    decision = decide(make_command("start", words), make_conversation(greeted=False))
    assert decision.conversation and decision.conversation.place == place
    assert len(decision.outgoing) == 1  # the welcome is the greeting


def test_a_link_without_a_place_leaves_the_one_that_is_known() -> None:
    kept = decide(make_command("start"), make_conversation(place=HANOI)).conversation
    assert kept and kept.place == HANOI


def test_cases_are_listed_with_state_mission_day_and_question() -> None:
    case = make_case(question="긴 질문 " * 30)
    decision = decide(make_command("cases"), None, make_services(known_cases=[case]))
    (listed,) = texts_of(decision.outgoing)
    head, question, due = listed.split("\n")
    assert "GMT+07:00" in due
    assert head == "#7 · 접수됨 · 하노이 공관 · 2026년 11월 23일"
    assert question.startswith("  긴 질문 긴") and question.endswith("…")


@pytest.mark.parametrize(
    ("state", "shown"),
    [("claimed", "with a person"), ("resolved", "resolved"), ("closed", "closed by you")],
)
def test_a_listed_case_says_its_state(state: CaseState, shown: str) -> None:
    decision = decide(make_command("cases"), make_conversation(language="en"), in_case(state))
    assert texts_of(decision.outgoing)[0].startswith(f"#7 · {shown} · the mission in Hanoi · ")


def test_the_last_ten_of_the_founders_own_cases_are_listed() -> None:
    mine = [make_case(number) for number in range(1, CASES_LISTED + 3)]
    others = make_case(99, conversation="telegram:2")
    services = make_services(known_cases=[*mine, others])
    listed = texts_of(decide(make_command("cases"), None, services).outgoing)[0]
    numbers = [line.split(" ")[0] for line in listed.splitlines() if line.startswith("#")]
    assert numbers == [f"#{number}" for number in range(3, 13)]


def test_why_shows_what_the_last_answer_rests_on() -> None:
    decision = decide(make_command("why"), make_conversation(why="찾은 말: 물류비"))
    assert texts_of(decision.outgoing) == ["찾은 말: 물류비"]


def test_erasing_is_asked_for_once_and_done_at_the_button() -> None:
    (asked,) = decide(make_command("forget")).outgoing
    assert button_keys(asked) == ["forget"]
    decision = press("forget", make_conversation(language="vi", greeted=False))
    assert decision.erase_account == FOUNDER and decision.conversation is None
    (told,) = decision.outgoing
    assert (told.to, told.forget_sent) == (Address("telegram", "1001"), True)
    for key in ("forgotten", "forget_keeps", "messenger_keeps"):
        assert phrase(f"founder.{key}", "vi") in told.content.text


@pytest.mark.parametrize(
    ("state", "stays"), [("routed", True), ("claimed", True), ("resolved", False)]
)
@pytest.mark.parametrize("message", [make_command("forget"), make_message("forget", "button")])
def test_what_stays_of_an_open_case_is_said(
    message: Message, state: CaseState, stays: bool
) -> None:
    decision = decide(message, make_conversation(case=7), in_case(state))
    (told,) = texts_of(decision.outgoing)
    assert (phrase("founder.forget_open", "ko", numbers="#7") in told) is stays
    assert decision.erase_account == (FOUNDER if message.kind == "button" else None)


@pytest.mark.parametrize(
    ("key", "talk", "said"),
    [
        ("ok", {}, "all_set"),
        ("lang:fr", {}, "stale_button"),
        ("noplace", {}, "stale_button"),
        ("offer:abcd1234:5", {"offered": (OFFERED,)}, "stale_button"),
        ("offer:other:0", {"offered": (OFFERED,)}, "stale_button"),
        ("none:other", {"offered": (OFFERED,), "pending": make_pending()}, "stale_button"),
        ("about:abcd1234:0", {"offered": (OFFERED,)}, "stale_button"),  # of before offers
        ("reopen:x", {}, "stale_button"),
        ("", {}, "stale_button"),
    ],
)
def test_buttons_of_before_say_so(key: str, talk: dict[str, Any], said: str) -> None:
    decision = press(key, make_conversation(**talk))
    assert texts_of(decision.outgoing) == [phrase(f"founder.{said}", "ko")]


def test_the_buttons_open_a_case_and_open_it_again() -> None:
    waiting = make_conversation(pending=make_pending(), asking_place=True)
    opened = press("noplace", waiting).new_case
    assert opened and opened.mission == "domestic"
    asked = press("human", make_conversation(pending=make_pending(), place=HANOI)).new_case
    assert asked and asked.mission == "vn-hanoi"
    reopened = press("reopen:7", None, in_case("resolved")).case
    assert reopened and reopened.state == "claimed"


def test_a_location_is_remembered() -> None:
    message = make_message("", "location", location=(HANOI.lat, HANOI.lon))
    kept = decide(message).conversation
    assert kept and kept.place == HANOI


def test_the_next_message_of_a_founder_reaches_staff_remnawave_2163() -> None:
    decision = decide(make_message("더 있어요"), make_conversation(case=7), in_case("claimed"))
    assert texts_of(sent_to_staff(decision)) == ["창업자: 더 있어요"]
    assert sent_to_founder(decision) == []


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_after_its_end_a_case_is_not_opened_again_by_its_context_chatwoot_13880_15068(
    state: CaseState,
) -> None:
    library = RecordingAnswerer(make_answer())
    services = replace(in_case(state), ask=library)
    talk = make_conversation(case=7, turns=(Exchange("a", "b"),), pending=make_pending("옛 질문"))
    decision = decide(make_message(QUESTION), talk, services)
    assert library.asked[0].history == ()  # nothing of the case is leaned on
    kept = decision.conversation
    assert kept and kept.case is None and kept.pending and kept.pending.question == QUESTION
    assert sent_to_staff(decision) == []


def test_a_deletion_outside_of_a_case_leads_to_nothing() -> None:
    assert decide(make_message("", "deleted")) == Decision()


def test_what_cannot_be_read_is_said_to_be_so() -> None:
    decision = decide(make_message("", "other"), make_conversation(language="en"))
    assert texts_of(decision.outgoing) == [phrase("founder.not_text", "en")]


def test_a_file_is_not_unreadable() -> None:
    decision = decide(make_message("", files=(make_file(),)))
    assert texts_of(decision.outgoing) == [phrase("founder.file_alone", "ko")]


def test_the_reply_to_where_opens_the_case() -> None:
    talk = make_conversation(pending=make_pending(), asking_place=True)
    opened = decide(make_message("하노이"), talk).new_case
    assert opened and opened.mission == "vn-hanoi" and opened.question == QUESTION


@pytest.mark.parametrize("message", [
    make_message("나 공고"), make_message("2"), make_message("offer:abcd1234:1", "button"),
])  # fmt: skip
def test_a_chosen_section_is_shown(message: Message) -> None:
    shelf = RecordingShelf()
    talk = make_conversation(offered=(OFFERED,), turns=(Exchange(QUESTION, ""),))
    decision = decide(message, talk, make_services(shelf=shelf))
    ((question, offer),) = shelf.chosen
    assert (question.text, offer) == (QUESTION, OFFERED.offers[1])
    assert texts_of(decision.outgoing)[0].startswith("나 공고: 전문 [1]")
    assert decision.conversation and decision.conversation.offered[0].chosen == (1,)


def test_a_section_is_shown_once_at_its_button() -> None:
    talk = make_conversation(offered=(replace(OFFERED, chosen=(1,)),))
    decision = press("offer:abcd1234:1", talk)
    assert texts_of(decision.outgoing) == [phrase("founder.already_chosen", "ko", title="나 공고")]


@pytest.mark.parametrize("key", ["offer:abcd1234:1", "none:abcd1234"])
def test_the_buttons_of_offers_wait_for_what_is_due_first(key: str) -> None:
    talk = make_conversation(offered=(OFFERED,), case=7)
    busy = press(key, talk, in_case())
    assert texts_of(busy.outgoing) == [phrase("founder.already_open", "ko", number=7)]
    where = replace(talk, case=None, asking_place=True, pending=make_pending())
    asked = press(key, where)
    assert texts_of(asked.outgoing) == [phrase("founder.ask_where", "ko")]


def test_after_a_case_the_button_of_a_section_works_and_leaves_it() -> None:
    talk = make_conversation(offered=(OFFERED,), case=7)
    kept = press("offer:abcd1234:0", talk, in_case("resolved")).conversation
    assert kept and kept.case is None and kept.offered[0].chosen == (0,)


def test_none_of_them_hands_over_the_question_they_were_offered_for() -> None:
    talk = make_conversation(offered=(OFFERED,), pending=make_pending("다음 질문"), place=HANOI)
    opened = press("none:abcd1234", talk).new_case
    assert opened and opened.question == QUESTION and opened.mission == "vn-hanoi"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_met_for_the_first_time_is_greeted_first(language: Language) -> None:
    talk = make_conversation(language=language, greeted=False)
    decision = decide(make_command("help"), talk)
    greeting, helped = texts_of(decision.outgoing)
    assert greeting == phrase("founder.greeting", language)
    assert helped == phrase("founder.help", language)
    assert decision.conversation and decision.conversation.greeted
