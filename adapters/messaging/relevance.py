"""What of a platform's event is kept: all of a message to Naru, nothing of what asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.messages import EMPTY_PAYLOAD, Message
from bot.store import InboxEvent

# What reading an event raises that has a shape which its platform never had.
ODD_SHAPE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def keep_relevant(event: InboxEvent, parse_message: Callable[[str], Message | None]) -> InboxEvent:
    """The event with whose words it holds; only its key of one that asks nothing of Naru (its own
    posts, other bots', joins).

    One that cannot be parsed is kept whole: that is reported when its turn comes.
    """
    try:
        message = parse_message(event.payload)
    except ODD_SHAPE_ERRORS:
        return event
    if message is None:
        return replace(event, payload=EMPTY_PAYLOAD, natural_key=None)
    return replace(event, sender=message.account)
