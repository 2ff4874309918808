"""Editions whose vectors live on a real Chroma server, which may hold other people's things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.pipeline import IngestPipeline
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import LANGUAGES
from tests.harness.chroma_server import run_chroma_server
from tests.harness.ingest_harness import find_nearest_text, run_ingest, write_document


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[VectorStore]:
    with run_chroma_server(tmp_path) as url:
        store = VectorStore(tmp_path / "unused", url)
        yield store
        store.close()


def test_every_edition_has_a_collection_and_pruning_leaves_those_of_others(
    ingest: IngestPipeline, folder: Path, vectors: VectorStore
) -> None:
    vectors.build(
        "somebody-else",
        {1: np.ones(3, np.float32)},
        "m",
        dict.fromkeys(LANGUAGES, np.zeros(3, np.float32)),
    )
    for count in range(3):
        write_document(folder, "voucher", f"How much?: KRW {count} million.")
        run_ingest(ingest, folder)
    assert len(vectors.list_names()) == 4
    ingest.prune(keep=1)
    (kept,) = ingest.catalogue.list_editions()
    assert sorted(vectors.list_names()) == [kept.index_name, "somebody-else"]
    assert find_nearest_text(ingest, "How much?") == "KRW 2 million."
    ingest.reindex()
    assert len(vectors.list_names()) == 2
    assert find_nearest_text(ingest, "How much?") == "KRW 2 million."


def test_of_two_workers_that_rebuild_at_once_the_first_one_s_vectors_stay(
    ingest: IngestPipeline, folder: Path, vectors: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As all workers do that find the collection gone; the other's is not left behind."""
    write_document(folder, "voucher", "How much?: KRW 2 million.")
    run_ingest(ingest, folder)
    vectors.drop(ingest.catalogue.list_editions()[0].index_name)
    build = VectorStore.build

    def build_after_another(*arguments: Any) -> None:
        monkeypatch.undo()
        assert replace(ingest, owner="elsewhere:7:0a1b2c3d").restore_vectors() == 1
        build(*arguments)

    monkeypatch.setattr(VectorStore, "build", build_after_another)
    assert ingest.restore_vectors() == 1
    (edition,) = ingest.catalogue.list_editions()
    assert vectors.list_names() == [edition.index_name]
    assert find_nearest_text(ingest, "How much?") == "KRW 2 million."
