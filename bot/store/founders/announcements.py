"""Which editions and versions subscribers were told of, so that each is told of once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from bot.messages import Outgoing
from bot.store import outbox_rows
from bot.store import tables as t
from knowledge.database.engine import insert_new, write_transaction

ALERT_SPACING = timedelta(seconds=2)  # between two people's alerts: replies are not held up by them


class Announcements:
    """The tables of what was announced. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_editions(self) -> list[int]:
        """The editions that were announced, the last one first."""
        e = t.announced_editions.c
        query = select(e.edition).order_by(e.announced_at.desc(), e.edition.desc())
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def list_versions(self) -> set[tuple[str, str]]:
        """The versions that were in an announced edition: (document, digest)."""
        with self._engine.connect() as connection:
            return {(one.document, one.digest) for one in
                    connection.execute(select(t.announced_versions))}  # fmt: skip

    def announce(
        self,
        edition: int,
        versions: Iterable[tuple[str, str]],
        alerts: Sequence[Outgoing],
        now: datetime,
    ) -> bool:
        """Owe the alerts of an edition, one after the other, and note its versions; whether this
        call did it. An edition is announced once, however many processes try."""
        with write_transaction(self._engine) as connection:
            e = t.announced_editions
            new = insert_new(connection, e).values(edition=edition, announced_at=now)
            if connection.execute(new.returning(e.c.edition)).first() is None:
                return False
            known = {(one.document, one.digest) for one in
                     connection.execute(select(t.announced_versions))}  # fmt: skip
            present = sorted(set(versions))
            _mark_seen(connection, [one for one in present if one in known], now)
            rows = [
                {"document": document, "digest": digest, "seen_at": now}
                for document, digest in present
                if (document, digest) not in known
            ]
            if rows:
                connection.execute(insert(t.announced_versions), rows)
            for number, alert in enumerate(alerts):
                key = f"{outbox_rows.ALERT_KEY_PREFIX}{edition}:{alert.to.lane}"
                outbox_rows.add_outgoing(connection, key, alert, now + number * ALERT_SPACING)
        return True


def _mark_seen(connection: Connection, versions: Sequence[tuple[str, str]], now: datetime) -> None:
    """Note that versions which were announced earlier are in force: those that are not grow old."""
    v = t.announced_versions.c
    same = (v.document == bindparam("_document")) & (v.digest == bindparam("_digest"))
    rows = [{"_document": document, "_digest": digest} for document, digest in versions]
    if rows:
        connection.execute(update(t.announced_versions).where(same).values(seen_at=now), rows)
