"""A founder's question: what is looked up, what is said, and what is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.context import Decision
from bot.founder import question
from bot.founder.reading.triage import Triage
from bot.messages import Message
from bot.types import Conversation
from knowledge.types import LANGUAGES, Answer, Exchange, Language, Verdict
from tests.samples.answers import (
    RecordingAnswerer,
    make_answer,
    make_citation,
    make_finding,
    make_offer,
)
from tests.samples.records import (
    DA_NANG,
    HANOI,
    NOW,
    QUESTION,
    button_keys,
    make_conversation,
    make_file,
    make_message,
    make_services,
    make_turn,
    phrase,
    sent_to_founder,
    texts_of,
)

OFFERS = (make_offer("가 공고"), make_offer("물류 바우처 – 나 공고"))
INCIDENT = "하노이 바이어가 잔금을 안 줘요"
SEALED_INCIDENT = "파트너가 도면을 빼돌렸어요"
CRITICAL_INCIDENT = "직원이 공항에서 체포됐어요"


class Founder:
    """Someone who writes, and a library that gives one answer."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.library = RecordingAnswerer(answer or make_answer())
        self.preview = RecordingAnswerer(answer or make_answer())

    def asks(self, text: str, talk: Conversation | None = None, **values: Any) -> Decision:
        services = make_services(self.library, ask_with_preview=values.pop("preview", None))
        message: Message = make_message(text, **values)
        return question.answer_question(make_turn(message, talk, services))


def test_an_answer_goes_out_with_its_sources_and_two_ways_on() -> None:
    decision = Founder().asks(QUESTION)
    (reply,) = sent_to_founder(decision)
    assert reply.content.text.startswith("3천만 원까지입니다. [1]\n\n2026년 11월 23일 기준")
    assert reply.content.details.startswith("[1] 나루청 · 「물류 바우처」")
    kept = decision.conversation
    assert kept and button_keys(reply) == [f"ok:{kept.answered[0].token}", "human"]
    assert kept and kept.pending and kept.pending.question == QUESTION
    said = (("d", "물류 바우처"),)
    assert kept.turns == (Exchange(QUESTION, kept.turns[0].answer, ("d",), said),)
    assert kept.turns[0].answer.startswith("3천만 원까지입니다. [1]") and kept.place is None


@pytest.mark.parametrize(
    ("text", "language"),
    [(QUESTION, "ko"), ("How much freight support is there?", "en"),
     ("Hỗ trợ vận chuyển tối đa bao nhiêu?", "vi")],
)  # fmt: skip
def test_it_is_answered_and_offered_in_the_language_that_was_written(
    text: str, language: Language
) -> None:
    founder = Founder(make_answer("no_evidence"))
    decision = founder.asks(text, make_conversation(language="ko"))
    assert founder.library.asked[0].language == language
    (reply,) = decision.outgoing
    assert reply.content.text == phrase("founder.no_evidence", language)
    assert reply.content.buttons[0][0].label == phrase("founder.button_human", language)
    kept = decision.conversation
    assert kept and kept.language == language and kept.pending and kept.pending.language == language


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("How much freight support is there?", make_conversation(fixed_language=True)),
        ("FTA?", make_conversation()),  # too short to tell
    ],
)
def test_a_chosen_language_stays(text: str, talk: Conversation) -> None:
    founder = Founder()
    founder.asks(text, talk)
    assert founder.library.asked[0].language == "ko"


def test_the_library_is_asked_as_of_now_after_what_was_said_with_the_places_words() -> None:
    founder = Founder()
    talk = make_conversation(turns=(Exchange("a", "b"),), place=HANOI)
    decision = founder.asks("다낭에서 물류비는 얼마인가요?", talk)
    (asked,) = founder.library.asked
    assert asked.as_of == NOW and asked.history == talk.turns
    assert asked.place_words == ("Da Nang",)
    assert decision.conversation and decision.conversation.place == DA_NANG  # the newer one


def test_a_follow_up_is_asked_as_one_with_what_the_matter_began_with() -> None:
    founder = Founder()
    decision = founder.asks(QUESTION)
    assert decision.conversation
    message = make_message("그럼 언제까지요?")
    turn = make_turn(message, decision.conversation, make_services(founder.library))
    question.answer_question(turn, is_follow_up=True)
    first, second = founder.library.asked
    assert (first.is_follow_up, first.subject) == (False, "")
    assert (second.is_follow_up, second.subject) == (True, QUESTION)


