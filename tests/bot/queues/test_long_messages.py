"""Long messages: what is read of them is bounded, what is stored and passed on is whole."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from bot.messages import READ_CHARACTERS, READ_END_CHARACTERS
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.types import Place
from tests.fakes.in_memory_store import InMemoryStore
from tests.harness.assistant_harness import (
    OWNER,
    AnsweringLibrary,
    decide_messages,
    make_assistant,
    make_rows,
)
from tests.samples.records import (
    KnownPlaces,
    make_case,
    make_conversation,
    make_file,
    make_message,
    make_pending,
    make_thread,
)

LONG = "수출 통관 절차를 알려 주세요. 베트남하노이" * 174  # 4,000 characters


class ReadingPlaces(KnownPlaces):
    """Notes how long the texts are that places are looked for in."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def find_mentioned_place(self, text: str) -> Place | None:
        self.lengths.append(len(text))
        return None


def test_the_beginning_and_the_end_of_a_long_text_are_read() -> None:
    text = "가" * 90_000 + "직원이 공항에서 억류됐습니다"
    words = make_message(text).words
    assert len(words) == READ_CHARACTERS and words.endswith("억류됐습니다")
    assert words.startswith("가" * (READ_CHARACTERS - READ_END_CHARACTERS))
    decision = decide_messages(make_message(text))
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.urgency == "critical"
    assert decision.conversation.pending.question == text


def test_a_short_text_is_read_as_it_is() -> None:
    assert make_message(" 다낭 ").words == "다낭"
    assert make_message("가" * READ_CHARACTERS).words == "가" * READ_CHARACTERS


def test_quick_long_messages_are_read_once_and_bounded() -> None:
    messages = [make_message(LONG)] * 20
    store, places = InMemoryStore(make_rows(*messages)), ReadingPlaces()
    assistant = replace(make_assistant(store, messages, AnsweringLibrary()), places=places)
    assistant.work_lane(OWNER)
    assert places.lengths == [READ_CHARACTERS]
    ((keys, decision),) = store.written
    assert len(keys) == 20 and decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.question == "\n".join([LONG] * 20)


def test_a_long_reply_to_which_place_is_bounded_and_kept_whole() -> None:
    waiting = make_conversation(asking_place=True, pending=make_pending())
    decision = decide_messages(make_message(LONG * 2), conversations=[waiting])
    assert decision.new_case and decision.new_case.question.endswith(LONG * 2)


def test_a_long_message_in_a_case_is_passed_on_whole() -> None:
    in_case = make_conversation(case=7)
    kept = {"cases": [make_case()], "threads": [make_thread()], "conversations": [in_case]}
    decision = decide_messages(make_message(LONG * 3), **kept)
    assert decision.new_lines[0][1].text == LONG * 3


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [LONG, "하노이다낭호치민도쿄오사카서울부산" * 240, "a " * 2_000, "900101-1234567 " * 267],
    ids=["question", "joined places", "letters", "numbers"],
)
def test_twenty_long_messages_cost_three_seconds_at_most(text: str) -> None:
    """CPU time on a quiet machine, 2026-12-01: .96, .57, .57 and .22 s. The fault took 67 s."""
    places = Gazetteer(Missions.load())
    places.find_mentioned_place("하노이")  # the names are loaded
    messages = [make_message(text[:4_000], files=(make_file(),))] * 20  # with files, each by itself
    started = process_time()
    for number in range(20):
        store = InMemoryStore(make_rows(*messages[number:]))
        assistant = make_assistant(store, messages[number:], AnsweringLibrary())
        replace(assistant, places=places).work_lane(OWNER)
        assert len(store.written) == 1
    assert process_time() - started < 20  # what other work adds to three seconds
