"""Which of the documents that were named is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.context import Services, Turn
from bot.founder import clarification, turn
from bot.messages import File, Message
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.types import Case, Clarification, Conversation, Decision, PendingQuestion
from knowledge.types import Answer, Exchange, Question
from tests.samples.answers import make_offer

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
TITLES = ("하노이 물류바우처", "수출바우처 (2026)", "사기 피해 지원", "Phiếu hỗ trợ")
OFFERS = tuple(make_offer(title) for title in TITLES[:3])
BACK = Clarification("abcd1234", "얼마까지 되나요?", TITLES)
TALK = Conversation(
    "t:1", "t", "1", None, "1", "ko",
    greeted=True, turns=(Exchange(BACK.question, ""),), asked_back=(BACK,),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("하노이 물류바우처", 0),
        ("  「하노이  물류바우처」. ", 0),
        ("물류바우처", 0),
        ("수출바우처 (2026)", 1),
        ("수출바우처", 1),
        ("phieu ho tro", 3),
        ("바우처", None),  # of two titles
        ("하", None),
        ("", None),
        ("?", None),
        ("하노이 물류바우처 말고 다른 것", None),
    ],
)
def test_a_title_or_a_part_of_one_alone_names_it(typed: str, number: int | None) -> None:
    found = clarification.find_named_choice(TALK, typed)
    assert found == (None if number is None else (BACK, number))


def test_later_on_only_a_whole_title_does() -> None:
    later = replace(TALK, turns=(*TALK.turns, Exchange("다른 질문", "")))
    assert clarification.find_named_choice(later, "수출바우처") is None
    assert clarification.find_named_choice(later, "수출바우처 (2026)") == (BACK, 1)
    assert (
        clarification.find_named_choice(replace(TALK, asked_back=()), "수출바우처 (2026)") is None
    )


@pytest.mark.parametrize(("token", "number"), [("abcd1234", 4), ("other", 0), ("", 0)])
def test_a_key_of_nothing_chooses_nothing(token: str, number: int) -> None:
    assert clarification.find_pressed_choice(TALK, token, number) is None


class ClarifyingAnswerer:
    """Asks back until a title of its own stands before the question."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        clear = question.text.startswith(TITLES)
        verdict = "out_of_scope" if clear else "offered"
        return Answer(verdict, question.language, "", 0.9, 1, offers=OFFERS)  # type: ignore[arg-type]


@pytest.fixture
def library() -> ClarifyingAnswerer:
    return ClarifyingAnswerer()


Say = Callable[[Conversation, str, str], Decision]


@pytest.fixture
def say_to(library: ClarifyingAnswerer, missions: Missions, places: Gazetteer) -> Say:
    """What a message leads to, without a store."""

    def nothing(number: int) -> Case:
        raise AssertionError("no case is looked at")

    tools = Services(library, missions, places, NOW, (), lambda: 1, nothing,
                  lambda _: [], lambda _: [], lambda _: [])  # fmt: skip

    def decide(talk: Conversation, text: str, kind: str = "text") -> Decision:
        message = Message("t", "1", "1", f"m{len(library.asked)}", kind, text)  # type: ignore[arg-type]
        return turn.decide_founder_turn(Turn(tools, talk, message))

    return decide


def test_the_title_decides_what_is_looked_up_and_nothing_else(
    say_to: Say, library: ClarifyingAnswerer
) -> None:
    """Neither the language, nor the place, nor whether it is for people."""
    talk = replace(TALK, asked_back=(replace(BACK, question="How much is paid to our firm?"),))
    for number in range(len(TITLES)):
        decision = say_to(talk, f"about:abcd1234:{number}", "button")
        kept = decision.conversation
        assert kept and kept.language == "en" and kept.place is None
        assert kept.pending and not kept.pending.sealed and kept.pending.urgency == "normal"
        assert kept.pending.question == f"{TITLES[number]} How much is paid to our firm?"
        question = library.asked[-1]
        assert question.text == kept.pending.question
        assert question.language == "en" and question.place_words == ()


def test_files_of_the_question_and_of_the_choice_are_kept() -> None:
    one, two = (File("t", name, name, "image/png", 1) for name in ("one.png", "two.png"))
    pending = PendingQuestion(BACK.question, "ko", files=(one,))
    scene = Turn(
        None,  # type: ignore[arg-type]
        replace(TALK, pending=pending),
        Message("t", "1", "1", "m", "text", "수출바우처", files=(two,)),
    )
    assert clarification.apply_choice(scene, (BACK, 1)).message.files == (one, two)


def test_three_questions_are_remembered_and_each_choice_once(
    say_to: Say, library: ClarifyingAnswerer
) -> None:
    talk, keys = replace(TALK, asked_back=(), turns=()), []
    for number in range(4):
        decision = say_to(talk, f"{number}번 서류는 얼마까지 되나요?", "text")
        assert decision.conversation
        talk = replace(decision.conversation, version=1)
        rows = decision.outgoing[-1].content.buttons
        assert [row[0].label for row in rows[:-1]] == list(TITLES[:3]) and rows[-1][
            0
        ].key == "human"
        keys.append(rows[1][0].key)
    assert len(set(keys)) == 4 and max(len(one.encode()) for one in keys) <= 64
    said = [say_to(talk, one, "button").outgoing[-1].content.text for one in keys]
    assert "더 쓸 수 없습니다" in said[0] and len(library.asked) == 4 + 3
    assert library.asked[-1].text == "수출바우처 (2026) 3번 서류는 얼마까지 되나요?"
    once = say_to(talk, keys[-1], "button").conversation
    assert once
    again = say_to(once, keys[-1], "button")
    assert "이미 드렸습니다" in again.outgoing[-1].content.text and len(library.asked) == 4 + 4
