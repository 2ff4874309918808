"""Notices about what only admins and the desk can repair, where the bot may write to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.admin.library_tasks import report_lost_task
from bot.cases.rooms import build_desk_notice
from bot.context import Decision
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.store import InboxRow
from bot.store.inbox import LIBRARY_TASK_PREFIX
from bot.types import Binding, Conversation


def find_private_chat(conversations: Iterable[Conversation]) -> Conversation | None:
    """The private chat itself, outside of its threads, among the conversations of one person;
    None if there is none yet."""
    return next((one for one in conversations if one.private and one.thread is None), None)


def report_lost_event(
    row: InboxRow, error: Exception, bindings: Sequence[Binding]
) -> tuple[Outgoing, ...]:
    """What the domestic desk, and for a library task the admin, is told of an event that is given
    up."""
    notices = build_desk_notice(
        bindings, "dead_message",
        channel=row.channel, lane=row.lane, error=type(error).__name__,
    )  # fmt: skip
    if row.channel.startswith(LIBRARY_TASK_PREFIX):
        notices += report_lost_task(row.payload)
    return notices


def report_source_problem(
    chats: Iterable[Conversation], *, name: str, owner: str, problem: str, read: str
) -> Decision:
    """A message to each chat, in its language: the source `name` cannot be read, or not all of
    it. `read` is the day of its last good read as YYYY-MM-DD, "" if there was none."""
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
