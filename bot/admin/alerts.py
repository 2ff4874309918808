"""Telling the admins what only they can mend, where the bot may write to them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.phrases import render_phrase
from bot.types import Content, Conversation, Decision, Outgoing


def find_private_chat(conversations: Iterable[Conversation]) -> Conversation | None:
    """The private conversation among those of one person; None where there is none as yet."""
    for one in conversations:
        telegram = one.channel == "telegram" and one.chat == one.user
        if one.thread is None and (telegram or one.chat.startswith("D")):
            return one
    return None


def report_source_problem(
    chats: Iterable[Conversation], *, name: str, owner: str, problem: str, read: str
) -> Decision:
    """A source cannot be read, or not all of it; `read` is the day of its last good read, or ""."""
    outgoing = []
    for chat in chats:
        text = render_phrase(
            "staff.source_problem",
            chat.language,
            name=name,
            owner=owner,
            problem=problem,
            read=read or render_phrase("staff.never_read", chat.language),
        )
        outgoing.append(Outgoing(chat.address, Content(text)))
    return Decision(outgoing=tuple(outgoing))
