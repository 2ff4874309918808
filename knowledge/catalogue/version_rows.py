"""Document versions and passages as rows of the library's tables, and back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from knowledge.catalogue import tables as t
from knowledge.database.engine import insert_new
from knowledge.types import Document, Passage, Source, Version


def select_versions(connection: Connection, edition: int) -> list[Version]:
    """The document versions of an edition with their passages, by key."""
    passages = (
        select(t.passages)
        .where(t.passages.c.document.in_(_select_members(edition)))
        .order_by(t.passages.c.document, t.passages.c.ord)
    )
    versions = select_documents(connection, edition)
    passages_of: dict[int, list[Passage]] = {key: [] for key in versions}
    for row in connection.execute(passages):
        passages_of[row.document].append(_passage_from_row(row, versions[row.document].document))
    return [replace(version, passages=tuple(passages_of[key])) for key, version in versions.items()]


def select_documents(connection: Connection, edition: int) -> dict[int, Version]:
    """The document versions of an edition without their passages, by key in its order."""
    is_member = t.documents.c.pk.in_(_select_members(edition))
    documents = select(t.documents).where(is_member).order_by(t.documents.c.pk)
    return {row.pk: _version_from_row(row) for row in connection.execute(documents)}


def _select_members(edition: int) -> Select[tuple[int]]:
    return select(t.edition_documents.c.document).where(t.edition_documents.c.edition == edition)


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


def add_version(connection: Connection, version: Version) -> Version:
    """Insert a version unless it is stored already; returns it with its key."""
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
        rows = [_passage_row(key, passage) for passage in version.passages]
        connection.execute(insert(t.passages), rows)
    if key is None:
        stored = select(t.documents.c.pk).where(
            t.documents.c.id == document.id,
            t.documents.c.digest == version.digest,
            t.documents.c.origin == version.origin,
        )
        key = connection.execute(stored).scalar_one()
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
