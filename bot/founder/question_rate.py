"""How many questions of one person are looked up in a time: a bot's loop must not hold up others.

Words in a case and matters that need a person are never counted and never limited.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import Decision, Turn

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REPEAT_AFTER = MINUTE  # until the sentence is said again


def find_wait(turn: Turn) -> timedelta | None:
    """How long the person has to wait with the next question; None if it may be asked now."""
    now, rate = turn.services.now, turn.services.question_rate
    asked = _list_asked(turn) if rate.per_minute or rate.per_hour else []
    waits = []
    for limit, span in ((rate.per_minute, MINUTE), (rate.per_hour, HOUR)):
        recent = _select_recent(asked, now, span)
        if limit and len(recent) >= limit:
            waits.append(recent[-limit] + span - now)
    return max(waits, default=None)


def note_question(turn: Turn) -> Turn:
    """The turn with the moment of its question remembered, where questions are counted."""
    now, rate = turn.services.now, turn.services.question_rate
    if not (rate.per_minute or rate.per_hour):
        return turn
    recent = _select_recent(turn.conversation.asked_at, now, HOUR if rate.per_hour else MINUTE)
    asked_at = (*recent, now)[-max(rate.per_minute, rate.per_hour) :]
    return turn.with_conversation(replace(turn.conversation, asked_at=asked_at))


def ask_to_wait(turn: Turn, wait: timedelta) -> Decision:
    """One sentence, with the offer of a person who gets the question; said again only after
    REPEAT_AFTER."""
    now, told = turn.services.now, turn.conversation.slowed_at
    if told is not None and timedelta() <= now - told < REPEAT_AFTER:
        return Decision(turn.conversation)
    turn = turn.with_conversation(replace(turn.conversation, slowed_at=now))
    return turn.offer_person("too_many", minutes=max(1, math.ceil(wait / MINUTE)))


def _list_asked(turn: Turn) -> list[datetime]:
    """When the person asked, in all of their conversations, the oldest first."""
    others = turn.services.list_own_conversations(turn.message)
    talks = {one.key: one for one in (*others, turn.conversation)}
    return sorted(moment for talk in talks.values() for moment in talk.asked_at)


def _select_recent(asked: list[datetime] | tuple[datetime, ...], now: datetime,
                   span: timedelta) -> list[datetime]:  # fmt: skip
    """Those of the last `span`; a moment still to come is one of a clock that was set back."""
    return [moment for moment in asked if timedelta() <= now - moment < span]
