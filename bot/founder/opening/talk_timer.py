"""The timer of a conversation in which something waits for its founder."""

from __future__ import annotations

from bot.context import Decision, Services, Turn
from bot.founder.handover import handle_place_timeout
from bot.messages import Message


def decide_talk_timer(services: Services, key: str) -> Decision:
    """What the end of the time leads to that the founder of the conversation `key` had to reply."""
    talk = services.find_conversation(key)
    if talk is None:
        return Decision()
    message = Message(talk.channel, talk.chat, talk.user, "", "other", thread=talk.thread)
    return handle_place_timeout(Turn(services, talk, message))
