"""What was given up: events no worker could handle and messages no sender could send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, insert, select, update

from bot.messages import EMPTY_PAYLOAD
from bot.store import tables as t
from bot.store.retention.remains import ERASED_BODY, strip_events
from bot.types import ERASED
from knowledge.database.engine import write_transaction

_TABLES: dict[str, Table] = {"in": t.inbox, "out": t.outbox}
_ID = re.compile(r"(in|out)-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One row that was given up: `id` is "in-12" for an event and "out-12" for a message, `since` when
    it came in or was decided. `words` is the event's raw payload or the message's text, "" where
    nothing of it is kept any more, and then it cannot be tried again."""

    id: str
    channel: str
    lane: str
    since: datetime
    tries: int
    error: str
    case: int | None
    words: str


class DeadLetters:
    """The dead rows of both queues. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_all(self) -> list[DeadLetter]:
        """All of them, the oldest first."""
        with self._engine.connect() as connection:
            found = [
                _read(queue, row)
                for queue, table in _TABLES.items()
                for row in connection.execute(select(table).where(table.c.state == "dead"))
            ]
        return sorted(found, key=lambda one: (one.since, one.id))

    def find(self, id: str) -> DeadLetter | None:
        """One of them; None if there is none of that id."""
        with self._engine.connect() as connection:
            found = _select(connection, id)
        return _read(*found) if found else None

    def retry(self, id: str, who: str, now: datetime) -> bool:
        """Owe it again, with all its tries; whether it was dead and its words are kept. `who` does it,
        for the audit log. A message counts as one that may have gone out."""
        with write_transaction(self._engine) as connection:
            found = _select(connection, id, hold=True)
            if found is None or not _read(*found).words:
                return False
            queue, row = found
            again: dict[str, Any] = {
                "attempts": 0, "ready_at": now, "lease_until": None, "owner": None, "error": None,
            }  # fmt: skip
            if queue == "in":
                again |= {"state": "waiting", "done_at": None}
            else:
                again |= {"state": "owed", "refusals": 0, "lost": 0, "maybe_sent": True}
            _write(connection, queue, row, again)
            _note(connection, who, f"retried the dead letter {id}", now)
        return True

    def drop(self, id: str, who: str, now: datetime) -> bool:
        """Close it for good, and erase its words; whether it was dead and may be dropped. The card of
        a case may not: without it nothing tells that the case is in no room."""
        with write_transaction(self._engine) as connection:
            found = _select(connection, id, hold=True)
            if found is None or (found[0] == "out" and found[1].act == "card"):
                return False
            queue, row = found
            if queue == "in":
                strip_events(connection, [row], state="ignored")
            else:
                _write(connection, queue, row, {"state": "dropped", "body": ERASED_BODY})
            _note(connection, who, f"dropped the dead letter {id}", now)
        return True

    def note_reading(self, ids: Sequence[str], who: str, now: datetime) -> None:
        """Write into the audit log that `who` reads the words of some."""
        with write_transaction(self._engine) as connection:
            for id in ids:
                _note(connection, who, f"read the dead letter {id}", now)


def _select(connection: Connection, id: str, *, hold: bool = False) -> tuple[str, Row[Any]] | None:
    """The queue and the row of a dead letter; with `hold`, only this transaction changes it until it ends:
    of two who try it again at once, the second would else owe again what the first has sent."""
    named = _ID.fullmatch(id)
    if named is None:
        return None
    queue, table = named[1], _TABLES[named[1]]
    query = select(table).where(table.c.seq == int(named[2]), table.c.state == "dead")
    if hold:
        query = query.with_for_update()
    row = connection.execute(query).first()
    return (queue, row) if row else None


def _read(queue: str, row: Row[Any]) -> DeadLetter:
    if queue == "in":
        kept = row.lane != ERASED and row.payload != EMPTY_PAYLOAD
        since, case, words = row.received_at, None, row.payload if kept else ""
    else:
        kept = row.body != ERASED_BODY
        since, case, words = row.created_at, row.case_number, row.body["text"] or "(no text)"
    return DeadLetter(
        id=f"{queue}-{row.seq}", channel=row.channel, lane=row.lane, since=since,
        tries=row.attempts, error=row.error or "", case=case, words=words if kept else "",
    )  # fmt: skip


def _write(connection: Connection, queue: str, row: Row[Any], values: dict[str, Any]) -> None:
    table = _TABLES[queue]
    connection.execute(update(table).where(table.c.seq == row.seq).values(values))


def _note(connection: Connection, who: str, act: str, now: datetime) -> None:
    connection.execute(insert(t.audit).values(at=now, who=who, act=act))
