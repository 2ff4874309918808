"""A conversation that begins with somebody who may have written in another thread before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.context import start_conversation
from bot.messages import Message
from bot.types import Conversation


def begin_conversation(
    message: Message, list_conversations: Callable[[str], Sequence[Conversation]]
) -> Conversation:
    """The conversation that begins with `message`. Whom Naru knows from another thread of the same
    private chat is not greeted again, and keeps the language that they chose there."""
    begun = start_conversation(message)
    if not message.private or message.thread is None:
        return begun
    earlier = [
        one
        for one in list_conversations(message.account)
        if one.private and (one.channel, one.user) == (message.channel, message.user)
    ]
    chosen = next((one.language for one in earlier if one.fixed_language), None)
    return replace(
        begun,
        greeted=any(one.greeted for one in earlier),
        language=chosen or begun.language,
        fixed_language=chosen is not None,
    )
