"""An ingest that does not end: the old edition answers on, and the next ingest completes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.pipeline import Ingest
from knowledge.catalogue import Catalogue
from knowledge.retrieval.embedder import Vectors
from knowledge.retrieval.vector_store import VectorStore
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import NOW, bring, document, found, ids


class PowerCut(Exception):
    """What a test pulls."""


class StoreThatFails(VectorStore):
    """Half of the vectors are written, under the temporary name."""

    def build(self, name: str, vectors: Mapping[int, Vectors], embedder: str) -> None:
        super().build(name, vectors, embedder)
        (self._folder / name).rename(self._folder / f"{name}.part")
        raise PowerCut


class EmbedderThatFails(HashingEmbedder):
    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        super().passages(texts[:1], progress)
        raise PowerCut


class CatalogueThatFails(Catalogue):
    """The vectors are complete; the one transaction that counts does not happen."""

    def publish(self, *_: object, **__: object) -> int:
        raise PowerCut


def failing(ingest: Ingest, engine: Engine, tmp_path: Path, at: str) -> Ingest:
    if at == "building the vectors":
        return replace(ingest, store=StoreThatFails(tmp_path / "index"))
    if at == "embedding":
        return replace(ingest, embedder=EmbedderThatFails())
    return replace(ingest, catalogue=CatalogueThatFails(engine))


@pytest.mark.parametrize("at", ["embedding", "building the vectors", "publishing"])
def test_an_ingest_that_fails_leaves_the_old_edition_answering_and_the_next_completes(
    ingest: Ingest, engine: Engine, folder: Path, tmp_path: Path, at: str
) -> None:
    document(folder, "old", "How much?: KRW 30 million.")
    first = bring(ingest, folder)
    document(folder, "new", "Until when?: 9 January 2026.")
    with pytest.raises(PowerCut):
        bring(failing(ingest, engine, tmp_path, at), folder)
    assert (ingest.catalogue.active_edition(), ids(ingest)) == (first, ["old"])
    assert found(ingest, "How much?") == "KRW 30 million."
    bring(ingest, folder)
    assert ids(ingest) == ["new", "old"]
    assert found(ingest, "Until when? 9 January") == "9 January 2026."
    ingest.prune()
    assert sorted(ingest.store.names()) == sorted(
        row.index_name for row in ingest.catalogue.editions()
    )


def test_what_was_embedded_before_the_failure_is_not_embedded_again(
    ingest: Ingest, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    document(folder, "new")
    with pytest.raises(PowerCut):
        bring(replace(ingest, store=StoreThatFails(tmp_path / "index")), folder)
    assert embedder.taken() != []
    assert ingest.plan([folder]).to_embed == 0
    bring(ingest, folder)
    assert embedder.taken() == []


def test_a_failed_first_ingest_leaves_no_edition(ingest: Ingest, folder: Path) -> None:
    document(folder, "new")
    with pytest.raises(PowerCut):
        bring(replace(ingest, embedder=EmbedderThatFails()), folder)
    assert ingest.catalogue.active_edition() is None
    assert ingest.catalogue.editions() == []


def test_a_reindex_that_fails_leaves_the_old_vectors(
    ingest: Ingest, folder: Path, tmp_path: Path
) -> None:
    document(folder, "old", "How much?: KRW 30 million.")
    bring(ingest, folder)
    with pytest.raises(PowerCut):
        replace(ingest, store=StoreThatFails(tmp_path / "index")).reindex()
    assert found(ingest, "How much?") == "KRW 30 million."


KILLED = """
import sys, time
from pathlib import Path
from ingest.pipeline import Ingest
from knowledge.catalogue import Catalogue, open_engine
from knowledge.retrieval.edition import Library
from knowledge.glossary import Glossary
from knowledge.retrieval.vector_store import VectorStore
from tests.ingest.hashing import HashingEmbedder
from tests.ingest.writing import bring

class Slow(VectorStore):
    def build(self, name, vectors, embedder):
        (self._folder / f"{name}.part").mkdir(parents=True)
        print("building", flush=True)
        time.sleep(600)

catalogue, embedder = Catalogue(open_engine(sys.argv[1])), HashingEmbedder()
store = Slow(Path(sys.argv[2]))
bring(Ingest(catalogue, store, embedder, Library(catalogue, store, embedder, Glossary(()))),
      Path(sys.argv[3]))
"""


def test_an_ingest_that_is_killed_holds_up_nobody(
    ingest: Ingest, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    document(folder, "old", "How much?: KRW 30 million.")
    first = bring(ingest, folder)
    document(folder, "new", "Until when?: 9 January 2026.")
    url = engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(tmp_path / "index"), str(folder)],
        stdout=subprocess.PIPE, text=True,
    ) as killed:  # fmt: skip
        assert killed.stdout and killed.stdout.readline() == "building\n"
        assert ingest.catalogue.active_edition() == first  # while it builds, nobody waits
        killed.kill()
    assert found(ingest, "How much?") == "KRW 30 million."
    assert ingest.apply(ingest.plan([folder]), note="", now=NOW) is not None
    assert ids(ingest) == ["new", "old"]
    ingest.prune()
    assert not any(name.endswith(".part") for name in ingest.store.names())
