"""Inbox, outbox, conversations, cases: what came in, what we owe, and what we remember."""

from bot.store.inbox import Event, InboxRow
from bot.store.outbox import Owed
from bot.store.store import Store

__all__ = ["Event", "InboxRow", "Owed", "Store"]
