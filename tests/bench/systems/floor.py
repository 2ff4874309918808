"""The floor: one SQLite file, a digest for each document and section, and a matrix. The least that
does the job; nothing here survives a kill half-way or tells one edition from the next."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from knowledge.embedding.embedder import Embedder, Vectors
from tests.bench.corpus import CorpusSection, list_documents, split_document
from tests.bench.encoders import VECTOR_SIZE
from tests.bench.systems.system import COUNT

SCHEMA = """
create table if not exists documents (name text primary key, digest blob);
create table if not exists sections (
    id text primary key, document text, digest blob, text text, vector blob);
create index if not exists by_document on sections (document);
"""


class Floor:
    """Exact search over all vectors in memory."""

    def __init__(self, folder: Path, encoder: Embedder) -> None:
        self._encoder = encoder
        self._database = sqlite3.connect(folder / "floor.sqlite3", check_same_thread=False)
        self._database.executescript(SCHEMA)
        self._ids: list[str] = []
        self._matrix: Vectors = np.zeros((0, VECTOR_SIZE), np.float32)

    def ingest(self, corpus: Path) -> None:
        """As `System.ingest`; reads a document again only if its bytes changed, and embeds only its
        sections that did."""
        known = dict(self._database.execute("select name, digest from documents"))
        fresh: list[tuple[bytes, CorpusSection]] = []
        seen = set()
        for name, data in list_documents(corpus):
            seen.add(name)
            digest = hashlib.sha256(data).digest()
            if known.get(name) != digest:
                fresh += self._take_document(name, digest, data)
        self._drop_documents(known.keys() - seen)
        if fresh:
            vectors = self._encoder.embed_passages([section.text for _, section in fresh])
            self._database.executemany(
                "insert or replace into sections values (?, ?, ?, ?, ?)",
                [(section.id, section.document, digest, section.text, vector.tobytes())
                 for (digest, section), vector in zip(fresh, vectors, strict=True)],
            )  # fmt: skip
        self._database.commit()
        self._ids = []

    def search(self, question: str) -> list[str]:
        """As `System.search`."""
        if not self._ids:
            self._load()
        scores = self._matrix @ self._encoder.embed_query(question)
        nearest = np.argpartition(-scores, COUNT)[:COUNT]
        return [self._ids[at] for at in nearest[np.argsort(-scores[nearest])]]

    def close(self) -> None:
        """As `System.close`."""
        self._database.close()

    def _take_document(
        self, name: str, digest: bytes, data: bytes
    ) -> list[tuple[bytes, CorpusSection]]:
        """The sections of a document that are new or changed, with their digests; drops those
        that are gone."""
        self._database.execute("insert or replace into documents values (?, ?)", (name, digest))
        rows = "select id, digest from sections where document = ?"
        stored = dict(self._database.execute(rows, (name,)))
        sections = {one.id: one for one in split_document(name, data)}
        gone = [(id,) for id in stored.keys() - sections.keys()]
        self._database.executemany("delete from sections where id = ?", gone)
        keyed = [(hashlib.sha256(one.text.encode()).digest(), one) for one in sections.values()]
        return [(key, one) for key, one in keyed if stored.get(one.id) != key]

    def _drop_documents(self, names: Iterable[str]) -> None:
        gone = [(name,) for name in names]
        self._database.executemany("delete from documents where name = ?", gone)
        self._database.executemany("delete from sections where document = ?", gone)

    def _load(self) -> None:
        ids, vectors = zip(*self._database.execute("select id, vector from sections"), strict=True)
        self._matrix = np.frombuffer(b"".join(vectors), np.float32).reshape(len(ids), -1)
        self._ids = list(ids)
