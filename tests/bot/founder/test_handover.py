"""From the wish for a person to a case at the competent mission."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.context import Decision
from bot.founder import handover
from bot.founder.reading.acts import Reading
from bot.founder.talk import place_reply
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Timer
from bot.types import PendingQuestion
from knowledge.types import LANGUAGES, Exchange, Language
from tests.samples.records import (
    DA_NANG,
    FOUNDER,
    HANOI,
    HCMC,
    NOW,
    QUESTION,
    button_keys,
    make_binding,
    make_command,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    reason_at,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

WAITING: dict[str, Any] = {"asking_place": True, "pending": make_pending()}


def reply_with_place(text: str, language: Language = "ko") -> Decision:
    """What the reply to "which country and city?" leads to."""
    talk = make_conversation(**WAITING, language=language)
    return place_reply.handle_place_reply(
        make_turn(make_message(text), talk), Reading("new_matter")
    )


def test_in_an_open_case_a_person_is_already_asked() -> None:
    decision = handover.request_person(make_turn(make_command("human"), make_conversation(case=7)))
    assert texts_of(decision.outgoing) == [phrase("founder.already_open", "ko", number=7)]
    assert decision.new_case is None


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (make_command("human", " 바이어가 사라졌습니다 "), "바이어가 사라졌습니다"),
        (make_command("human"), phrase("founder.no_question_yet", "ko")),
        (make_message("human", "button"), phrase("founder.no_question_yet", "ko")),
    ],
)
def test_without_a_question_the_words_of_the_command_are_it(message: Any, question: str) -> None:
    decision = handover.request_person(make_turn(message, make_conversation(place=HANOI)))
    assert decision.new_case and decision.new_case.question == question


def test_the_question_that_was_asked_goes_to_the_person_with_what_follows_the_command() -> None:
    talk = make_conversation(pending=make_pending(), place=HANOI)
    command = make_command("human", "빨리요", files=(make_file(),))
    decision = handover.request_person(make_turn(command, talk))
    assert decision.new_case and decision.new_case.question == f"{QUESTION}\n빨리요"
    assert decision.new_lines[-1][1].files == command.files


@pytest.mark.parametrize(("urgency", "minutes"), [("normal", 10), ("high", 10), ("critical", 2)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_place_is_asked_for_and_waited_for(
    language: Language, urgency: Any, minutes: int
) -> None:
    talk = make_conversation(language=language, pending=make_pending(urgency=urgency), version=3)
    decision = handover.start_handover(make_turn(make_message(), talk), "먼저")
    (asked,) = decision.outgoing
    assert asked.content.text == "먼저\n\n" + phrase("founder.ask_place", language, minutes=minutes)
    assert button_keys(asked) == ["noplace"]
    assert asked.content.ask_location == phrase("founder.button_share_location", language)
    wanted = Timer(f"place:{FOUNDER}:4", FOUNDER, NOW + timedelta(minutes=minutes))
    assert decision.timers == (wanted,)
    assert decision.conversation and decision.conversation.asking_place
    assert decision.new_case is None


def test_a_place_that_never_came_sends_the_case_to_the_desk() -> None:
    turn = make_turn(make_message("", "other"), make_conversation(**WAITING))
    decision = handover.handle_place_timeout(turn)
    assert decision.new_case and decision.new_case.mission == "domestic"
    assert decision.conversation and not decision.conversation.asking_place


@pytest.mark.parametrize(
    "talk",
    [
        make_conversation(asking_place=False, pending=make_pending()),
        make_conversation(asking_place=True, pending=None),
    ],
)
def test_a_timer_that_is_no_longer_needed_does_nothing(talk: Any) -> None:
    turn = make_turn(make_message("", "other"), talk)
    assert handover.handle_place_timeout(turn) == Decision()


@pytest.mark.parametrize(
    ("text", "mission", "question"),
    [
        ("하노이", "vn-hanoi", QUESTION),
        ("다낭 근처요", "vn-hanoi", f"{QUESTION}\n다낭 근처요"),  # its body takes Da Nang's cases
        ("호치민 쪽입니다", "vn-hcmc", f"{QUESTION}\n호치민 쪽입니다"),
        ("구름 너머", "domestic", f"{QUESTION}\n구름 너머"),
        (phrase("founder.button_skip_place", "ko"), "domestic", QUESTION),
    ],
)
def test_whatever_the_reply_says_opens_the_case(text: str, mission: str, question: str) -> None:
    decision = reply_with_place(text)
    assert decision.new_case
    assert (decision.new_case.mission, decision.new_case.question) == (mission, question)
    unknown = phrase("founder.unknown_place", "ko", text="구름 너머")
    assert decision.outgoing[0].content.text.startswith(unknown) == (text == "구름 너머")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_that_skips_the_place_is_known_in_each_language(language: Language) -> None:
    decision = reply_with_place(phrase("founder.button_skip_place", language), language)
    assert decision.new_case and decision.new_case.question == QUESTION
    assert decision.new_case.mission == "domestic"


def test_a_shared_location_opens_the_case_that_waits_for_it() -> None:
    message = make_message("", "location", location=(HCMC.lat, HCMC.lon))
    decision = place_reply.handle_location(make_turn(message, make_conversation(**WAITING)))
    assert decision.new_case and decision.new_case.mission == "vn-hcmc"


def test_otherwise_a_location_is_remembered_with_who_is_competent() -> None:
    message = make_message("", "location", location=(DA_NANG.lat, DA_NANG.lon))
    decision = place_reply.handle_location(make_turn(message, make_conversation(language="vi")))
    assert decision.conversation and decision.conversation.place == DA_NANG
    reason = reason_at(DA_NANG, "vi")
    kept = phrase("founder.place_kept", "vi", place="Da Nang", reason=reason)
    assert texts_of(decision.outgoing) == [kept] and decision.new_case is None


def test_a_location_in_no_ones_land_is_unknown() -> None:
    message = make_message("", "location", location=(0.0, 0.0))
    decision = place_reply.handle_location(make_turn(message, make_conversation(**WAITING)))
    assert texts_of(decision.outgoing) == [phrase("founder.unknown_place", "ko", text="GPS")]
    assert decision.new_case is None


def test_where_asks_remembers_or_does_not_know() -> None:
    def where(text: str) -> Decision:
        return place_reply.handle_where_command(make_turn(make_command("where", text)))

    (asked,) = where(" ").outgoing
    assert asked.content.text == phrase("founder.ask_where", "ko")
    assert asked.content.ask_location == phrase("founder.button_share_location", "ko")
    kept = where(" 하노이 ").conversation
    assert kept and kept.place == HANOI
    unknown = where("구름 너머")
    assert texts_of(unknown.outgoing) == [phrase("founder.unknown_place", "ko", text="구름 너머")]


def test_where_opens_the_case_that_waits_for_a_place() -> None:
    turn = make_turn(make_command("where", "하노이"), make_conversation(**WAITING))
    decision = place_reply.handle_where_command(turn)
    assert decision.new_case and decision.new_case.mission == "vn-hanoi"


def test_opening_a_case_tells_the_founder_and_the_missions_room() -> None:
    pending = make_pending(files=(make_file(),))
    earlier = (Exchange("얼마죠?", "3천만 원"), Exchange(QUESTION, "모릅니다"))
    talk = make_conversation(pending=pending, asking_place=True, turns=earlier)
    services = make_services(bindings=[make_binding()])
    decision = handover.open_case(make_turn(make_message(), talk, services), HANOI, "먼저")
    case = decision.new_case
    assert case and (case.number, case.mission, case.opened_at) == (8, "vn-hanoi", NOW)
    assert [line for _, line in decision.new_lines] == [
        make_line("얼마죠?"),
        make_line("3천만 원", "bot"),
        make_line(QUESTION, files=pending.files),
    ]
    kept = decision.conversation
    assert kept and (kept.case, kept.place, kept.pending) == (8, HANOI, None)
    assert not kept.asking_place
    (receipt,) = sent_to_founder(decision)
    assert receipt.content.text.startswith("먼저\n\n접수번호 #8\n맡은 곳: 하노이 공관\n")
    assert "하노이 현지 시각 11월 23일(월) 09:00부터" in receipt.content.text
    (thread,) = decision.new_threads
    assert (thread.id, thread.mission) == ("8.1", "vn-hanoi")
    card, before, files = sent_to_staff(decision, "8.1")
    assert card.act == "card" and QUESTION in card.content.text
    assert before.content.text == "이 전의 대화\n\n창업자: 얼마죠?\n\n나루: 3천만 원"
    assert files.content.files == pending.files


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_in_the_conversations_language(language: Language) -> None:
    pending = make_pending(language=language)
    talk = make_conversation(language=language, pending=pending)
    decision = handover.open_case(make_turn(make_message(), talk), HANOI)
    (receipt,) = decision.outgoing
    assert receipt.content.text.endswith(phrase("founder.receipt_kept", language))
    assert reason_at(HANOI, language) in receipt.content.text
    assert decision.new_case and decision.new_case.language == language


def test_without_any_room_the_case_is_kept_and_only_the_founder_hears_of_it() -> None:
    talk = make_conversation(pending=make_pending(sealed=True), place=HCMC)
    decision = handover.open_case(make_turn(make_message(), talk), None)
    assert decision.new_threads == () and len(decision.outgoing) == 1
    assert decision.outgoing[0].content.protect  # sealed
    assert decision.conversation and decision.conversation.place == HCMC  # what was known stays


SECRET = "파트너가 도면을 빼돌렸어요"


@pytest.mark.parametrize(
    "pending",
    [
        make_pending(SECRET, sealed=True),
        make_pending(f"{SECRET}. 어떻게 하면 되나요?"),  # only asks: no case yet, but now it is one
    ],
)
def test_a_sealed_case_is_shown_to_officers_in_private_only(pending: PendingQuestion) -> None:
    officer = Address("slack", "D0LEAD")
    services = replace(
        make_services(bindings=[make_binding()]), find_duty_officers=lambda mission: (officer,)
    )
    talk = make_conversation(pending=pending, why="…", turns=(Exchange("물류비", "3천만 원"),))
    decision = handover.open_case(make_turn(make_message(), talk, services), HANOI)
    assert decision.new_case and decision.new_case.sealed
    told = [one for one in decision.outgoing if "도면" in one.content.text]
    assert told and all(one.to == officer and one.content.protect for one in told)
    assert any("물류비" in one.content.text for one in decision.outgoing if one.to == officer)
    assert phrase("founder.sealed_read", "ko") in decision.outgoing[0].content.text
    assert decision.conversation and not decision.conversation.why


def test_who_asks_for_a_person_in_sealed_words_gets_a_sealed_case() -> None:
    talk = make_conversation(place=HANOI)
    decision = handover.request_person(make_turn(make_command("human", SECRET), talk))
    assert decision.new_case and decision.new_case.sealed
    talk = make_conversation(**WAITING)
    text = f"호치민이요. {SECRET}"
    decision = place_reply.handle_place_reply(
        make_turn(make_message(text), talk), Reading("new_matter")
    )
    assert decision.new_case and decision.new_case.sealed


def test_sealed_words_are_no_history_of_an_ordinary_case() -> None:
    turns = (Exchange(SECRET, "…"), Exchange("물류비 지원", "3천만 원"))
    talk = make_conversation(pending=make_pending(), turns=turns)
    services = make_services(bindings=[make_binding()])
    decision = handover.open_case(make_turn(make_message(), talk, services), HANOI)
    said = " ".join(texts_of(sent_to_staff(decision, "8.1")))
    assert "물류비 지원" in said and "도면" not in said


def test_the_desks_room_takes_the_case_of_a_mission_without_one() -> None:
    services = make_services(bindings=[make_binding("domestic", "C0DESK")])
    talk = make_conversation(pending=make_pending())
    decision = handover.open_case(make_turn(make_message(), talk, services), HANOI)
    assert decision.new_threads[0].chat == "C0DESK"
    assert decision.new_threads[0].mission == "vn-hanoi"
    assert phrase("founder.receipt_unbound", "ko") in decision.outgoing[0].content.text


def test_who_is_met_for_the_first_time_is_greeted_first() -> None:
    talk = make_conversation(greeted=False, place=HANOI, language="en")
    decision = handover.request_person(make_turn(make_command("human"), talk))
    assert texts_of(decision.outgoing)[0] == phrase("founder.greeting", "en")
    assert decision.conversation and decision.conversation.greeted


def test_who_asks_for_a_person_without_a_question_is_asked_for_it() -> None:
    talk = make_conversation(place=HANOI)
    for pending, asked in ((None, True), (make_pending(), False)):
        message = make_command("human")
        decision = decide_founder_turn(make_turn(message, replace(talk, pending=pending)))
        receipt = texts_of(decision.outgoing)[0]
        assert (phrase("founder.receipt_question", "ko") in receipt) == asked
