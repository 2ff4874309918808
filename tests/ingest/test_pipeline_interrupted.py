"""An ingest that does not end: the old edition answers on, and the next ingest completes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.pipeline import IngestPipeline
from knowledge.catalogue import Catalogue
from knowledge.embedding.embedder import Vectors
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import Language
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import (
    NOW,
    find_nearest_text,
    list_document_ids,
    run_ingest,
    write_document,
)


class PowerCut(Exception):
    """What a test pulls."""


class FailingVectorStore(VectorStore):
    """Half of the vectors are written, under the temporary name."""

    def build(
        self,
        name: str,
        vectors: Mapping[int, Vectors],
        embedder: str,
        question_centres: Mapping[Language, Vectors],
    ) -> None:
        super().build(name, vectors, embedder, question_centres)
        (self._folder / name).rename(self._folder / f"{name}.part")
        raise PowerCut


class FailingEmbedder(HashingEmbedder):
    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        super().embed_passages(texts[:1], progress)
        raise PowerCut


class FailingCatalogue(Catalogue):
    """The vectors are complete; the one transaction that counts does not happen."""

    def publish_edition(self, *_: object, **__: object) -> int:
        raise PowerCut


def make_failing_ingest(
    ingest: IngestPipeline, engine: Engine, tmp_path: Path, at: str
) -> IngestPipeline:
    if at == "building the vectors":
        return replace(ingest, store=FailingVectorStore(tmp_path / "index"))
    if at == "embedding":
        return replace(ingest, embedder=FailingEmbedder())
    return replace(ingest, catalogue=FailingCatalogue(engine))


@pytest.mark.parametrize("at", ["embedding", "building the vectors", "publishing"])
def test_an_ingest_that_fails_leaves_the_old_edition_answering_and_the_next_completes(
    ingest: IngestPipeline, engine: Engine, folder: Path, tmp_path: Path, at: str
) -> None:
    write_document(folder, "old", "How much?: KRW 30 million.")
    first = run_ingest(ingest, folder)
    write_document(folder, "new", "Until when?: 9 January 2026.")
    with pytest.raises(PowerCut):
        run_ingest(make_failing_ingest(ingest, engine, tmp_path, at), folder)
    assert (ingest.catalogue.get_active_edition(), list_document_ids(ingest)) == (first, ["old"])
    assert find_nearest_text(ingest, "How much?") == "KRW 30 million."
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["new", "old"]
    assert find_nearest_text(ingest, "Until when? 9 January") == "9 January 2026."
    ingest.prune()
    assert sorted(ingest.store.list_names()) == sorted(
        row.index_name for row in ingest.catalogue.list_editions()
    )


def test_what_was_embedded_before_the_failure_is_not_embedded_again(
    ingest: IngestPipeline, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    write_document(folder, "new")
    with pytest.raises(PowerCut):
        run_ingest(replace(ingest, store=FailingVectorStore(tmp_path / "index")), folder)
    assert embedder.take_embedded() != []
    assert ingest.plan([folder]).to_embed == 0
    run_ingest(ingest, folder)
    assert embedder.take_embedded() == []


def test_a_failed_first_ingest_leaves_no_edition(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "new")
    with pytest.raises(PowerCut):
        run_ingest(replace(ingest, embedder=FailingEmbedder()), folder)
    assert ingest.catalogue.get_active_edition() is None
    assert ingest.catalogue.list_editions() == []


def test_a_reindex_that_fails_leaves_the_old_vectors(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    write_document(folder, "old", "How much?: KRW 30 million.")
    run_ingest(ingest, folder)
    with pytest.raises(PowerCut):
        replace(ingest, store=FailingVectorStore(tmp_path / "index")).reindex()
    assert find_nearest_text(ingest, "How much?") == "KRW 30 million."


KILLED = """
import sys, time
from pathlib import Path
from ingest.pipeline import IngestPipeline
from knowledge.catalogue import Catalogue, open_engine
from knowledge.retrieval.library import Library
from knowledge.text.glossary import Glossary
from knowledge.types import Language
from knowledge.retrieval.vector_store import VectorStore
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import run_ingest

class Slow(VectorStore):
    def build(self, name, vectors, embedder, centres):
        (self._folder / f"{name}.part").mkdir(parents=True)
        print("building", flush=True)
        time.sleep(600)

catalogue, embedder = Catalogue(open_engine(sys.argv[1])), HashingEmbedder()
store = Slow(Path(sys.argv[2]))
library = Library(catalogue, store, embedder, Glossary(()))
run_ingest(IngestPipeline(catalogue, store, embedder, lambda: library), Path(sys.argv[3]))
"""


def test_an_ingest_that_is_killed_holds_up_nobody(
    ingest: IngestPipeline, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    write_document(folder, "old", "How much?: KRW 30 million.")
    first = run_ingest(ingest, folder)
    write_document(folder, "new", "Until when?: 9 January 2026.")
    url = engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(tmp_path / "index"), str(folder)],
        stdout=subprocess.PIPE, text=True,
    ) as killed:  # fmt: skip
        assert killed.stdout and killed.stdout.readline() == "building\n"
        assert ingest.catalogue.get_active_edition() == first  # while it builds, nobody waits
        killed.kill()
    assert find_nearest_text(ingest, "How much?") == "KRW 30 million."
    assert ingest.apply(ingest.plan([folder]), note="", now=NOW) is not None
    assert list_document_ids(ingest) == ["new", "old"]
    ingest.prune()
    assert not any(name.endswith(".part") for name in ingest.store.list_names())
