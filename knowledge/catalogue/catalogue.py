"""Reading and writing the library's tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
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
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from knowledge.catalogue import tables as t
from knowledge.catalogue.gloss_table import GlossTable
from knowledge.catalogue.source_log import SourceLog
from knowledge.catalogue.taking import FileIndex, IndexBuilds
from knowledge.database.engine import insert_new, migrate, write_transaction
from knowledge.errors import LibraryChanged, LibraryMissing, StoreUnavailable
from knowledge.types import Document, Passage, Source, Version

Vector = NDArray[np.float32]
MIGRATIONS_FOLDER = Path(__file__).parent.with_name("migrations")
ANY_EDITION = 0  # no edition has this number
KEYS_PER_QUERY = 500  # keys a query: below every database's limit of bound parameters


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One consistent state of the library, as `naru editions` lists it."""

    id: int
    created_at: datetime
    note: str
    counts: Mapping[str, int]
    embedder: str
    index_name: str
    active: bool


class Catalogue:
    """The library's tables. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        migrate(engine, MIGRATIONS_FOLDER, "library_version")
        self._engine = engine
        self.glosses = GlossTable(engine)
        self.source_log = SourceLog(engine)
        self.file_index = FileIndex(engine)
        self.index_builds = IndexBuilds(engine)

    def get_active_edition(self) -> int | None:
        """The number of the edition that answers now; None before the first ingest."""
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
        """One edition. Raises LibraryMissing for a number that is not there."""
        for row in self.list_editions():
            if row.id == number:
                return row
        raise LibraryMissing(f"There is no edition {number}. `naru editions` lists them.")

    def load_versions(self, edition: int) -> list[Version]:
        """The document versions of an edition, with their passages, by key."""
        with self._engine.connect() as connection:
            return _select_versions(connection, edition)

    def add_versions(self, versions: Sequence[Version]) -> list[Version]:
        """Store versions that are not stored yet; returns all of them with their keys, in the
        order in which an edition lists them: its vectors count on it.

        Nothing answers from them before an edition that holds them is made active. One that has
        a key came from here and is taken at its word: `publish` refuses what was pruned since.
        """
        with write_transaction(self._engine) as connection:
            kept = [one if one.pk else _add_version(connection, one) for one in versions]
        return sorted(kept, key=lambda version: version.pk or 0)

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
    ) -> int:
        """Make an edition of the stored versions `keys` and let it answer, in one transaction.

        Raises LibraryChanged where `after` is given and another edition answers by now: what
        that one brought would be lost.
        """
        with write_transaction(self._engine) as connection:
            _check_active_edition(connection, after)
            row = insert(t.editions).values(
                created_at=now,
                note=note,
                counts=dict(counts),
                embedder=embedder,
                index_name=index_name,
            )
            number = int(connection.execute(row.returning(t.editions.c.id)).scalar_one())
            members = [{"edition": number, "document": key} for key in keys]
            if members:
                connection.execute(insert(t.edition_documents), members)
            _end_build(connection, index_name)
            _point_to_edition(connection, number)
            return number

    def activate_edition(self, number: int) -> None:
        """Point back (or forward) to an edition: this is all a rollback is."""
        self.find_edition(number)
        with write_transaction(self._engine) as connection:
            _point_to_edition(connection, number)

    def replace_index(self, number: int, *, embedder: str, index_name: str) -> None:
        """Name the index that was rebuilt for an edition."""
        with write_transaction(self._engine) as connection:
            connection.execute(
                update(t.editions)
                .where(t.editions.c.id == number)
                .values(embedder=embedder, index_name=index_name)
            )
            _end_build(connection, index_name)

    def prune_editions(self, keep: Collection[int]) -> list[EditionRow]:
        """Drop every edition not in `keep` and whatever only they used; returns the dropped."""
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
        return dropped

    def load_vectors(self, digests: Iterable[str], embedder: str) -> dict[str, Vector]:
        """The stored vectors among `digests` (of texts as embedded), by digest."""
        found: dict[str, Vector] = {}
        with self._engine.connect() as connection:
            for some in _split_keys(list(dict.fromkeys(digests))):
                query = select(t.vectors.c.digest, t.vectors.c.vector).where(
                    t.vectors.c.embedder == embedder, t.vectors.c.digest.in_(some)
                )
                for digest, blob in connection.execute(query):
                    found[digest] = np.frombuffer(blob, dtype="<f4")
        return found

    def add_vectors(self, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Keep freshly embedded vectors; those that another process kept meanwhile stay."""
        rows = [
            {"digest": digest, "embedder": embedder, "vector": vector.astype("<f4").tobytes()}
            for digest, vector in sorted(vectors.items())
        ]
        self._insert_missing(t.vectors, rows)

    def load_terms(self, digests: Iterable[str], analyser: str) -> dict[str, list[str]]:
        """The stored terms among the passages `digests`, as `analyser` made them."""
        found: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            for some in _split_keys(list(dict.fromkeys(digests))):
                query = select(t.passage_terms.c.digest, t.passage_terms.c.terms).where(
                    t.passage_terms.c.analyser == analyser, t.passage_terms.c.digest.in_(some)
                )
                found.update((row.digest, row.terms) for row in connection.execute(query))
        return found

    def add_terms(self, analyser: str, terms: Mapping[str, Sequence[str]]) -> None:
        """Keep freshly analysed passages; those that another process kept meanwhile stay."""
        rows = [
            {"digest": digest, "analyser": analyser, "terms": list(words)}
            for digest, words in sorted(terms.items())
        ]
        self._insert_missing(t.passage_terms, rows)

    def count_rows(self) -> dict[str, int]:
        """How many rows each table holds; what `naru doctor` shows."""
        with self._engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                )
                for table in (t.documents, t.passages, t.vectors, t.editions)
            }

    def _insert_missing(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows that are not there, in one order: two processes must not wait crosswise."""
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


def _select_versions(connection: Connection, edition: int) -> list[Version]:
    members = select(t.edition_documents.c.document).where(t.edition_documents.c.edition == edition)
    documents = select(t.documents).where(t.documents.c.pk.in_(members)).order_by(t.documents.c.pk)
    passages = (
        select(t.passages)
        .where(t.passages.c.document.in_(members))
        .order_by(t.passages.c.document, t.passages.c.ord)
    )
    versions = {row.pk: _version_from_row(row) for row in connection.execute(documents)}
    pieces: dict[int, list[Passage]] = {key: [] for key in versions}
    for row in connection.execute(passages):
        pieces[row.document].append(_passage_from_row(row, versions[row.document].document))
    return [replace(version, passages=tuple(pieces[key])) for key, version in versions.items()]


def _version_from_row(row: Row[Any]) -> Version:
    document = Document(
        id=row.id,
        title=row.title,
        issuer=row.issuer,
        language=row.language,
        url=row.url,
        published=row.published,
        effective_from=_parse_day(row.effective_from),
        expires=_parse_day(row.expires),
        supersedes=tuple(row.supersedes),
        topics=tuple(row.topics),
        audience=row.audience,
        translation_of=row.translation_of,
        inferred=tuple(row.inferred),
    )
    return Version(document, row.digest, row.origin, row.file, (), row.pk)


def _passage_from_row(row: Row[Any], document: Document) -> Passage:
    return Passage(
        document=document,
        ord=row.ord,
        heading=tuple(row.heading),
        text=row.text,
        digest=row.digest,
        sources=tuple(Source(**source) for source in row.sources),
        page=row.page,
        asked=tuple(row.asked),
        unanswered=tuple(row.unanswered),
    )


def _add_version(connection: Connection, version: Version) -> Version:
    document = version.document
    values = asdict(document) | {
        "digest": version.digest,
        "origin": version.origin,
        "file": version.file,
        "effective_from": _format_day(document.effective_from),
        "expires": _format_day(document.expires),
    }
    new = insert_new(connection, t.documents).values(values).returning(t.documents.c.pk)
    key = connection.execute(new).scalar_one_or_none()
    if key is not None and version.passages:
        rows = [_passage_row(key, piece) for piece in version.passages]
        connection.execute(insert(t.passages), rows)
    if key is None:
        known = select(t.documents.c.pk).where(
            t.documents.c.id == document.id,
            t.documents.c.digest == version.digest,
            t.documents.c.origin == version.origin,
        )
        key = connection.execute(known).scalar_one()
    return replace(version, pk=key)


def _passage_row(document: int, passage: Passage) -> dict[str, Any]:
    return {
        "document": document,
        "ord": passage.ord,
        "heading": list(passage.heading),
        "text": passage.text,
        "digest": passage.digest,
        "sources": [asdict(source) for source in passage.sources],
        "page": passage.page,
        "asked": list(passage.asked),
        "unanswered": list(passage.unanswered),
    }


def _parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _format_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _split_keys(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + KEYS_PER_QUERY] for start in range(0, len(keys), KEYS_PER_QUERY))
