"""How many questions of one person, and of one room, are looked up in a time: a bot's loop must not
hold up others.

Words in a case and matters that need a person are never counted and never limited.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.context import Decision, Turn

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REPEAT_AFTER = MINUTE  # until the sentence is said again


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait with the next question, and the phrase that says it: too many came of the
    person, or of all in the room."""

    time: timedelta
    phrase: str


def find_wait(turn: Turn) -> Wait | None:
    """How long the person has to wait with the next question; None if it may be asked now."""
    rate = turn.services.question_rate
    asked = _list_asked(turn) if rate.per_minute or rate.per_hour else []
    in_room = _list_asked_in_room(turn) if rate.per_minute_in_room else []
    waits = (
        _find_wait(turn, asked, rate.per_minute, MINUTE, "too_many"),
        _find_wait(turn, asked, rate.per_hour, HOUR, "too_many"),
        _find_wait(turn, in_room, rate.per_minute_in_room, MINUTE, "too_many_in_room"),
    )
    return max((one for one in waits if one), key=lambda one: one.time, default=None)


def _find_wait(
    turn: Turn, asked: list[datetime], limit: int, span: timedelta, phrase: str
) -> Wait | None:
    now = turn.services.now
    recent = _select_recent(asked, now, span)
    over = limit and len(recent) >= limit
    return Wait(recent[-limit] + span - now, phrase) if over else None


def note_question(turn: Turn) -> Turn:
    """The turn with the moment of its question remembered, where questions are counted."""
    now, rate = turn.services.now, turn.services.question_rate
    most = max(rate.per_minute, rate.per_hour, rate.per_minute_in_room)
    if not most:
        return turn
    recent = _select_recent(turn.conversation.asked_at, now, HOUR if rate.per_hour else MINUTE)
    asked_at = (*recent, now)[-most:]
    return turn.with_conversation(replace(turn.conversation, asked_at=asked_at))


def ask_to_wait(turn: Turn, wait: Wait) -> Decision:
    """One sentence, with the offer of a person who gets the question; said again only after
    REPEAT_AFTER."""
    now, told = turn.services.now, turn.conversation.slowed_at
    if told is not None and timedelta() <= now - told < REPEAT_AFTER:
        return Decision(turn.conversation)
    turn = turn.with_conversation(replace(turn.conversation, slowed_at=now))
    return turn.offer_person(wait.phrase, minutes=max(1, math.ceil(wait.time / MINUTE)))


def _list_asked(turn: Turn) -> list[datetime]:
    """When the person asked, in all of their conversations, the oldest first."""
    others = turn.services.list_own_conversations(turn.message)
    talks = {one.key: one for one in (*others, turn.conversation)}
    return sorted(moment for talk in talks.values() for moment in talk.asked_at)


def _list_asked_in_room(turn: Turn) -> list[datetime]:
    """When anybody asked in the room that the message stands in; [] for a private chat."""
    message, now = turn.message, turn.services.now
    if message.private:
        return []
    founders = turn.services.founders
    return list(founders.list_asked_in_room(message.channel, message.chat, now - MINUTE))


def _select_recent(asked: list[datetime] | tuple[datetime, ...], now: datetime,
                   span: timedelta) -> list[datetime]:  # fmt: skip
    """Those of the last `span`; a moment still to come is one of a clock that was set back."""
    return [moment for moment in asked if timedelta() <= now - moment < span]
