"""Acts whose decision rests on what was said before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.founder.turn import decide_founder_turn
from knowledge.types import LANGUAGES
from tests.bot.founder.talk.test_decide_act import ANSWERED, BEGUN, UNPAID, say
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    HCMC,
    NOW,
    QUESTION,
    make_conversation,
    make_message,
    make_offered,
    make_pending,
    make_services,
    make_turn,
)

CERTIFIED = make_conversation(pending=make_pending("CE 인증 비용 지원되나요?", at=NOW), place=HANOI)
HELD = (
    "하이퐁 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 사유도 말해 주지 않습니다.",
    "Customs in Hai Phong has been holding our cosmetics for ten days and gives no reason",
    "Hải quan Hải Phòng giữ lô mỹ phẩm của chúng tôi mười ngày nay mà không nói lý do",
)


@pytest.mark.parametrize(
    ("words", "sealed", "urgency"),
    [("비밀로 해주세요", True, "normal"), ("급합니다", False, "high")],
)
def test_the_founders_word_on_secrecy_and_urgency_is_heeded(
    words: str, sealed: bool, urgency: str
) -> None:
    talk = make_conversation(pending=make_pending("거래처가 망설입니다", at=NOW), place=HCMC)
    told = say(words, talk).conversation
    assert told and told.pending
    assert (told.pending.sealed, told.pending.urgency) == (sealed, urgency)
    calm = say("긴급 자금도 지원하나요?", ANSWERED).conversation
    assert calm and calm.pending and calm.pending.urgency == "normal"


def test_none_of_the_sections_of_a_calm_question_keeps_the_seal_of_what_came_since() -> None:
    talk = replace(
        BEGUN, offered=(make_offered(),), pending=make_pending(UNPAID, sealed=True, at=NOW)
    )
    press = make_message("none:abcd1234", "button")
    case = decide_founder_turn(make_turn(press, talk)).new_case
    assert case and case.sealed and UNPAID in case.question and QUESTION in case.question


@pytest.mark.parametrize("text", HELD)
def test_another_trouble_is_a_matter_of_its_own(text: str) -> None:
    library = RecordingAnswerer(make_answer("no_evidence"))
    turn = make_turn(make_message(text), CERTIFIED, make_services(library))
    talk = decide_founder_turn(turn).conversation
    assert talk and talk.pending
    assert (talk.pending.question, talk.pending.earlier) == (text, ())
    assert [question.text for question in library.asked] == [text]
    assert library.asked[0].is_follow_up is False


@pytest.mark.parametrize("text", ["금액은 3만불이에요", "아직도 안 풀렸어요"])
def test_a_short_addition_stays_with_its_trouble(text: str) -> None:
    held = make_conversation(pending=make_pending(HELD[0], urgency="high", at=NOW), place=HANOI)
    talk = say(text, held).conversation
    assert talk and talk.pending
    whole = "\n".join((*talk.pending.earlier, talk.pending.question))
    assert HELD[0] in whole and text in whole


def test_a_message_of_some_length_is_answered_in_its_language() -> None:
    for language, text in zip(LANGUAGES, HELD, strict=True):
        for talk_language in LANGUAGES:
            talk = replace(CERTIFIED, language=talk_language)
            after = say(text, talk).conversation
            assert after and after.language == language
            added = say("The amount is about 30,000 dollars in total", talk).conversation
            assert added and added.language == "en"
            fixed = say(text, replace(talk, fixed_language=True)).conversation
            assert fixed and fixed.language == talk_language
            short = say("ok", talk).conversation
            assert short and short.language == talk_language