def test_a_place_that_is_not_named_again_is_kept() -> None:
    founder = Founder()
    decision = founder.asks(QUESTION, make_conversation(place=HANOI))
    assert founder.library.asked[0].place_words == ()
    assert decision.conversation and decision.conversation.place == HANOI


@pytest.mark.parametrize(
    ("text", "shown"), [(QUESTION, True), (INCIDENT, False), (SEALED_INCIDENT, False)]
)
def test_an_answer_is_shown_while_it_is_written_unless_people_must_help(
    text: str, shown: bool
) -> None:
    founder = Founder()
    founder.asks(text, preview=founder.preview)
    assert (len(founder.preview.asked), len(founder.library.asked)) == (
        (1, 0) if shown else (0, 1)
    )  # fmt: skip


def test_six_turns_are_remembered() -> None:
    talk = make_conversation(turns=tuple(Exchange(str(n), "") for n in range(6)))
    kept = Founder().asks(QUESTION, talk).conversation
    assert kept and [turn.question for turn in kept.turns] == ["1", "2", "3", "4", "5", QUESTION]


def test_a_long_answer_is_remembered_by_its_beginning() -> None:
    kept = Founder(make_answer(text="가" * 1_000)).asks(QUESTION).conversation
    assert kept and len(kept.turns[0].answer) == 400


def test_files_alone_ask_for_words_and_stay_for_the_person() -> None:
    founder = Founder()
    decision = founder.asks("  ", files=(make_file(),))
    assert founder.library.asked == []
    (asked,) = decision.outgoing
    assert asked.content.text == phrase("founder.file_alone", "ko")
    assert button_keys(asked) == ["human"]
    kept = decision.conversation
    assert kept and kept.pending and kept.pending.before[0].files == (make_file(),)


def test_what_is_too_long_to_look_up_may_go_to_a_person_whole() -> None:
    founder = Founder()
    text = "가" * (question.QUESTION_LIMIT_CHARACTERS + 1)
    decision = founder.asks(text)
    assert founder.library.asked == []
    (asked,) = decision.outgoing
    assert asked.content.text == phrase("founder.too_long", "ko", length=2_001, limit=2_000)
    assert button_keys(asked) == ["human"]
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.question == text
    founder.asks(text[1:])
    assert len(founder.library.asked) == 1  # 2,000 are looked up


