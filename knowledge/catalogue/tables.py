"""The library's tables. A document row is one version; an edition is a set of versions."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from knowledge.database.engine import UtcDateTime

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("origin", Text, nullable=False),  # the ingested path it came under
    Column("file", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("url", Text, nullable=False),
    Column("published", String(10)),
    Column("effective_from", String(10)),
    Column("expires", String(10)),
    Column("supersedes", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("audience", String(40), nullable=False),
    Column("translation_of", String(200)),
    Column("inferred", JSON, nullable=False),
    UniqueConstraint("id", "digest", "origin"),
)

passages = Table(
    "passages",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("document", ForeignKey("documents.pk", ondelete="CASCADE"), nullable=False, index=True),
    Column("ord", Integer, nullable=False),
    Column("heading", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False, index=True),
    Column("sources", JSON, nullable=False),
    Column("page", Integer),
    Column("asked", JSON, nullable=False),
    Column("unanswered", JSON, nullable=False, server_default=text("'[]'")),
)

vectors = Table(
    "vectors",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the text as it was embedded
    Column("embedder", String(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
)

passage_terms = Table(
    "passage_terms",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the passage
    Column("analyser", String(200), primary_key=True),
    Column("terms", JSON, nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("embedder", String(200), nullable=False),
    Column("index_name", String(80), nullable=False),
    Column("plan_mark", String(12)),  # of the plan that a chat applied
    Column("upload", String(40)),  # its upload's token
    sqlite_autoincrement=True,  # a pruned edition's number is never given again
)

edition_documents = Table(
    "edition_documents",
    metadata,
    Column("edition", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("document", ForeignKey("documents.pk", ondelete="CASCADE"), primary_key=True),
)

active_edition = Table(
    "active_edition",
    metadata,
    Column("one", Integer, primary_key=True),  # always 1: the pointer is a single row
    Column("edition", ForeignKey("editions.id"), nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("origin", Text, nullable=False),  # as its documents have it
    Column("max_age", Integer, nullable=False),  # seconds
    Column("tried_at", UtcDateTime),
    Column("read_at", UtcDateTime),  # the last good read
    Column("next_at", UtcDateTime),
    Column("problem", Text, nullable=False),
    Column("failed_at", UtcDateTime),  # when this problem was first met
    Column("told", Boolean, nullable=False),
    Column("owner", String(80)),
    Column("lease_until", UtcDateTime),
)

source_pages = Table(
    "source_pages",
    metadata,
    Column("source", ForeignKey("sources.name", ondelete="CASCADE"), primary_key=True),
    Column("file", String(120), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("read_at", UtcDateTime),
)

taken_files = Table(
    "taken_files",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("key", String(64), nullable=False),  # of all that made the version
    Column("document", String(200), nullable=False),
    Column("digest", String(64), nullable=False),  # of the version that it made
    Column("note", Text, nullable=False),
)

index_builds = Table(
    "index_builds",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
)
