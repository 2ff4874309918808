"""Which rows of the staff console are past their time, and what of them goes with a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from bot.store import tables as t
from bot.store.console.notices import PRESENCE_LIFE
from bot.store.console.sessions import SESSION_LIMIT
from bot.store.retention.desk_sweep import OldRows
from bot.types import RetentionPeriods

LINKS_KEPT = timedelta(days=1)  # far longer than one is good


def list_old_console_rows(
    now: datetime, periods: RetentionPeriods
) -> Iterator[tuple[str, OldRows]]:
    """By the name of what is counted: links and sessions that open nothing any more, what became of
    acts, and tabs that are closed. A notice goes with its event."""
    k, s, n, p = (
        t.console_links.c, t.console_sessions.c, t.console_notices.c, t.console_presence.c,
    )  # fmt: skip
    yield "console_links", (t.console_links, k.digest, k.made_at < now - LINKS_KEPT)
    yield "console_sessions", (t.console_sessions, s.id, s.created_at < now - SESSION_LIMIT)
    kept = max(periods.event_keys, periods.events)  # by it a form that is sent twice is known
    yield "console_notices", (t.console_notices, n.pk, n.at < now - kept)
    yield "console_presence", (t.console_presence, p.tab, p.seen_at < now - PRESENCE_LIFE)


def erase_console_rows(connection: Connection, account: str) -> None:
    """Erase where an account signed in, and what became of what it did there."""
    for table in (t.console_links, t.console_sessions, t.console_notices, t.console_presence):
        connection.execute(delete(table).where(table.c.account == account))
