"""What files were taken, so that an unchanged one is not read again; and whose vectors are being
built, so that what a kill left is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import Engine, delete, insert, select

from knowledge.catalogue import tables as t
from knowledge.database.engine import write_transaction
from knowledge.types import IngestedFile

INDEX_BUILD_LEASE = timedelta(
    hours=6
)  # longer than any vectors take; of processes of other machines
FILES_PER_STATEMENT = 400  # files a statement


class FileIndex:
    """The table of taken files. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_files(self, origins: Collection[str]) -> dict[tuple[str, str], IngestedFile]:
        """What is known of the files of some origins, by origin and file."""
        f = t.taken_files
        with self._engine.connect() as connection:
            rows = connection.execute(select(f).where(f.c.origin.in_(sorted(origins))))
            return {(row.origin, row.file): IngestedFile(*row) for row in rows}

    def save_files(self, taken: Sequence[IngestedFile]) -> None:
        """Remember files as they were taken last."""
        if not taken:
            return
        f = t.taken_files
        ordered = sorted(taken, key=lambda one: (one.origin, one.file))
        with write_transaction(self._engine) as connection:
            for origin, group in groupby(ordered, key=lambda one: one.origin):
                rows = [asdict(one) for one in group]
                for start in range(0, len(rows), FILES_PER_STATEMENT):
                    some = rows[start : start + FILES_PER_STATEMENT]
                    names = [row["file"] for row in some]
                    known = (f.c.origin == origin, f.c.file.in_(names))
                    connection.execute(delete(f).where(*known))
                    connection.execute(insert(f), some)


class IndexBuilds:
    """Vectors that are being built. A row goes in the transaction that lets them answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start_build(self, name: str, owner: str) -> None:
        """Say that `owner` builds `name`; the moment is the real one, whatever the clock says."""
        row = {"name": name, "owner": owner, "began_at": datetime.now(UTC)}
        with write_transaction(self._engine) as connection:
            connection.execute(insert(t.index_builds).values(row))

    def finish_build(self, name: str) -> None:
        """Say that `name` is built no more."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.index_builds).where(t.index_builds.c.name == name))

    def list_names(self) -> set[str]:
        """What is being built, or was when its process was killed."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(t.index_builds.c.name)).scalars())

    def list_abandoned(self, is_gone: Callable[[str], bool]) -> list[str]:
        """What processes left that are gone, or that take impossibly long."""
        oldest = datetime.now(UTC) - INDEX_BUILD_LEASE
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.index_builds).order_by(t.index_builds.c.name))
            return [row.name for row in rows if row.began_at < oldest or is_gone(row.owner)]
