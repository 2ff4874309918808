"""What staff write in their room outside any case's thread, and the help that they get anywhere there."""

from __future__ import annotations

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.staff_turn import STAFF_COMMANDS
from bot.context import Decision
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase


def answer_outside_thread(message: Message) -> Decision:
    """The reply to a staff command in a room but outside any case's thread; other messages there
    lead to nothing and are not kept."""
    if message.kind != "command" or message.command not in STAFF_COMMANDS:
        return Decision(forget_message=True)
    return _tell_where_written(message, "no_case_here")


def explain_commands(message: Message) -> Decision:
    """`/help` in a staff room, also outside any case's thread."""
    return _tell_where_written(message, "help")


def _tell_where_written(message: Message, key: str) -> Decision:
    """The phrase `staff.KEY` where a message was written; only to its sender if no one else saw it."""
    seen_by = message.user if message.unseen else None
    here = Address(message.channel, message.chat, message.thread, only_to=seen_by)
    content = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE))
    return Decision(outgoing=(Outgoing(here, content),))
