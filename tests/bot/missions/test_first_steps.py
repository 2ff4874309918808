"""In an emergency the reply begins with what to do at once."""

from __future__ import annotations

import pytest

from bot.context import Decision
from bot.founder import question
from bot.founder.reading.acts import Reading
from bot.founder.talk import place_reply
from bot.missions.emergency import render_first_steps
from bot.types import Conversation
from knowledge.types import LANGUAGES, Language
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    texts_of,
)

DETENTION = "직원이 공항에서 체포됐어요"
ARREST: dict[Language, str] = {
    "ko": DETENTION,
    "en": "Our engineer was arrested at the airport",
    "vi": "Nhân viên của tôi bị công an bắt ở sân bay",
}


def ask(text: str, talk: Conversation) -> Decision:
    services = make_services(RecordingAnswerer(make_answer()))
    return question.answer_question(make_turn(make_message(text), talk, services))


def steps_at(mission: str, incident: str, language: Language = "ko") -> str:
    return render_first_steps(incident, make_services().missions.get(mission), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_stand_above_the_receipt_with_the_missions_phone(language: Language) -> None:
    decision = ask(ARREST[language], make_conversation(place=HANOI, language=language))
    text = texts_of(decision.outgoing)[0]
    steps = steps_at("vn-hanoi", "detention", language)
    assert decision.new_case and "+84-90-402-6126" in steps
    assert text.startswith(f"{steps}\n\n{phrase('founder.urgent', language)}")


def test_the_steps_come_before_the_greeting_of_a_new_founder() -> None:
    decision = ask(DETENTION, make_conversation(place=HANOI, greeted=False))
    texts = texts_of(decision.outgoing)
    assert texts[0].startswith(phrase("emergency.local", "ko"))
    assert texts[1] == phrase("founder.greeting", "ko")


def test_what_is_not_critical_is_greeted_first() -> None:
    decision = ask("컨테이너가 세관에 잡혀 있어요", make_conversation(greeted=False))
    texts = texts_of(decision.outgoing)
    assert texts[0] == phrase("founder.greeting", "ko")
    assert texts[1].startswith(phrase("emergency.customs", "ko"))


def test_where_the_place_was_asked_for_its_missions_phone_follows() -> None:
    pending = make_pending(DETENTION, urgency="critical", sealed=True)
    talk = make_conversation(asking_place=True, pending=pending)
    decision = place_reply.handle_place_reply(
        make_turn(make_message("하노이"), talk), Reading("place")
    )
    assert decision.new_case
    assert texts_of(decision.outgoing)[0].startswith(steps_at("vn-hanoi", "detention"))


def test_in_front_of_others_nothing_is_said_of_the_incident() -> None:
    decision = ask("방금 사기당해서 송금했어요", make_conversation(private=False))
    assert not any(phrase("emergency.fraud", "ko") in text for text in texts_of(decision.outgoing))


def test_an_ordinary_question_has_no_steps() -> None:
    decision = ask("세관에 보류되면 어떤 서류가 필요한가요?", make_conversation())
    assert phrase("emergency.customs", "ko") not in texts_of(decision.outgoing)[0]
