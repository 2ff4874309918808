"""Vector indexes under construction, so that what a killed process left can be removed.

See docs/decisions/0036-register-vector-builds-before-creating-folders.md
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from knowledge.catalogue import tables as t
from knowledge.database.engine import write_transaction

INDEX_BUILD_LEASE = timedelta(hours=6)  # longer than any build; for processes of other machines


class IndexBuilds:
    """The table of index builds. Publishing an edition deletes its row in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start_build(self, name: str, owner: str) -> None:
        """Record that `owner` builds the index `name`, at the real time whatever the clock says."""
        row = {"name": name, "owner": owner, "began_at": datetime.now(UTC)}
        with write_transaction(self._engine) as connection:
            connection.execute(insert(t.index_builds).values(row))

    def finish_build(self, name: str) -> None:
        """Record that the index `name` is no longer being built."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.index_builds).where(t.index_builds.c.name == name))

    def list_names(self) -> set[str]:
        """The indexes being built, including those whose process was killed."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(t.index_builds.c.name)).scalars())

    def list_abandoned(self, is_gone: Callable[[str], bool]) -> list[str]:
        """The builds of owners that are gone, or that outlasted their lease; sorted by name."""
        oldest = datetime.now(UTC) - INDEX_BUILD_LEASE
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.index_builds).order_by(t.index_builds.c.name))
            return [row.name for row in rows if row.began_at < oldest or is_gone(row.owner)]
