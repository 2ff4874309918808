"""Whether the database takes a row now."""

from __future__ import annotations

import os
import uuid

from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import DBAPIError

from bot.store import tables as t
from knowledge.database.engine import write_transaction

HEARTBEAT_BYTES = 2_500  # their digits are more than a page of SQLite has


def can_write(engine: Engine) -> bool:
    """Whether a row can be written: one is, because a full disk still reads and gives locks."""
    name, filling = uuid.uuid4().hex, os.urandom(HEARTBEAT_BYTES).hex()
    try:
        with write_transaction(engine) as connection:
            # The new row before the old one goes: it must not live in the room of that one.
            connection.execute(insert(t.heartbeats).values(name=name, filling=filling))
            connection.execute(delete(t.heartbeats).where(t.heartbeats.c.name != name))
    except DBAPIError:
        return False
    return True
