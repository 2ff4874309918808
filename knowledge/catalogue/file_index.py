"""Which version each ingested file became, so that an unchanged file is not read again.

See docs/decisions/0037-skip-unchanged-files-by-content-and-code-digest.md
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import groupby

from sqlalchemy import Engine, delete, insert, select

from knowledge.catalogue import tables as t
from knowledge.database.engine import write_transaction
from knowledge.types import IngestedFile

FILES_PER_STATEMENT = 400  # below every database's limit of bound parameters


class FileIndex:
    """The table of ingested files. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_files(self, origins: Collection[str]) -> dict[tuple[str, str], IngestedFile]:
        """The recorded files of some origins, by origin and file."""
        f = t.taken_files
        with self._engine.connect() as connection:
            rows = connection.execute(select(f).where(f.c.origin.in_(sorted(origins))))
            return {(row.origin, row.file): IngestedFile(*row) for row in rows}

    def save_files(self, files: Sequence[IngestedFile]) -> None:
        """Record files as they were last read, replacing what was recorded of them."""
        if not files:
            return
        f = t.taken_files
        ordered = sorted(files, key=lambda file: (file.origin, file.file))  # one lock order
        with write_transaction(self._engine) as connection:
            for origin, group in groupby(ordered, key=lambda file: file.origin):
                rows = [asdict(file) for file in group]
                for start in range(0, len(rows), FILES_PER_STATEMENT):
                    batch = rows[start : start + FILES_PER_STATEMENT]
                    names = [row["file"] for row in batch]
                    recorded = (f.c.origin == origin, f.c.file.in_(names))
                    connection.execute(delete(f).where(*recorded))
                    connection.execute(insert(f), batch)
