"""A place name that means two places is asked about before a case is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision, Turn
from bot.errors import AmbiguousPlace
from bot.founder.reading.acts import Reading
from bot.founder.talk import corrections, place_reply
from bot.types import Place
from tests.samples.records import (
    make_conversation,
    make_message,
    make_pending,
    make_turn,
)

WAITING: dict[str, Any] = {"asking_place": True, "pending": make_pending()}


class _TwoGeorgias:
    """Knows a country and a state of one name."""

    def find_place(self, text: str) -> Place:
        """The choice. Raises AmbiguousPlace for anything else."""
        if text == "조지아 공화국":
            return Place(text, "GE")
        raise AmbiguousPlace(text, ("조지아 공화국", "미국 조지아주"))

    def find_place_at(self, lat: float, lon: float) -> Place:
        raise NotImplementedError

    def find_mentioned_place(self, text: str) -> Place | None:
        return None


@pytest.mark.parametrize(
    "step",
    [
        lambda turn: place_reply.handle_place_reply(turn, Reading("place")),
        lambda turn: corrections.handle_place_button(turn, turn.message.text),
    ],
)
def test_a_name_of_two_places_is_asked_about_before_a_case_is_opened(
    step: Callable[[Turn], Decision],
) -> None:
    def decide(text: str) -> Decision:
        turn = make_turn(make_message(text), make_conversation(**WAITING))
        return step(replace(turn, services=replace(turn.services, places=_TwoGeorgias())))

    asked = decide("조지아")
    assert asked.new_case is None
    ((row,), text) = (asked.outgoing[0].content.buttons, asked.outgoing[0].content.text)
    assert [one.key for one in row] == ["place:조지아 공화국", "place:미국 조지아주"]
    assert all(len(one.key.encode()) <= 64 for one in row) and "어느 곳입니까" in text
    opened = decide("조지아 공화국")
    assert opened.new_case and opened.conversation and opened.conversation.place
    assert opened.conversation.place.country == "GE"
