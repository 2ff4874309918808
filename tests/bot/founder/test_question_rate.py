"""One person's stream of questions: one sentence, nothing of a case or of an emergency is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.buttons import PERSON_KEY
from bot.context import Decision, QuestionRate
from bot.founder.turn import decide_founder_turn
from bot.types import Conversation
from knowledge.types import Answer, Question
from tests.bot.founder.founder_records import KnownFounders
from tests.samples.answers import make_answer
from tests.samples.records import (
    NOW,
    QUESTION,
    button_keys,
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

EMERGENCY = "하노이 공항에서 직원이 억류됐습니다"
RATE = QuestionRate(per_minute=3, per_hour=5)


class CountingLibrary:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, question: Question) -> Answer:
        self.asked += 1
        return make_answer(language=question.language)


class Asker:
    """A person who writes again and again; what is remembered goes from turn to turn."""

    def __init__(self, rate: QuestionRate = RATE, **kept: object) -> None:
        self.library, self.rate = CountingLibrary(), rate
        self.talk = make_conversation(greeted=True)
        self.others: list[Conversation] = []
        self.kept = kept

    def writes(self, text: str = QUESTION, seconds: float = 0.0) -> Decision:
        services = replace(
            make_services(self.library, **self.kept),  # type: ignore[arg-type]
            now=NOW + timedelta(seconds=seconds),
            question_rate=self.rate,
            list_conversations=lambda _: self.others,
        )
        decision = decide_founder_turn(make_turn(make_message(text), self.talk, services))
        self.talk = decision.conversation or self.talk
        return decision


def is_asked_to_wait(decision: Decision, minutes: int) -> bool:
    expected = phrase("founder.too_many", "ko", minutes=minutes)
    return texts_of(decision.outgoing) == [expected]


def test_more_than_the_limit_in_a_minute_gets_one_sentence_and_a_persons_offer() -> None:
    asker = Asker()
    for _ in range(RATE.per_minute):
        assert not is_asked_to_wait(asker.writes(), 1)
    decision = asker.writes("운송비는 언제까지 지원하나요?")
    assert is_asked_to_wait(decision, 1)
    assert button_keys(decision.outgoing[0]) == [PERSON_KEY]
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.question == "운송비는 언제까지 지원하나요?"
    assert [asker.writes().outgoing for _ in range(5)] == [()] * 5
    assert asker.library.asked == RATE.per_minute


def test_after_the_minute_questions_are_looked_up_again_until_the_hours_limit() -> None:
    asker = Asker()
    for number in range(RATE.per_hour):
        assert texts_of(asker.writes(seconds=30 * number).outgoing)
    assert asker.library.asked == RATE.per_hour
    assert is_asked_to_wait(asker.writes(seconds=600), 50)
    assert is_asked_to_wait(asker.writes(seconds=700), 49)
    asker.writes(seconds=3_600)
    assert asker.library.asked == RATE.per_hour + 1


def test_threads_of_one_person_count_together_and_others_do_not() -> None:
    asker = Asker()
    times = (NOW, NOW, NOW)
    mine = replace(make_conversation(asked_at=times), key="telegram:1001:7", thread="7")
    asker.others = [replace(mine, user="2002")]
    assert not is_asked_to_wait(asker.writes(), 1)
    asker.others = [mine]
    assert is_asked_to_wait(asker.writes(), 1)


def ask_in_room(
    asked: list[tuple[tuple[str, str], datetime]], text: str = QUESTION, private: bool = False
) -> Decision:
    services = replace(
        make_services(CountingLibrary()),
        now=NOW,
        question_rate=QuestionRate(per_minute_in_room=3),
        founders=KnownFounders(asked=asked),
    )
    message = replace(make_message(text), private=private)
    return decide_founder_turn(make_turn(message, make_conversation(greeted=True), services))


def test_a_room_has_a_limit_for_all_of_its_persons_together() -> None:
    room = (make_message("").channel, make_message("").chat)
    asked = [(room, NOW - timedelta(seconds=seconds)) for seconds in (50, 30, 10)]
    decision = ask_in_room(asked)
    assert texts_of(decision.outgoing) == [phrase("founder.too_many_in_room", "ko", minutes=1)]
    assert button_keys(decision.outgoing[0]) == [PERSON_KEY]
    told = {
        "in a private chat": ask_in_room(asked, private=True),
        "one fewer": ask_in_room(asked[1:]),
        "an emergency": ask_in_room(asked, EMERGENCY),
        "another room": ask_in_room([(("slack", "C1"), at) for _, at in asked]),
    }
    limit = phrase("founder.too_many_in_room", "ko", minutes=1)
    assert [why for why, one in told.items() if limit in texts_of(one.outgoing)] == []
    remembered = ask_in_room([]).conversation
    assert remembered and remembered.asked_at == (NOW,)


def test_an_emergency_is_never_held() -> None:
    asker = Asker()
    for _ in range(9):
        asker.writes()
    decision = asker.writes(EMERGENCY)
    assert decision.new_case or (decision.conversation and decision.conversation.asking_place)


def test_in_a_case_everything_is_passed_on() -> None:
    asker = Asker(known_cases=[make_case()], threads=[make_thread()])
    for _ in range(9):
        asker.writes()
    asker.talk = replace(asker.talk, case=7)
    for number in range(9):
        decision = asker.writes(f"{number}번째 말")
        assert decision.new_lines[0][1].text == f"{number}번째 말"


def test_commands_are_not_counted() -> None:
    asker = Asker()
    services = replace(make_services(asker.library), question_rate=RATE)
    for _ in range(9):
        turn = make_turn(make_command("help"), asker.talk, services)
        asker.talk = decide_founder_turn(turn).conversation or asker.talk
    assert not is_asked_to_wait(asker.writes(), 1)


@pytest.mark.parametrize("rate", [QuestionRate(), QuestionRate(per_hour=50)])
def test_without_a_limit_nothing_is_held(rate: QuestionRate) -> None:
    asker = Asker(rate)
    for _ in range(20):
        asker.writes()
    assert asker.library.asked == 20
    assert len(asker.talk.asked_at) == (20 if rate.per_hour else 0)


def test_a_clock_that_is_set_back_holds_no_one() -> None:
    asker = Asker()
    for _ in range(9):
        asker.writes(seconds=3_600)
    assert texts_of(asker.writes(seconds=0).outgoing)
    assert asker.library.asked == RATE.per_minute + 1
