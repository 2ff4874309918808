"""Vectors seen from the middle of their language."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.embedding.embedder import SHIPPED_MODEL, Vectors
from knowledge.embedding.shipped_vectors import load_shipped_vectors
from knowledge.retrieval.centring import centre_passages, compute_centres, point_from
from knowledge.types import LANGUAGES, Language
from tests.samples import small_library

# Two subjects said in two languages; the language weighs more than the subject.
FREIGHT, VISA = np.array([1, 0, 0, 0]), np.array([0, 1, 0, 0])
KOREAN, ENGLISH = np.array([0, 0, 3, 0]), np.array([0, 0, 0, 3])
SPOKEN: list[Language] = ["ko", "ko", "en", "en"]


def make_vectors(copies: int = 1) -> tuple[Vectors, list[Language]]:
    said = np.array([FREIGHT + KOREAN, VISA + KOREAN, FREIGHT + ENGLISH, VISA + ENGLISH], float)
    unit = (said / np.linalg.norm(said, axis=1, keepdims=True)).astype(np.float32)
    return np.tile(unit, (copies, 1)), SPOKEN * copies


def test_the_subject_outweighs_the_language_once_vectors_are_centred() -> None:
    vectors, languages = make_vectors(copies=1_000)
    centred = centre_passages(vectors, languages, compute_centres(vectors, languages, "any"))
    korean_freight, _, english_freight, english_visa = centred[:4]
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]  # as they come, the language decides
    assert korean_freight @ english_freight > 0.95 > 0 > korean_freight @ english_visa


def test_few_passages_of_a_language_do_not_make_its_centre() -> None:
    """Else the only Vietnamese passage would be the centre of Vietnamese and say nothing."""
    vectors, languages = make_vectors(copies=100)
    alone = np.vstack([vectors, vectors[:1]]), [*languages, "vi"]
    centres = compute_centres(*alone, "any")  # type: ignore[arg-type]
    assert np.allclose(centres.passages["vi"], vectors.mean(axis=0), atol=0.02)


def test_the_shipped_encoder_s_averages_are_known_before_there_is_a_library() -> None:
    shipped = load_shipped_vectors()
    centres = compute_centres(np.zeros((0, 384), np.float32), [], SHIPPED_MODEL)
    for language in LANGUAGES:
        assert np.allclose(centres.passages[language], shipped.passage_means[language])
        assert np.allclose(centres.questions[language], shipped.question_means[language])


@pytest.mark.parametrize("count", [0, 1])
def test_no_vector_and_a_single_one_have_no_centre_but_zero(count: int) -> None:
    vectors, languages = make_vectors()
    centres = compute_centres(vectors[:count], languages[:count], "any")
    found = centre_passages(vectors[:1], languages[:1], centres)
    assert np.allclose(found, vectors[:1], atol=1e-6)


def test_what_is_the_centre_has_no_direction() -> None:
    assert point_from(np.ones((1, 3), np.float32), np.ones(3, np.float32)).tolist() == [[0, 0, 0]]


def test_an_english_question_is_nearest_to_its_subject_not_to_its_language() -> None:
    model = small_library.load_embedder()
    passages = model.embed_passages(
        ["국제운송비는 3천만 원까지 지원합니다.", "Dancers need a visa for their tour.",
         "Our office is open from nine to five."]
    )  # fmt: skip
    languages: list[Language] = ["ko", "en", "en"]
    centres = compute_centres(passages, languages, model.name)
    asked = point_from(
        model.embed_query("How much freight support is there?")[None], centres.questions["en"]
    )[0]
    assert (centre_passages(passages, languages, centres) @ asked).argmax() == 0
