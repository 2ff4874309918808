"""Editions whose vectors live on a real Chroma server, which may hold other people's things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import Ingest
from knowledge.retrieval.vector_store import VectorStore
from tests.harness.chroma_server import chroma_server
from tests.harness.ingest_harness import bring, document, found


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[VectorStore]:
    with chroma_server(tmp_path) as url:
        store = VectorStore(tmp_path / "unused", url)
        yield store
        store.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_edition_has_a_collection_and_pruning_leaves_those_of_others(
    ingest: Ingest, folder: Path, vectors: VectorStore
) -> None:
    vectors.build("somebody-else", {1: np.ones(3, np.float32)}, "m")
    for count in range(3):
        document(folder, "voucher", f"How much?: KRW {count} million.")
        bring(ingest, folder)
    assert len(vectors.names()) == 4
    ingest.prune(keep=1)
    (kept,) = ingest.catalogue.editions()
    assert sorted(vectors.names()) == [kept.index_name, "somebody-else"]
    assert found(ingest, "How much?") == "KRW 2 million."
    ingest.reindex()
    assert len(vectors.names()) == 2
    assert found(ingest, "How much?") == "KRW 2 million."
