"""An ingest of its own for every test: a database, folders of vectors, no model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.pipeline import IngestPipeline
from knowledge.catalogue import Catalogue, open_engine
from knowledge.retrieval.library import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.glossary import Glossary
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

# What is written here goes to both databases; the other modules are about documents.
MODULES_ON_BOTH_DATABASES = ("test_pipeline", "test_pipeline_interrupted", "test_schedule")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of an ingest on SQLite, those of `MODULES_ON_BOTH_DATABASES` on PostgreSQL too."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.module.__name__.rpartition(".")[2] in MODULES_ON_BOTH_DATABASES
        metafunc.parametrize("engine", DATABASE_KINDS if both else ["sqlite"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
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
def ingest(engine: Engine, vectors: VectorStore, embedder: HashingEmbedder) -> IngestPipeline:
    catalogue = Catalogue(engine)
    library = Library(catalogue, vectors, embedder, Glossary(()))
    return IngestPipeline(catalogue, vectors, embedder, lambda: library)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents, empty as yet."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The bytes of the notice by its kind."""
    from tests.samples import office_files  # late: the builders' libraries are slow to import

    folder: Path = tmp_path_factory.mktemp("made")
    return {
        "hwp": office_files.make_hangul(".hwp", folder),
        "hwpx": office_files.make_hangul(".hwpx", folder),
        "hwpml": office_files.make_hwpml(),
        "docx": office_files.make_docx(),
        "pptx": office_files.make_pptx(),
        "xlsx": office_files.make_xlsx({office_files.SECTION: office_files.ROWS}),
        "pdf": office_files.make_pdf(),
        "html": office_files.make_html(),
    }
