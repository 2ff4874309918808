"""What founders are told about their records: what erasing takes and leaves, what was masked."""

from __future__ import annotations

import re

import pytest

from bot.founder import question
from bot.founder.privacy.told import (
    CHANNELS_TOLD,
    COUNTED_KINDS,
    render_erasure,
    render_erasure_question,
)
from bot.founder.turn import decide_founder_turn
from knowledge.types import LANGUAGES, Exchange, Language
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    QUESTION,
    make_case,
    make_command,
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

INCIDENT = "하노이 바이어가 잔금을 안 줘요"
SEALED_INCIDENT = "파트너가 도면을 빼돌렸어요"
MASKED = "제 주민번호는 ●●●●●●-●●●●●●●입니다"


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_and_after_an_erasure_what_stays_is_said(language: Language) -> None:
    question = render_erasure_question({}, [7, 9], "telegram", language)
    for text in (question, render_erasure([7, 9], "telegram", language)):
        assert "#7, #9" in text and "/close" in text
        for key in ("founder.forget_keeps", "privacy.forget_log", "founder.messenger_keeps"):
            assert phrase(key, language) in text
    assert "/close" not in render_erasure([], "terminal", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", sorted(CHANNELS_TOLD))
def test_what_stays_with_each_messenger_is_said(channel: str, language: Language) -> None:
    text = render_erasure_question({}, [], channel, language)
    others = CHANNELS_TOLD - {channel}
    assert phrase(f"privacy.stays_{channel}", language) in text
    assert not any(phrase(f"privacy.stays_{one}", language) in text for one in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_an_erasure_each_kind_that_goes_is_counted(language: Language) -> None:
    counts = {kind: 41 + n for n, kind in enumerate(COUNTED_KINDS)} | {"conversations": 0}
    text = render_erasure_question(counts, [], "terminal", language)
    assert re.findall(r"4\d", text) == [str(41 + n) for n in range(1, len(COUNTED_KINDS))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_says_so_after_the_answer(language: Language) -> None:
    talk = make_conversation(language=language, fixed_language=True)
    services = make_services(RecordingAnswerer(make_answer()))
    decision = decide_founder_turn(make_turn(make_message(MASKED), talk, services))
    assert texts_of(decision.outgoing)[-1] == phrase("founder.masked", language)
    assert len(decision.outgoing) == 2


def test_in_a_case_too_and_staff_read_no_number() -> None:
    services = make_services(threads=[make_thread()], known_cases=[make_taken_case()])
    turn = make_turn(make_message("주민번호 900101-1234567"), make_conversation(case=7), services)
    assert texts_of(sent_to_staff(decide_founder_turn(turn))) == ["창업자: 주민번호 ●●●●●●-●●●●●●●"]
    turn = make_turn(make_message(MASKED), make_conversation(case=7), services)
    assert texts_of(sent_to_founder(decide_founder_turn(turn))) == [phrase("founder.masked", "ko")]


def test_who_sent_no_number_hears_nothing_of_it() -> None:
    services = make_services(RecordingAnswerer(make_answer()))
    for said in ("● 첫째 ● 둘째", "전화 010-1234-5678"):
        decision = decide_founder_turn(make_turn(make_message(said), services=services))
        assert phrase("founder.masked", "ko") not in texts_of(decision.outgoing)


def test_the_list_of_cases_does_not_repeat_a_sealed_one() -> None:
    services = make_services(known_cases=[make_case(sealed=True, question="도면을 빼돌렸어요")])
    (listed,) = decide_founder_turn(make_turn(make_command("cases"), services=services)).outgoing
    assert "도면" not in listed.content.text and "(봉인된 건)" in listed.content.text


def test_a_sensitive_one_is_neither_remembered_nor_explained() -> None:
    before = (Exchange("물류비", "3천만 원"),)
    talk = make_conversation(turns=before, why="…")
    services = make_services(RecordingAnswerer(make_answer()))
    turn = make_turn(make_message(SEALED_INCIDENT), talk, services)
    kept = question.answer_question(turn).conversation
    assert kept and kept.turns == before and kept.why == ""


@pytest.mark.parametrize(
    ("text", "turns", "hidden"),
    [
        (QUESTION, (), False),
        (SEALED_INCIDENT, (), True),
        (INCIDENT, (), True),  # its answer is withheld anyway
        ("도면이 유출됐을 때 어디에 신고하나요?", (), True),  # only asks
        (
            "그럼 비용은 얼마인가요?",
            (Exchange("도면이 유출됐을 때 어디에 신고하나요?", "…"),),
            True,
        ),
    ],
)
def test_no_model_sees_what_may_be_sealed(
    text: str, turns: tuple[Exchange, ...], hidden: bool
) -> None:
    library = RecordingAnswerer(make_answer())
    talk = make_conversation(turns=turns)
    question.answer_question(make_turn(make_message(text), talk, make_services(library)))
    assert library.asked[0].quotes_only == hidden
