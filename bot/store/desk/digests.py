"""The quarterly digests, as rows: each is made once and sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update

from bot.messages import Outgoing
from bot.store import outbox_rows
from bot.store import tables as t
from knowledge.database.engine import insert_new, write_transaction


class DigestStore:
    """The table of digests. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, quarter: str, figures: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """The figures of a quarter: those that were kept first. A second making
        could differ by one firm that was erased since, and the difference would tell of it."""
        with write_transaction(self._engine) as connection:
            new = {"quarter": quarter, "figures": dict(figures), "made_at": now}
            connection.execute(insert_new(connection, t.digests).values(new))
            return self._read(connection, quarter) or dict(figures)

    def find(self, quarter: str) -> dict[str, Any] | None:
        """The figures of a quarter; None if its digest was not made."""
        with self._engine.connect() as connection:
            return self._read(connection, quarter)

    def is_sent(self, quarter: str) -> bool:
        """Whether a quarter's digest was sent to the desk."""
        d = t.digests.c
        with self._engine.connect() as connection:
            query = select(d.quarter).where(d.quarter == quarter, d.sent_at.is_not(None))
            return connection.execute(query).first() is not None

    def send(self, quarter: str, papers: Sequence[Outgoing], now: datetime) -> bool:
        """Owe a digest once; whether this call did it."""
        d = t.digests.c
        with write_transaction(self._engine) as connection:
            unsent = (d.quarter == quarter) & d.sent_at.is_(None)
            if (
                connection.execute(update(t.digests).where(unsent).values(sent_at=now)).rowcount
                != 1
            ):
                return False
            outbox_rows.add_decided(connection, f"digest:{quarter}", papers, now)
        return True

    @staticmethod
    def _read(connection: Any, quarter: str) -> dict[str, Any] | None:
        d = t.digests.c
        found: dict[str, Any] | None = connection.execute(
            select(d.figures).where(d.quarter == quarter)
        ).scalar()
        return found
