"""The shipped model, and models that are not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding.embedder import SHIPPED_MODEL, SentenceEmbedder, find_shipped_model
from knowledge.errors import EmbedderMissing
from tests.samples import small_library


@pytest.fixture(scope="module")
def model() -> SentenceEmbedder:
    return small_library.load_embedder()


def test_vectors_are_of_length_one_and_of_one_size(model: SentenceEmbedder) -> None:
    batch_sizes: list[int] = []
    vectors = model.embed_passages(["a ferry", "a landing", "a port"], batch_sizes.append)
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert sum(batch_sizes) == 3


def test_similar_texts_are_nearer_than_others(model: SentenceEmbedder) -> None:
    asked = model.embed_query("Who pays for shipping?")
    freight, visa = model.embed_passages(["Support for freight costs", "Visa rules for dancers"])
    assert asked @ freight > asked @ visa


def test_a_question_leaves_the_threads_as_they_were(model: SentenceEmbedder) -> None:
    import torch  # late: it takes seconds, and every run collects this file

    before = torch.get_num_threads()
    model.embed_query("How much?")
    assert torch.get_num_threads() == before


def test_no_text_gives_no_vectors(model: SentenceEmbedder) -> None:
    assert model.embed_passages([]).shape[0] == 0


def test_only_the_shipped_model_is_english_only() -> None:
    assert SentenceEmbedder(SHIPPED_MODEL).english_only
    assert not SentenceEmbedder("intfloat/multilingual-e5-small").english_only


def test_a_model_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissing, match=r"cannot be loaded.*NARU_EMBEDDER"):
        SentenceEmbedder(str(tmp_path)).embed_query("hello")


def test_weights_with_another_digest_are_refused() -> None:
    with pytest.raises(EmbedderMissing, match="not the model it claims to be"):
        find_shipped_model(sha256="0" * 64)
