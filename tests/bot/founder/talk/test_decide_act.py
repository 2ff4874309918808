"""What a message leads to by the act it is read as; the words of the acts are tested with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.context import Decision
from bot.founder.handover import request_person
from bot.founder.reading.acts import Act
from bot.founder.talk.decide_act import ACT_HANDLERS
from bot.founder.turn import decide_founder_turn
from bot.phrases import render_phrase
from bot.types import Conversation
from knowledge.types import LANGUAGES
from tests.samples.answers import RecordingAnswerer, make_answer, make_offer
from tests.samples.records import (
    HANOI,
    NOW,
    QUESTION,
    button_keys,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    texts_of,
)

UNPAID = "바이어가 잔금을 석 달째 안 줍니다"
BEGUN = make_conversation(pending=make_pending(UNPAID, urgency="high", at=NOW), place=HANOI)
OFFERED_PERSON = replace(BEGUN, awaited="person")
ANSWERED = make_conversation(pending=make_pending(at=NOW))


def say(text: str, talk: Conversation | None = None, verdict: Any = "no_evidence") -> Decision:
    """What a text leads to; the library has one verdict for everything."""
    library = RecordingAnswerer(make_answer(verdict))
    return decide_founder_turn(make_turn(make_message(text), talk, make_services(library)))


def test_every_act_has_a_handler_and_a_name() -> None:
    assert set(ACT_HANDLERS) == set(get_args(Act))
    for act in get_args(Act):
        assert all(render_phrase(f"readings.{act}", language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("고마워요~", "thanks"),
        ("안녕하세요", "hello"),
        ("네", "yes_to_what"),
    ],
)
@pytest.mark.parametrize("talk", [ANSWERED, BEGUN])
def test_small_talk_is_answered_in_a_line_and_leaves_the_matter(
    text: str, key: str, talk: Conversation
) -> None:
    decision = say(text, talk)
    assert texts_of(decision.outgoing) == [phrase(f"founder.{key}", "ko")]
    assert decision.conversation and decision.conversation.pending == talk.pending
    assert decision.new_case is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("my visa renewal is slow, can someone help", "my visa renewal is slow"),
        ("수출신고 수리가 늦어져서 담당자 연결해 주세요", "수출신고 수리가 늦어져서"),
    ],
)
def test_a_wish_for_a_person_keeps_what_else_the_sentence_says(text: str, question: str) -> None:
    case = say(text, make_conversation(place=HANOI)).new_case
    assert case and case.question == question


@pytest.mark.parametrize("text", [
    "하노이 법인의 부가세 환급을 못 받고 있습니다. 담당자와 상의하고 싶습니다.",
    "하노이 담당자 연결해 주세요",
    "my visa renewal in Hanoi is slow, can someone help",
])  # fmt: skip
def test_who_names_the_place_in_the_wish_for_a_person_is_not_asked_for_it(text: str) -> None:
    case = say(text, make_conversation()).new_case
    assert case and case.mission == "vn-hanoi"


def test_the_place_in_the_words_of_the_command_is_not_asked_for() -> None:
    turn = make_turn(make_command("human", "하노이 창고 임대 분쟁입니다"), make_conversation())
    case = request_person(turn).new_case
    assert case and case.mission == "vn-hanoi"


def test_what_one_has_is_no_yes() -> None:
    decision = say("tôi có hợp đồng bảo mật đây", OFFERED_PERSON)
    assert decision.new_case is None
    pending = decision.conversation and decision.conversation.pending
    assert pending and pending.question.endswith("tôi có hợp đồng bảo mật đây")
    assert say("có", OFFERED_PERSON).new_case


def test_anger_is_heard_and_stands_below_the_question_of_the_case() -> None:
    decision = say("쓸모없네요", BEGUN)
    assert texts_of(decision.outgoing) == [phrase("founder.complaint", "ko")]
    assert button_keys(decision.outgoing[0]) == ["human"]
    opened = say("네", decision.conversation)
    assert opened.new_case and opened.new_case.question == UNPAID
    assert "쓸모없네요" in [line.text for _, line in opened.new_lines]


def test_a_new_founders_greeting_is_returned_in_one_message() -> None:
    decision = say("안녕하세요", make_conversation(greeted=False))
    (said,) = texts_of(decision.outgoing)
    assert said.startswith(phrase("founder.greeting", "ko"))
    assert decision.conversation and decision.conversation.greeted


@pytest.mark.parametrize("text", ["네", "네 전해주세요", "yes please", "상담원이요", "전해주세요"])
def test_a_yes_or_a_wish_for_a_person_hands_over_what_was_asked(text: str) -> None:
    decision = say(text, OFFERED_PERSON)
    case = decision.new_case
    assert case and (case.question, case.urgency) == (UNPAID, "high")


@pytest.mark.parametrize("text", ["ok thanks bye", "네 감사합니다", "ok thanks"])
def test_what_may_be_thanks_or_a_yes_is_asked_about(text: str) -> None:
    decision = say(text, OFFERED_PERSON)
    assert texts_of(decision.outgoing) == [phrase("founder.thanks_or_yes", "ko")]
    assert decision.new_case is None
    assert say("네", decision.conversation).new_case


def test_what_follows_a_yes_comes_into_the_case() -> None:
    case = say("네 전해주세요, 금액은 6만불이에요", OFFERED_PERSON).new_case
    assert case and case.question.startswith(UNPAID) and "금액은 6만불" in case.question


def test_thanks_for_the_offer_of_a_person_are_told_that_none_has_it_yet() -> None:
    decision = say("고마워요~", OFFERED_PERSON)
    assert texts_of(decision.outgoing) == [phrase("founder.thanks_or_yes", "ko")]
    assert button_keys(decision.outgoing[0]) == ["human"]


def test_a_goodbye_is_told_so_where_the_matter_is_grave() -> None:
    calm = replace(ANSWERED, awaited="person")
    assert texts_of(say("수고하세요", OFFERED_PERSON).outgoing) != texts_of(
        say("수고하세요", calm).outgoing
    )
    assert texts_of(say("수고하세요", calm).outgoing) == [phrase("founder.goodbye", "ko")]


@pytest.mark.parametrize(
    "text", ["ㅇㅋ 고맙습니다 ㅎㅎ", "네 감사합니다", "ok thanks", "ok cảm ơn nhé"]
)
def test_thanks_below_sections_are_thanks_and_the_sections_stay(text: str) -> None:
    talk = make_conversation(pending=make_pending(at=NOW), awaited="choice", place=HANOI)
    decision = say(text, talk)
    assert texts_of(decision.outgoing) == [phrase("founder.thanks", "ko")]
    assert decision.conversation and decision.conversation.awaited == "choice"


@pytest.mark.parametrize("talk", [BEGUN, OFFERED_PERSON])
def test_who_reads_a_grave_matter_is_said_with_the_offer_of_a_person(talk: Conversation) -> None:
    decision = say("이거 보는 사람이 누구예요?", talk)
    assert texts_of(decision.outgoing) == [phrase("founder.who_reads", "ko")]
    assert button_keys(decision.outgoing[0]) == ["human"]
    opened = say("네", decision.conversation).new_case
    assert opened and opened.question == UNPAID


def test_another_language_says_the_last_answer_again() -> None:
    library = RecordingAnswerer(make_answer("answered"))
    turn = make_turn(make_message("can you say that in english?"), ANSWERED, make_services(library))
    ready, answer = decide_founder_turn(turn).outgoing
    assert ready.content.text == phrase("founder.ready", "en")
    assert answer.content.details
    assert [(one.text, one.language) for one in library.asked] == [(QUESTION, "en")]


def test_another_language_offers_a_person_for_a_grave_matter_again() -> None:
    decision = say("please answer in english", OFFERED_PERSON)  # the library says nothing of it
    assert texts_of(decision.outgoing)[-1] == phrase("founder.still_offered", "en")
    opened = say("yes", decision.conversation).new_case
    assert opened and (opened.question, opened.urgency) == (UNPAID, "high")


def test_thanks_leave_open_what_was_offered() -> None:
    thanked = say("고마워요~", OFFERED_PERSON).conversation
    assert say("네", thanked).new_case


def test_a_no_closes_the_offer_and_a_yes_after_it_opens_nothing() -> None:
    decision = say("아니요", OFFERED_PERSON)
    assert texts_of(decision.outgoing) == [phrase("founder.not_handed_over", "ko")]
    assert decision.new_case is None
    assert say("네", decision.conversation).new_case is None


def test_a_yes_to_several_sections_asks_which() -> None:
    talk = make_conversation(pending=make_pending(at=NOW), awaited="choice", place=HANOI)
    decision = say("네", talk)
    assert texts_of(decision.outgoing) == [phrase("founder.choose_one", "ko")]
    assert say("전해주세요", talk).new_case


def test_facts_are_kept_with_the_matter_and_the_offer_stays() -> None:
    decision = say("컨테이너는 두 개입니다", OFFERED_PERSON)
    assert texts_of(decision.outgoing) == [phrase("founder.added", "ko")]
    assert button_keys(decision.outgoing[0]) == ["human"]
    case = say("네", decision.conversation).new_case
    assert case and case.question == f"{UNPAID}\n컨테이너는 두 개입니다"


def test_a_fact_that_makes_it_an_emergency_is_acted_on_at_once() -> None:
    talk = replace(ANSWERED, place=HANOI)
    case = say("직원이 어제 체포됐습니다", talk).new_case
    assert case and (case.urgency, case.sealed) == ("critical", True)


def test_facts_can_make_an_unanswered_question_answerable() -> None:
    talk = replace(ANSWERED, awaited="person")
    decision = say("직원 8명입니다", talk, "answered")
    assert decision.outgoing[0].content.details


def test_a_follow_up_carries_the_first_words_into_the_case() -> None:
    followed = say("그럼 언제까지인가요?", ANSWERED, "answered").conversation
    assert followed
    talk = replace(followed, place=HANOI)
    services = make_services()
    case = decide_founder_turn(make_turn(make_command("human"), talk, services)).new_case
    assert case and case.question == f"{QUESTION}\n그럼 언제까지인가요?"


def test_ones_own_application_is_not_looked_up_but_can_be_handed_over() -> None:
    asked = "우리 수출바우처 신청 건 어디까지 됐나요?"
    decision = decide_founder_turn(make_turn(make_message(asked)))  # fails if the library is asked
    assert texts_of(decision.outgoing) == [phrase("founder.own_application", "ko")]
    assert decision.conversation
    case = say("네", replace(decision.conversation, place=HANOI)).new_case
    assert case and case.question == asked


def test_who_asks_for_naru_gets_questions_to_try() -> None:
    samples = (make_offer("무엇을 지원하나요?"), make_offer("얼마인가요?"))
    services = replace(make_services(), list_samples=lambda _: samples)
    decision = decide_founder_turn(make_turn(make_message("너는 누구야?"), None, services))
    (reply,) = decision.outgoing
    assert reply.content.text == phrase("founder.about_naru", "ko").strip()
    kept = decision.conversation
    assert kept and kept.offered[0].offers == samples
    assert button_keys(reply) == [f"offer:{kept.offered[0].token}:{n}" for n in (0, 1)]


def test_another_language_is_set_by_words() -> None:
    kept = say("영어로 답해 주세요").conversation
    assert kept and (kept.language, kept.fixed_language) == ("en", True)


def test_why_says_how_the_message_was_read() -> None:
    thanked = say("고마워요~", ANSWERED).conversation
    why = decide_founder_turn(make_turn(make_command("why"), thanked))
    read_as = render_phrase("readings.thanks", "ko")
    assert texts_of(why.outgoing) == [phrase("founder.why_read_as", "ko", act=read_as)]


def test_the_status_of_a_case_outside_of_it_is_the_list() -> None:
    services = make_services(known_cases=[make_case(state="resolved")])
    decision = decide_founder_turn(make_turn(make_message("언제 답 와요?"), None, services))
    assert texts_of(decision.outgoing)[0].startswith("#7 · ")


CERTIFIED = make_conversation(pending=make_pending("CE 인증 비용 지원되나요?", at=NOW), place=HANOI)
HELD = (
    "하이퐁 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 사유도 말해 주지 않습니다.",
    "Customs in Hai Phong has been holding our cosmetics for ten days and gives no reason",
    "Hải quan Hải Phòng giữ lô mỹ phẩm của chúng tôi mười ngày nay mà không nói lý do",
)
