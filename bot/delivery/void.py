"""Which messages are no longer to be shown, because a person has taken their case."""

from __future__ import annotations

from datetime import datetime

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.states import is_held
from bot.phrases import render_phrase
from bot.store import OutboxRow, Store
from bot.types import CaseMessage

WHY_VOID = "a person has taken the case"


def is_void(store: Store, row: OutboxRow) -> bool:
    """Whether a person took the case after the bot had decided to speak in it. Raises the
    database's errors."""
    taken = row.unless_taken
    return taken is not None and is_held(store.get_case(taken))


def drop_void(store: Store, row: OutboxRow, now: datetime) -> None:
    """Close a void message. Where staff were to be told of it, its line in the record of the case is
    followed by one that says that it was not sent. Raises the database's errors."""
    text = render_phrase("staff.bot_answer_withheld", STAFF_LANGUAGE)
    store.outbox.drop(row, WHY_VOID, CaseMessage("bot", text, now))
