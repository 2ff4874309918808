"""Editions whose vectors live on a real Chroma server, which may hold other people's things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
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
