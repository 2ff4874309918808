"""Over every path from the first message to the case the seal and the highest urgency are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.types import Conversation, PendingQuestion
from tests.bot.founder.talk.random_talks import play_case, play_talks
from tests.samples.records import make_case

TALKS, STEPS = 150, 14


def test_no_seal_no_urgency_and_no_grave_word_is_lost_on_the_way_to_a_case() -> None:
    assert play_talks(1, TALKS, STEPS) > TALKS / 2


@pytest.mark.parametrize("seed", range(10))
def test_no_message_in_an_open_case_lowers_it_or_is_lost(seed: int) -> None:
    play_case(seed, 20, make_case())


@pytest.mark.long
def test_nothing_is_lost_over_ten_thousand_talks() -> None:
    assert play_talks(2, 10_000, STEPS) > 5_000


def forget_earlier_texts(pending: PendingQuestion) -> PendingQuestion:
    return replace(pending, earlier=(), sealed=False, urgency="normal")


def forget_all(_pending: PendingQuestion) -> None:
    return None


@pytest.mark.parametrize(
    ("bug", "found"),
    [(forget_earlier_texts, "lost"), (forget_all, "lost")],
)
def test_a_planted_bug_is_found(
    bug: Callable[[PendingQuestion], PendingQuestion | None], found: str
) -> None:
    """The memory that every new message replaced was such a bug."""

    def spoil(conversation: Conversation) -> Conversation:
        pending = conversation.pending
        if pending is None or conversation.case is not None or conversation.asking_place:
            return conversation
        return replace(conversation, pending=bug(pending))

    with pytest.raises(AssertionError, match=found):
        play_talks(1, TALKS, STEPS, spoil)
