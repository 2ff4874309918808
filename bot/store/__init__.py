"""Inbox, outbox, conversations and cases: what came in, what we owe and what we remember."""

from bot.store.inbox import InboxRow
from bot.store.intake import InboxEvent, name_form_event
from bot.store.outbox_rows import OutboxRow
from bot.store.store import Store

__all__ = ["InboxEvent", "InboxRow", "OutboxRow", "Store", "name_form_event"]
