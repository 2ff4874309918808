"""A founder in a case: what reaches staff, and when the bot speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision, Services
from bot.founder import relay
from bot.founder.own_cases import ending
from bot.founder.question import QUESTION_LIMIT_CHARACTERS
from bot.messages import Address, Message
from bot.types import Case, CaseState, Conversation, Urgency
from knowledge.types import LANGUAGES, Exchange, Language
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    NOW,
    QUESTION,
    button_keys,
    holder_of,
    make_binding,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_oversized_file,
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

SURE = make_answer("answered")
UNSURE = make_answer("offered")
IN_CASE = make_conversation(case=7)


def relay_message(
    message: Message, case: Case, answer: Any = None, talk: Conversation = IN_CASE
) -> Decision:
    """What a message in a case with a thread leads to; the library is asked where it may be."""
    services = make_services(threads=[make_thread()])
    if answer:
        services = replace(services, ask=RecordingAnswerer(answer))
    return relay.relay_to_staff(make_turn(message, talk, services), case)


def relayed_to_staff(message: Message) -> list[str]:
    return texts_of(sent_to_staff(relay_message(message, make_taken_case())))


@pytest.mark.parametrize(
    ("message", "read"),
    [
        (make_message("더 있어요"), "창업자: 더 있어요"),
        (make_message("고친 말", "edit"), "창업자(고친 글): 고친 말"),
        (make_message("", "deleted"), "창업자가 앞서 보낸 글 하나를 지웠습니다."),
        (make_message("네", quoted="서류를\n보내 주세요"), "> 서류를 보내 주세요\n창업자: 네"),
    ],
)
def test_staff_read_what_the_founder_did(message: Message, read: str) -> None:
    assert relayed_to_staff(message) == [read]


def test_with_a_person_nothing_but_the_message_goes_anywhere() -> None:
    message = make_message(QUESTION, files=(make_file(),))
    decision = relay_message(message, make_taken_case())  # fails if the library is asked
    (to_staff,) = decision.outgoing
    assert to_staff.content.files == message.files and to_staff.case == 7
    assert to_staff.unless_taken is None and not to_staff.content.protect
    assert decision.new_lines == ((7, make_line(QUESTION, files=message.files)),)
    assert decision.to_acknowledge == message
    assert decision.conversation == replace(IN_CASE, read_as="new_matter")


def test_what_is_kept_of_a_deletion_is_that_there_was_one() -> None:
    decision = relay_message(make_message("", "deleted"), make_taken_case())
    assert decision.new_lines == ((7, make_line(phrase("staff.founder_deleted", "ko"))),)


OFFICER = Address("telegram", "77")
SECRET = "파트너가 도면을 빼돌렸어요"


def relay_with_officers(text: str, case: Case, *officers: Address, **values: Any) -> Decision:
    """What a message leads to where these may read sealed cases of Hanoi."""
    services = replace(
        make_services(
            threads=[make_thread()],
            bindings=[make_binding("domestic", "C0DESK")],
            lines=[make_line("통관이 늦어요"), make_line("서류는 냈습니다")],
        ),
        find_duty_officers=lambda mission: officers if mission == "vn-hanoi" else (),
    )
    return relay.relay_to_staff(make_turn(make_message(text, **values), IN_CASE, services), case)


def texts_at(decision: Decision, chat: str) -> str:
    return "\n".join(texts_of(one for one in decision.outgoing if one.to.chat == chat))


def test_words_of_a_sealed_case_go_to_its_officers_alone() -> None:
    sealed = make_taken_case(sealed=True)
    decision = relay_with_officers("상대는 김 부장입니다", sealed, OFFICER, files=(make_file(),))
    assert texts_at(decision, "77") == "[봉인] #7\n창업자: 상대는 김 부장입니다"
    (to_officer,) = (one for one in decision.outgoing if one.to == OFFICER)
    assert to_officer.content.protect and to_officer.content.files == (make_file(),)
    (note,) = sent_to_staff(decision)
    assert note.content.text == phrase("staff.sealed_message", "ko", number=7)
    assert not note.content.files and "김 부장" not in texts_at(decision, "1001")
    assert phrase("founder.sealed_read", "ko") in texts_at(decision, "1001")
    assert decision.case is None and decision.to_acknowledge


def test_without_an_officer_founder_and_desk_are_told_so() -> None:
    decision = relay_with_officers("상대는 김 부장입니다", make_taken_case(sealed=True))
    assert all("김 부장" not in text for text in texts_of(decision.outgoing))
    assert "아직 아무에게도 전하지 않았습니다" in texts_at(decision, "1001")
    assert "#7" in texts_at(decision, "C0DESK") and decision.to_acknowledge is None
    assert decision.new_lines[0][1].text == "상대는 김 부장입니다"  # kept


@pytest.mark.parametrize(
    ("text", "urgency", "values"),
    [
        (SECRET, "high", {}),
        ("파트너가 도면을 빼돌렸어요. 어떻게 하면 되나요?", "high", {}),
        ("They stole our source code", "high", {}),
        (SECRET, "high", {"kind": "edit"}),
        ("이 말입니다", "normal", {"quoted": SECRET}),
    ],
)
def test_words_that_would_be_sealed_seal_the_open_case_for_good(
    text: str, urgency: Urgency, values: Any
) -> None:
    case = make_taken_case()
    decision = relay_with_officers(text, case, OFFICER, **values)
    assert decision.case == replace(case, sealed=True, urgency=urgency)
    raised = [urgency] if urgency != case.urgency else []
    assert [one.detail for one in decision.log] == [*raised, "seal"]
    card, note = sent_to_staff(decision)
    assert card.act == "recard" and "[봉인]" in card.content.text
    assert note.content.text == phrase("staff.sealed_now", "ko", number=7)
    assert SECRET not in card.content.text + texts_at(decision, "1001")
    assert "서류는 냈습니다" in texts_at(decision, "77")  # the whole record, for its reader
    assert all(one.content.protect for one in decision.outgoing if one.to == OFFICER)


def test_an_ordinary_message_seals_nothing_and_unseals_nothing() -> None:
    assert relay_with_officers("인보이스도 보냅니다", make_taken_case()).case is None
    assert relay_with_officers("인보이스", make_taken_case(sealed=True), OFFICER).case is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_until_a_person_takes_it_the_founder_is_told_that_it_went(language: Language) -> None:
    talk = replace(IN_CASE, language=language, fixed_language=True)
    decision = relay_message(make_message(QUESTION), make_case(), UNSURE, talk)
    (told,) = sent_to_founder(decision)
    assert told.content.text == phrase("founder.relayed", language, number=7)
    assert told.unless_taken == 7
    assert len(sent_to_staff(decision)) == 1 and len(decision.new_lines) == 1


def test_what_the_library_surely_knows_is_said_to_both_until_a_person_takes_it() -> None:
    talk = replace(IN_CASE, language="en")
    decision = relay_message(make_message(QUESTION), make_case(), SURE, talk)
    notice, answer = sent_to_founder(decision)
    assert notice.content.text == phrase("founder.relayed", "en", number=7)
    assert answer.content.text.startswith("3천만 원까지입니다. [1]")
    assert "「물류 바우처」" in answer.content.details and button_keys(answer) == []
    said, note = sent_to_staff(decision)
    assert said.unless_taken is None  # staff read it, whoever takes the case
    assert note.content.text == phrase("staff.bot_answered", "ko", text=SURE.text)
    assert all(one.unless_taken == 7 for one in (notice, answer))
    assert note.is_report and note.unless_taken is None  # it follows the fate of the answer
    assert decision.new_lines[1] == (7, make_line(SURE.text, "bot"))


def test_without_a_thread_the_answer_and_the_line_are_kept_all_the_same() -> None:
    services = make_services(RecordingAnswerer(SURE))
    turn = make_turn(make_message(QUESTION), IN_CASE, services)
    decision = relay.relay_to_staff(turn, make_case())
    assert len(sent_to_founder(decision)) == len(decision.outgoing) == 2
    assert len(decision.new_lines) == 2


@pytest.mark.parametrize(
    ("message", "case"),
    [
        (make_message(QUESTION, "edit"), make_case()),
        (make_message("", files=(make_file(),)), make_case()),
        (make_message("가" * (QUESTION_LIMIT_CHARACTERS + 1)), make_case()),
        (make_message("바이어가 잔금을 안 줘요"), make_case()),  # for people
    ],
)
def test_what_is_no_plain_question_is_not_looked_up(message: Message, case: Case) -> None:
    decision = relay_message(message, case)  # fails if the library is asked
    assert texts_of(sent_to_founder(decision)) == [phrase("founder.relayed", "ko", number=7)]


def test_the_library_is_asked_as_of_now_in_the_language_that_is_written() -> None:
    library = RecordingAnswerer(make_answer("no_evidence"))
    turn = make_turn(
        make_message(" Is there any freight support? "), IN_CASE, make_services(library)
    )
    relay.relay_to_staff(turn, make_case())
    (question,) = library.asked
    assert (question.text, question.language) == ("Is there any freight support?", "en")
    assert question.as_of == NOW and question.history == ()


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (make_message("", "other"), "not_passed_on"),
        (make_message("보세요", files=(make_oversized_file(),)), "file_too_large"),
    ],
)
def test_what_cannot_be_passed_on_is_said_to_be_so(message: Message, key: str) -> None:
    decision = relay_message(message, make_case())
    assert texts_of(decision.outgoing) == [phrase(f"founder.{key}", "ko", most=20)]
    assert decision.new_lines == () and decision.to_acknowledge is None


def with_case(case: Case) -> Services:
    return make_services(known_cases=[case], threads=[make_thread(case.number)])


def test_closing_ends_the_case_on_both_sides() -> None:
    talk = make_conversation(
        case=7, language="vi", turns=(Exchange("a", "b"),), pending=make_pending()
    )
    decision = ending.close_case(make_turn(make_message(), talk, with_case(make_taken_case())))
    assert decision.case and (decision.case.state, decision.case.ended_at) == ("closed", NOW)
    assert decision.conversation == replace(talk, case=None, turns=())
    (last,) = texts_of(sent_to_founder(decision))
    assert last.startswith(phrase("founder.closed", "vi", number=7))
    told, card, close = sent_to_staff(decision)  # a closed thread cannot be told anything
    assert told.content.text == phrase("staff.founder_closed", "ko")
    assert (card.act, close.act) == ("recard", "close") and "창업자가 끝냄" in card.content.text


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_closing_an_ended_case_only_leaves_it(state: CaseState) -> None:
    services = with_case(make_taken_case(state=state))
    decision = ending.close_case(make_turn(make_message(), IN_CASE, services))
    assert texts_of(decision.outgoing) == [phrase("founder.nothing_open", "ko")]
    assert decision.conversation and decision.conversation.case is None and decision.case is None


def test_without_a_case_there_is_nothing_to_close() -> None:
    decision = ending.close_case(make_turn(make_message()))
    assert texts_of(decision.outgoing) == [phrase("founder.nothing_open", "ko")]


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_reopening_brings_the_case_back_on_both_sides(state: CaseState) -> None:
    talk = make_conversation(language="en", pending=make_pending())
    case = make_taken_case(state=state, ended_at=NOW)
    decision = ending.reopen_case(make_turn(make_message(), talk, with_case(case)), 7)
    assert decision.case and (decision.case.state, decision.case.ended_at) == ("claimed", None)
    assert holder_of(decision.case) == holder_of(case)
    assert decision.conversation == replace(talk, case=7)
    assert texts_of(sent_to_founder(decision)) == [phrase("founder.reopened", "en", number=7)]
    reopen, told, card = sent_to_staff(decision)  # the thread is opened before it is told
    assert (reopen.act, card.act) == ("reopen", "recard")
    assert told.content.text == phrase("staff.founder_reopened", "ko")


def test_a_case_without_a_thread_is_reopened_for_the_founder_alone() -> None:
    services = make_services(known_cases=[make_case(state="resolved")])
    decision = ending.reopen_case(make_turn(make_message(), None, services), 7)
    assert decision.case and decision.case.state == "new" and len(decision.outgoing) == 1


def test_someone_elses_case_stays_ended() -> None:
    case = make_case(conversation="telegram:2", state="resolved")
    decision = ending.reopen_case(make_turn(make_message(), None, with_case(case)), 7)
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    assert decision.case is None


def test_an_open_case_need_not_be_reopened() -> None:
    decision = ending.reopen_case(make_turn(make_message(), IN_CASE, with_case(make_case())), 7)
    assert texts_of(decision.outgoing) == [phrase("founder.already_open", "ko", number=7)]
    assert decision.case is None
