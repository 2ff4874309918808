"""Which messages are no longer to be shown, because a person has taken their case."""

from __future__ import annotations

from bot.cases.states import is_held
from bot.store import OutboxRow, Store

WHY_VOID = "a person has taken the case"


def is_void(store: Store, row: OutboxRow) -> bool:
    """Whether a person took the case after the bot had decided to speak in it. Raises the
    database's errors."""
    taken = row.unless_taken
    return taken is not None and is_held(store.get_case(taken))
