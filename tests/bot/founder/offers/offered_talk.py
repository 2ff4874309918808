"""A conversation in which four sections were just offered."""

from __future__ import annotations

from typing import Any

from bot.context import Decision
from bot.founder import offers
from bot.types import Conversation
from knowledge.types import Exchange
from tests.samples.answers import RecordingShelf, make_offer
from tests.samples.records import (
    QUESTION,
    make_conversation,
    make_message,
    make_offered,
    make_pending,
    make_services,
    make_turn,
)

LABELS = ("하노이 물류바우처", "수출바우처 (2026)", "사기 피해 지원", "Phiếu hỗ trợ")
OFFERED = make_offered(offers=tuple(make_offer(one, title="나루") for one in LABELS))
TALK = make_conversation(
    offered=(OFFERED,), turns=(Exchange(QUESTION, ""),), pending=make_pending()
)


def show(talk: Conversation, number: int, shelf: RecordingShelf, **values: Any) -> Decision:
    """What the choice of section `number` leads to."""
    turn = make_turn(make_message(**values), talk, make_services(shelf=shelf))
    return offers.show_choice(turn, (talk.offered[0], number))
