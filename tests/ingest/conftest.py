"""An ingest of its own for every test: both databases, folders of vectors, no model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.pipeline import Ingest
from knowledge.catalogue import Catalogue, open_engine
from knowledge.retrieval.edition import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.glossary import Glossary
from tests.databases import KINDS, fresh_database
from tests.ingest.hashing import HashingEmbedder
from tests.knowledge.chroma_server import chroma_server


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def vectors(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "index")


@pytest.fixture
def ingest(engine: Engine, vectors: VectorStore, embedder: HashingEmbedder) -> Ingest:
    catalogue = Catalogue(engine)
    return Ingest(catalogue, vectors, embedder, Library(catalogue, vectors, embedder, Glossary(())))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents, empty as yet."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture(params=["embedded", "server"])
def chroma(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A Chroma server's address, or "" for folders."""
    if request.param == "embedded":
        yield ""
        return
    (tmp_path / "server").mkdir()
    with chroma_server(tmp_path / "server") as url:
        yield url
