"""Editions, versions, vectors and terms in the library's tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Table,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from knowledge.catalogue import tables as t
from knowledge.catalogue.file_index import FileIndex
from knowledge.catalogue.index_builds import IndexBuilds
from knowledge.catalogue.source_log import SourceLog
from knowledge.catalogue.version_rows import add_version, select_documents, select_versions
from knowledge.database.engine import insert_new, migrate, write_transaction
from knowledge.errors import LibraryChanged, LibraryMissing, StoreUnavailable
from knowledge.types import Version

Vector = NDArray[np.float32]
MIGRATIONS_FOLDER = Path(__file__).parent.with_name("migrations")
ANY_EDITION = 0  # the default of `after`; no edition has this number
KEYS_PER_QUERY = 500  # below every database's limit of bound parameters


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One consistent state of the library.

    `plan_mark` and `upload` name the plan and the upload of a chat it was made from; None for an
    edition that no chat made.
    """

    id: int
    created_at: datetime
    note: str
    counts: Mapping[str, int]
    embedder: str
    index_name: str
    active: bool
    plan_mark: str | None = None
    upload: str | None = None


class Catalogue:
    """The library's tables. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        migrate(engine, MIGRATIONS_FOLDER, "library_version")
        self._engine = engine
        self.source_log = SourceLog(engine)
        self.file_index = FileIndex(engine)
        self.index_builds = IndexBuilds(engine)

    def get_active_edition(self) -> int | None:
        """The number of the active edition; None before the first ingest.

        Raises StoreUnavailable if the database cannot be read.
        """
        try:
            with self._engine.connect() as connection:
                return connection.execute(select(t.active_edition.c.edition)).scalar_one_or_none()
        except SQLAlchemyError as error:
            raise StoreUnavailable(
                f"The library cannot be read: {error.__class__.__name__}"
            ) from error

    def list_editions(self) -> list[EditionRow]:
        """Every edition that can still be answered from, newest first."""
        query = (
            select(t.editions, t.active_edition.c.edition.label("active"))
            .outerjoin(t.active_edition, t.active_edition.c.edition == t.editions.c.id)
            .order_by(t.editions.c.id.desc())
        )
        with self._engine.connect() as connection:
            return [_edition_from_row(row) for row in connection.execute(query)]

    def find_edition(self, number: int) -> EditionRow:
        """One edition. Raises LibraryMissing if there is none of that number."""
        for row in self.list_editions():
            if row.id == number:
                return row
        raise LibraryMissing(f"There is no edition {number}. `naru editions` lists them.")

    def load_versions(self, edition: int) -> list[Version]:
        """The document versions of an edition with their passages, sorted by key."""
        with self._engine.connect() as connection:
            return select_versions(connection, edition)

    def list_versions(self, edition: int) -> list[Version]:
        """The same without their passages."""
        with self._engine.connect() as connection:
            return list(select_documents(connection, edition).values())

    def add_versions(self, versions: Sequence[Version]) -> list[Version]:
        """Store the versions that are not stored yet; returns all with their keys, sorted by key:
        the order of an edition's vectors.

        A version that has a key is not looked up: publishing fails if it was pruned since.
        """
        with write_transaction(self._engine) as connection:
            stored = [one if one.pk else add_version(connection, one) for one in versions]
        return sorted(stored, key=lambda version: version.pk or 0)

    def publish_edition(
        self,
        keys: Sequence[int],
        *,
        note: str,
        counts: Mapping[str, int],
        embedder: str,
        index_name: str,
        now: datetime,
        after: int | None = ANY_EDITION,
        plan_mark: str | None = None,
        upload: str | None = None,
    ) -> int:
        """Make an edition of the stored versions `keys` the active one, in one transaction.

        Returns its number. `after` is the edition that must be active still, None for an empty
        library; raises LibraryChanged if another one is, whose documents would be lost.
        """
        with write_transaction(self._engine) as connection:
            _check_active_edition(connection, after)
            row = insert(t.editions).values(
                created_at=now,
                note=note,
                counts=dict(counts),
                embedder=embedder,
                index_name=index_name,
                plan_mark=plan_mark,
                upload=upload,
            )
            number = int(connection.execute(row.returning(t.editions.c.id)).scalar_one())
            members = [{"edition": number, "document": key} for key in keys]
            if members:
                connection.execute(insert(t.edition_documents), members)
            _end_build(connection, index_name)
            _point_to_edition(connection, number)
            return number

    def activate_edition(self, number: int) -> None:
        """Make a stored edition the active one. Raises LibraryMissing if there is none of that number."""
        self.find_edition(number)
        with write_transaction(self._engine) as connection:
            _point_to_edition(connection, number)

    def replace_index(self, number: int, *, old: str, embedder: str, index_name: str) -> None:
        """Record the index that was rebuilt for an edition in place of `old`, and end its build; nothing
        if another process has replaced that one already."""
        same = (t.editions.c.id == number) & (t.editions.c.index_name == old)
        new = update(t.editions).where(same).values(embedder=embedder, index_name=index_name)
        with write_transaction(self._engine) as connection:
            if connection.execute(new).rowcount:
                _end_build(connection, index_name)

    def prune_editions(self, keep: Collection[int]) -> list[EditionRow]:
        """Delete every edition that is neither active nor in `keep`, and the versions that only they
        held, with what is recorded of their files. Returns the deleted editions."""
        dropped = [row for row in self.list_editions() if row.id not in keep and not row.active]
        with write_transaction(self._engine) as connection:
            for row in dropped:
                connection.execute(
                    delete(t.edition_documents).where(t.edition_documents.c.edition == row.id)
                )
                connection.execute(delete(t.editions).where(t.editions.c.id == row.id))
            orphans = t.documents.c.pk.not_in(select(t.edition_documents.c.document))
            gone = select(t.documents.c.pk).where(orphans)
            connection.execute(delete(t.passages).where(t.passages.c.document.in_(gone)))
            connection.execute(delete(t.documents).where(orphans))
            f, d = t.taken_files.c, t.documents.c
            is_held = exists().where(d.id == f.document, d.digest == f.digest)
            connection.execute(delete(t.taken_files).where(~is_held))
        return dropped

    def load_vectors(self, digests: Iterable[str], embedder: str) -> dict[str, Vector]:
        """The stored vectors of `embedder`, float32 of shape (dimensions,), by the digest of the
        embedded text. Missing ones are left out."""
        found: dict[str, Vector] = {}
        with self._engine.connect() as connection:
            for batch in _split_keys(list(dict.fromkeys(digests))):
                query = select(t.vectors.c.digest, t.vectors.c.vector).where(
                    t.vectors.c.embedder == embedder, t.vectors.c.digest.in_(batch)
                )
                for digest, blob in connection.execute(query):
                    found[digest] = np.frombuffer(blob, dtype="<f4")
        return found

    def add_vectors(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Store new vectors by digest; vectors that are stored already stay as they are."""
        rows = [
            {"digest": digest, "embedder": embedder, "vector": vector.astype("<f4").tobytes()}
            for digest, vector in sorted(vectors.items())
        ]
        self._insert_missing(t.vectors, rows)

    def load_terms(self, digests: Iterable[str], analyser: str) -> dict[str, list[str]]:
        """The stored terms of passages by digest, as `analyser` made them. Missing ones are left
        out."""
        found: dict[str, list[str]] = {}
        known: dict[str, str] = {}  # a term of a thousand texts is one string in memory
        with self._engine.connect() as connection:
            for batch in _split_keys(list(dict.fromkeys(digests))):
                query = select(t.passage_terms.c.digest, t.passage_terms.c.terms).where(
                    t.passage_terms.c.analyser == analyser, t.passage_terms.c.digest.in_(batch)
                )
                for digest, terms in connection.execute(query):
                    found[digest] = [known.setdefault(term, term) for term in terms]
        return found

    def add_terms(self, analyser: str, terms: Mapping[str, Sequence[str]]) -> None:
        """Store new terms by passage digest; terms that are stored already stay as they are."""
        rows = [
            {"digest": digest, "analyser": analyser, "terms": list(words)}
            for digest, words in sorted(terms.items())
        ]
        self._insert_missing(t.passage_terms, rows)

    def drop_texts(self, vectors: Set[str], terms: Set[str]) -> int:
        """Delete the stored vectors and terms of all texts but these, by digest; how many rows."""
        count = 0
        for table, used in ((t.vectors, vectors), (t.passage_terms, terms)):
            with self._engine.connect() as connection:
                stored = set(connection.execute(select(table.c.digest).distinct()).scalars())
            for batch in _split_keys(sorted(stored - used)):
                with write_transaction(self._engine) as connection:
                    dropped = connection.execute(delete(table).where(table.c.digest.in_(batch)))
                    count += dropped.rowcount
        return count

    def count_rows(self) -> dict[str, int]:
        """The number of rows by table name, as `naru doctor` shows them."""
        with self._engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                )
                for table in (t.documents, t.passages, t.vectors, t.editions)
            }

    def _insert_missing(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert missing rows, sorted: two processes that insert the same must not deadlock."""
        if rows:
            with write_transaction(self._engine) as connection:
                connection.execute(insert_new(connection, table), rows)


def _edition_from_row(row: Row[Any]) -> EditionRow:
    return EditionRow(
        row.id,
        row.created_at,
        row.note,
        row.counts,
        row.embedder,
        row.index_name,
        row.active is not None,
        row.plan_mark,
        row.upload,
    )


def _point_to_edition(connection: Connection, number: int) -> None:
    connection.execute(insert_new(connection, t.active_edition).values(one=1, edition=number))
    connection.execute(update(t.active_edition).values(edition=number))


def _end_build(connection: Connection, index_name: str) -> None:
    connection.execute(delete(t.index_builds).where(t.index_builds.c.name == index_name))


def _check_active_edition(connection: Connection, after: int | None) -> None:
    if after == ANY_EDITION:
        return
    pointer = select(t.active_edition.c.edition).with_for_update()
    if connection.execute(pointer).scalar_one_or_none() != after:
        raise LibraryChanged("Another ingest ended meanwhile. Run this one again.")


def _split_keys(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + KEYS_PER_QUERY] for start in range(0, len(keys), KEYS_PER_QUERY))
