"""What a restored copy still owes: it may have gone out after the copy was made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, update

from bot.store import tables as t
from bot.store.outbox_rows import UNSENT_STATES
from knowledge.database.engine import write_transaction

NOT_SENT_AGAIN = "it may have gone out after the copy was made, and was not to be sent again"


def settle_unsent(engine: Engine, *, hold: bool) -> int:
    """Mark the messages that had not gone out when a copy was made as ones that may have: a messenger
    that can be asked is asked before they are sent. With `hold` none is sent: they become dead letters,
    of which each can be retried or dropped. Returns how many they are.

    What waits for one of them goes on waiting for it."""
    values: dict[str, Any] = {"maybe_sent": True, "owner": None}
    if hold:
        values |= {"state": "dead", "lease_until": None, "error": NOT_SENT_AGAIN}
    unsent = update(t.outbox).where(t.outbox.c.state.in_(UNSENT_STATES))
    with write_transaction(engine) as connection:
        return connection.execute(unsent.values(values)).rowcount
