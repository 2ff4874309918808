"""The vectors of the shipped library that lie in the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ingest.shipped_vectors import read_shipped_passages
from knowledge.embedding.embedder import SHIPPED_MODEL, ShippedEmbedder
from knowledge.embedding.shipped_vectors import (
    SHIPPED_VECTORS_PATH,
    find_shipped_vectors,
    load_shipped_vectors,
    write_shipped_vectors,
)
from knowledge.retrieval.known_questions import build_index_text, compute_text_key
from knowledge.types import LANGUAGES

SAMPLE_STEP = 160  # passages from one that is embedded again to the next
REMEDY = "run `make vectors`"


@cache
def list_shipped_texts() -> dict[str, str]:
    """The texts of the shipped library's passages by digest."""
    texts = map(build_index_text, read_shipped_passages())
    return {compute_text_key(text): text for text in texts}


def compare_with_model(texts: dict[str, str]) -> None:
    shipped = find_shipped_vectors(texts, SHIPPED_MODEL)
    fresh = ShippedEmbedder().embed_passages(list(texts.values()))
    cosines = np.einsum("nd,nd->n", np.stack(list(shipped.values())), fresh)
    assert cosines.min() > 0.9995, REMEDY


def test_the_file_has_a_vector_for_every_passage_and_no_other() -> None:
    assert load_shipped_vectors().rows.keys() == list_shipped_texts().keys(), REMEDY


def test_the_file_is_small() -> None:
    assert SHIPPED_VECTORS_PATH.stat().st_size < 2_000_000


def test_a_sample_of_the_vectors_is_what_the_encoder_gives() -> None:
    compare_with_model(dict(list(list_shipped_texts().items())[::SAMPLE_STEP]))


@pytest.mark.chaos  # two minutes; `make test` compares a sample
def test_all_vectors_are_what_the_encoder_gives() -> None:
    compare_with_model(list_shipped_texts())


def test_vectors_are_shipped_of_the_shipped_encoder_only() -> None:
    digest = next(iter(load_shipped_vectors().rows))
    assert find_shipped_vectors([digest, "0" * 64], SHIPPED_MODEL).keys() == {digest}
    assert find_shipped_vectors([digest], "another/model") == {}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    vectors = {f"{number:064x}": random.normal(size=384).astype(np.float32) for number in range(9)}
    means = {one: random.normal(size=384).astype(np.float32) for one in LANGUAGES}
    write_shipped_vectors(vectors, means, means, tmp_path / "vectors.npz")
    read = load_shipped_vectors(tmp_path / "vectors.npz")
    assert read.rows.keys() == vectors.keys()
    for digest, row in read.rows.items():
        assert np.allclose(read.numbers[row] * read.scales[row], vectors[digest], atol=0.02)
    assert np.allclose(read.question_means["vi"], means["vi"])
