"""Vectors as seen from the middle of their language.

A multilingual encoder says first which language a text is in and whether it is a question, and
only then what it is about: as they come, all cosines are high and an English question is nearest to
English passages. So the mean of a language is taken from its passages, and the mean of a language's
questions from a question. See docs/decisions/0067-vectors-are-centred-by-language.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.embedding.embedder import SHIPPED_MODEL, Vectors
from knowledge.embedding.shipped_vectors import load_shipped_vectors
from knowledge.types import LANGUAGES, Language

# As many passages of a language count as much as what the encoder gives on average: the mean of a
# few passages is what they are about, not their language.
AVERAGE_WEIGHT_PASSAGES = 50  # tuned: see docs/parameters.md
SAME_POINT_DISTANCE = 1e-6  # nearer vectors have no direction from each other


@dataclass(frozen=True, slots=True)
class Centres:
    """The middle (d,) of the passages, and of the questions, of each language."""

    passages: Mapping[Language, Vectors]
    questions: Mapping[Language, Vectors]


def compute_centres(vectors: Vectors, languages: Sequence[Language], embedder: str) -> Centres:
    """The centres of passages' `vectors` (n, d) in their `languages` (n,).

    Of an `embedder` that we have no averages of, the mean of all n passages stands for each
    language's average, and a question is seen from where the passages are.
    """
    if embedder == SHIPPED_MODEL:
        shipped = load_shipped_vectors()
        averages, questions = shipped.passage_means, shipped.question_means
    else:
        mean = vectors.mean(axis=0) if len(vectors) > 1 else np.zeros(vectors.shape[1], np.float32)
        averages = questions = dict.fromkeys(LANGUAGES, mean)
    spoken = np.array(languages)
    passages = {one: _blend_means(vectors[spoken == one], averages[one]) for one in LANGUAGES}
    shifted = {one: passages[one] + questions[one] - averages[one] for one in LANGUAGES}
    return Centres(passages, shifted)


def centre_passages(vectors: Vectors, languages: Sequence[Language], centres: Centres) -> Vectors:
    """Passages' `vectors` (n, d) in their `languages` (n,), each from its language's centre and
    of unit length; 0 for one that is the centre."""
    return point_from(vectors, np.stack([centres.passages[one] for one in languages]))


def point_from(vectors: Vectors, centre: Vectors) -> Vectors:
    """The directions (n, d), of unit length, from `centre` (d,) or (n, d) to `vectors`."""
    seen = vectors - centre
    lengths = np.linalg.norm(seen, axis=1, keepdims=True)
    unit: Vectors = np.divide(
        seen, lengths, out=np.zeros_like(seen), where=lengths > SAME_POINT_DISTANCE
    )
    return unit


def _blend_means(vectors: Vectors, average: Vectors) -> Vectors:
    if not len(vectors):
        return average
    total = vectors.sum(axis=0) + AVERAGE_WEIGHT_PASSAGES * average
    mean: Vectors = (total / (len(vectors) + AVERAGE_WEIGHT_PASSAGES)).astype(np.float32)
    return mean
