"""Stored glosses: a passage in English words, by the glossary that wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, select

from knowledge.catalogue import tables as t
from knowledge.database.engine import insert_new, write_transaction

KEYS_PER_QUERY = 500  # below every database's limit of bound parameters


class GlossTable:
    """The table of glosses. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load_glosses(self, digests: Iterable[str], made_by: str) -> dict[str, tuple[str, float]]:
        """The stored glosses among `digests`, each with the share (0 to 1) of its terms that
        were known, by digest; only those that `made_by` (a glossary's fingerprint) wrote."""
        glosses: dict[str, tuple[str, float]] = {}
        keys = list(dict.fromkeys(digests))
        with self._engine.connect() as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                query = select(t.glosses).where(
                    t.glosses.c.made_by == made_by,
                    t.glosses.c.digest.in_(keys[start : start + KEYS_PER_QUERY]),
                )
                for row in connection.execute(query):
                    glosses[row.digest] = (row.gloss, row.known_share)
        return glosses

    def add_glosses(self, made_by: str, glosses: Mapping[str, tuple[str, float]]) -> None:
        """Store glosses with their known share, by digest; rows that are already there stay."""
        rows = [
            {"digest": digest, "made_by": made_by, "gloss": gloss, "known_share": share}
            for digest, (gloss, share) in sorted(glosses.items())  # one order: no deadlocks
        ]
        if rows:
            with write_transaction(self._engine) as connection:
                connection.execute(insert_new(connection, t.glosses), rows)