@pytest.mark.parametrize("verdict", ["no_evidence", "out_of_scope", "failed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_not_answering_is_said_with_the_offer_of_a_person(
    language: Language, verdict: Verdict
) -> None:
    talk = make_conversation(language=language, fixed_language=True)
    (reply,) = Founder(make_answer(verdict)).asks(QUESTION, talk).outgoing
    person = phrase("founder.button_human", language)
    assert reply.content.text == phrase(f"founder.{verdict}", language)
    assert [button.label for row in reply.content.buttons for button in row] == [person]


def test_an_expired_notice_is_named_with_its_last_day() -> None:
    closed = make_citation(expires=date(2026, 10, 31))
    (reply,) = Founder(make_answer("expired", citations=(closed,))).asks(QUESTION).outgoing
    assert "「물류 바우처」는 2026년 10월 31일에 끝난 공고" in reply.content.text


def test_what_documents_say_of_money_at_stake_stands_above_the_offer_of_a_person() -> None:
    decision = Founder(make_answer(findings=(make_finding(),))).asks(INCIDENT)
    (said,) = decision.outgoing
    assert "3천만 원까지입니다." in said.content.text and "human" in button_keys(said)
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.urgency == "high" and decision.new_case is None


def test_an_incident_without_an_answer_is_for_people() -> None:
    (offered,) = Founder(make_answer("no_evidence")).asks(INCIDENT).outgoing
    assert offered.content.text == phrase("founder.people", "ko")
    assert button_keys(offered) == ["human"]


def test_a_sensitive_one_is_offered_sealed() -> None:
    decision = Founder().asks(SEALED_INCIDENT)
    *doors, text = texts_of(decision.outgoing)
    assert len(doors) == 2 and doors[0].startswith(phrase("doors.head", "ko"))
    assert text == f"{phrase('emergency.theft', 'ko')}\n\n{phrase('founder.sealed', 'ko')}"
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.sealed


def test_a_critical_one_is_handed_over_at_once() -> None:
    decision = Founder().asks(CRITICAL_INCIDENT, make_conversation(place=HANOI))
    assert decision.new_case and decision.new_case.urgency == "critical"
    assert decision.new_case.sealed and decision.new_case.mission == "vn-hanoi"
    assert phrase("founder.urgent", "ko") in decision.outgoing[0].content.text


def test_a_critical_one_from_an_unknown_place_asks_where_first() -> None:
    decision = Founder().asks(CRITICAL_INCIDENT)
    assert decision.timers and decision.new_case is None
    (asked,) = decision.outgoing
    where = phrase("founder.ask_place", "ko", minutes=2)
    assert asked.content.text.endswith(f"{phrase('founder.urgent', 'ko')}\n\n{where}")


@pytest.mark.parametrize(
    ("signs", "verdict"),
    [
        (Triage(False, False, "normal"), "answered"),
        (Triage(True, False, "high"), "no_evidence"),
        (Triage(True, True, "critical"), "sealed"),
    ],
)
def test_what_is_for_people_is_withheld(signs: Triage, verdict: Verdict) -> None:
    found = make_answer(offers=OFFERS)
    answer = question.withhold_if_for_people(found, signs)
    assert answer.verdict == verdict
    shown = verdict == "answered"
    assert bool(answer.text) == bool(answer.citations) == bool(answer.offers) == shown


CLOSED = make_finding(expires=date(2026, 10, 31))
TITLE = {"title": "물류 바우처", "heading": "지원 한도"}


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        (QUESTION, make_answer(findings=()), phrase("staff.found_nothing", "ko")),
        (QUESTION, make_answer(findings=(make_finding(),)),
         phrase("staff.found_answered", "ko", **TITLE)),
        (QUESTION, make_answer("no_evidence", findings=(make_finding(),), confidence=0.314),
         phrase("staff.found_weak", "ko", **TITLE, confidence=31)),
        (QUESTION, make_answer("expired", findings=(CLOSED,)),
         phrase("staff.found_expired", "ko", title="물류 바우처", expires="2026-10-31")),
        (QUESTION, make_answer("expired", findings=(make_finding(),), confidence=0.5),
         phrase("staff.found_weak", "ko", **TITLE, confidence=50)),
        (QUESTION, make_answer("offered", findings=(make_finding(),), offers=OFFERS),
         phrase("staff.found_offered", "ko", sections="「물류 바우처」 › 가 공고; "
                "「물류 바우처」 › 물류 바우처 – 나 공고")),
        (INCIDENT, make_answer(findings=(make_finding(),)),
         phrase("staff.found_people", "ko", **TITLE)),
    ],
)  # fmt: skip
def test_staff_will_read_what_was_found_in_korean(text: str, answer: Answer, found: str) -> None:
    talk = make_conversation(language="vi", fixed_language=True)
    kept = Founder(answer).asks(text, talk).conversation
    assert kept and kept.pending and kept.pending.found == found


def test_why_lists_the_three_best_passages_and_how_sure_it_was() -> None:
    findings = tuple(make_finding(f"{n}번", score=1.2 - 0.3 * n) for n in range(4))
    answer = replace(make_answer(findings=findings, confidence=0.876), query="물류비 지원")
    kept = Founder(answer).asks(QUESTION).conversation
    assert kept and kept.why.splitlines() == [
        "찾은 말: 물류비 지원",
        "1. 「0번」 › 지원 한도: 맞는 정도 100%",
        "2. 「1번」 › 지원 한도: 맞는 정도 90%",
        "3. 「2번」 › 지원 한도: 맞는 정도 60%",
        "답이 된다고 본 정도: 88%",
    ]


@pytest.mark.parametrize(("text", "is_advised"), [(QUESTION, True), (INCIDENT, False)])
def test_under_an_urgent_matter_stands_no_advice_of_notices(text: str, is_advised: bool) -> None:
    old = make_answer(citations=(make_citation(published="2019-11-14"),))
    (reply,) = sent_to_founder(Founder(old).asks(text))
    assert "3천만 원까지입니다. [1]" in reply.content.text
    assert ("최신 공고" in reply.content.text) is is_advised
