"""The shipped encoder: what its vectors say, and how texts are put together."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.embedding.embedder import (
    BATCH_TOKENS,
    SHIPPED_MODEL,
    ShippedEmbedder,
    group_by_length,
    make_embedder,
)
from knowledge.embedding.sentence_embedder import SentenceEmbedder
from tests.samples import small_library


@pytest.fixture(scope="module")
def model() -> ShippedEmbedder:
    return small_library.load_embedder()


def test_vectors_are_of_length_one_and_of_one_size(model: ShippedEmbedder) -> None:
    batch_sizes: list[int] = []
    vectors = model.embed_passages(["a ferry", "a landing", "a port"], batch_sizes.append)
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert sum(batch_sizes) == 3


def test_what_fills_up_a_batch_does_not_change_a_vector(model: ShippedEmbedder) -> None:
    texts = ["물류비", "Who pays for the ferry from Incheon to Weihai, and until when?", "phí"]
    together = model.embed_passages(texts)
    alone = np.concatenate([model.embed_passages([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(
    "question",
    ["물류비는 누가 내주나요?", "Who pays for shipping?", "Ai trả chi phí vận chuyển?"],
)
def test_a_similar_text_is_nearer_in_every_language(model: ShippedEmbedder, question: str) -> None:
    asked = model.embed_query(question)
    for near, far in (
        ("국제운송비 지원", "무용수의 비자"),
        ("Support for freight costs", "Visa rules for dancers"),
        ("Hỗ trợ chi phí vận tải quốc tế", "Thị thực cho vũ công"),
    ):
        nearer, farther = model.embed_passages([near, far])
        assert asked @ nearer > asked @ farther


def test_a_question_is_read_otherwise_than_a_passage(model: ShippedEmbedder) -> None:
    text = "물류비는 얼마인가요?"
    assert model.embed_query(text) @ model.embed_passages([text])[0] < 0.999


def test_no_text_gives_no_vectors(model: ShippedEmbedder) -> None:
    assert model.embed_passages([]).shape == (0, 0)


def test_batches_hold_texts_of_one_length_and_not_too_many() -> None:
    lengths = [512, 3, 500, 4, 512, 3, 512, 512]
    batches = group_by_length(lengths)
    assert sorted(number for batch in batches for number in batch) == list(range(8))
    assert batches[0] == [1, 5, 3, 2]  # 4 × 500 pieces when filled up
    assert all(
        len(batch) * max(lengths[number] for number in batch) <= BATCH_TOKENS for batch in batches
    )
    assert group_by_length([BATCH_TOKENS + 1]) == [[0]]
    assert group_by_length([]) == []


def test_the_setting_names_the_shipped_encoder_or_any_other() -> None:
    assert isinstance(make_embedder(SHIPPED_MODEL), ShippedEmbedder)
    other = make_embedder("intfloat/multilingual-e5-small")
    assert isinstance(other, SentenceEmbedder) and other.name == "intfloat/multilingual-e5-small"


def test_the_vector_of_a_text_asked_for_twice_is_computed_once() -> None:
    model = small_library.load_embedder()
    assert model.embed_query("물류비 지원") is model.embed_query("물류비 지원")
