"""Fits the map from questions to sections that lies in the repository (`make question-map`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ingest.shipped_vectors import read_shipped_passages
from knowledge.embedding.embedder import SHIPPED_MODEL, ShippedEmbedder, Vectors
from knowledge.embedding.question_map import move_questions, write_question_map
from knowledge.embedding.shipped_vectors import find_shipped_vectors
from knowledge.retrieval.centring import centre_passages, compute_centres, point_from
from knowledge.retrieval.known_questions import (
    KnownQuestion,
    build_index_text,
    compute_text_key,
    get_translation_key,
    list_known_questions,
)
from knowledge.types import LANGUAGES, Passage

LIKENESS_SHARPNESS = 20.0  # cosines times this are compared by softmax
MAP_PENALTY = 0.003  # of the sum of squares of the map  # tuned: see docs/parameters.md
SAMPLED_QUESTIONS = 9  # of a passage: embedding all takes an hour  # tuned: see docs/parameters.md
MAP_FIT_STEPS = 25  # of L-BFGS  # tuned: see docs/parameters.md

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AnsweredQuestions:
    """Known questions and the sections that answer them, in one language of the sections.

    `sections` (m, d) are centred vectors; the questions at `rows` (k,) of all questions are answered
    by the sections at `right` (k,).
    """

    sections: Vectors
    rows: Numbers
    right: Numbers


def rewrite_question_map() -> None:
    """Fit the map to the known questions of the shipped library and write it; embedding them takes
    some minutes. Raises EmbedderMissing, and lets OSError through."""
    passages, model = read_shipped_passages(), ShippedEmbedder()
    vectors = collect_shipped_vectors(passages)
    languages = [passage.document.language for passage in passages]
    centres = compute_centres(vectors, languages, SHIPPED_MODEL)
    known = sample_questions(list_known_questions(passages))
    questions = np.concatenate(
        [point_from(model.embed_query(one.text)[None], centres.questions[one.language]) for one in known]
    )  # fmt: skip
    centred = centre_passages(vectors, languages, centres)
    positions = np.array([one.position for one in known])
    write_question_map(fit_question_map(questions, pair_sections(passages, centred, positions)))


def sample_questions(known: Sequence[KnownQuestion]) -> list[KnownQuestion]:
    """Those with an answer, of each passage at most SAMPLED_QUESTIONS: the first by digest, so that it
    is by chance and the same each time."""
    by_passage = defaultdict[int, list[KnownQuestion]](list)
    for one in sorted(known, key=lambda one: compute_text_key(one.text)):
        if one.is_answered and len(by_passage[one.position]) < SAMPLED_QUESTIONS:
            by_passage[one.position].append(one)
    return [one for position in sorted(by_passage) for one in by_passage[position]]


def collect_shipped_vectors(passages: Sequence[Passage]) -> Vectors:
    """The shipped vectors (n, d) of passages of the shipped library. Raises KeyError for another
    passage."""
    keys = [compute_text_key(build_index_text(passage)) for passage in passages]
    found = find_shipped_vectors(keys, SHIPPED_MODEL)
    return np.stack([found[key] for key in keys])


def pair_sections(
    passages: Sequence[Passage], centred: Vectors, positions: Numbers
) -> list[AnsweredQuestions]:
    """For each language the questions whose passage, at `positions` (q,), can be read in it."""
    keys = [get_translation_key(passage) for passage in passages]
    pairs = []
    for language in LANGUAGES:
        own = [at for at, one in enumerate(passages) if one.document.language == language]
        place = {keys[at]: number for number, at in enumerate(own)}
        rows = [row for row, at in enumerate(positions) if keys[at] in place]
        right = [place[keys[positions[row]]] for row in rows]
        if rows:
            pairs.append(AnsweredQuestions(centred[own], np.array(rows), np.array(right)))
    return pairs


def fit_question_map(
    questions: Vectors,
    pairs: Sequence[AnsweredQuestions],
    penalty: float = MAP_PENALTY,
    steps: int = MAP_FIT_STEPS,
) -> Vectors:
    """The map (d, d) under which centred `questions` (q, d) are nearest to the sections that answer
    them, in whatever language these are (softmax over all sections of a language)."""
    size = questions.shape[1]
    fitted = minimize(
        _build_loss(questions, pairs, penalty),
        np.zeros(size * size),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps},
    )
    return np.asarray(fitted.x, np.float32).reshape(size, size)


def _build_loss(
    questions: Vectors, pairs: Sequence[AnsweredQuestions], penalty: float
) -> Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]:
    """The mean negative log likelihood of the right sections, and its slope, by the map's numbers."""
    count, size = questions.shape

    def compute_loss(numbers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        question_map = numbers.reshape(size, size).astype(np.float32)
        lengths = np.linalg.norm(questions + questions @ question_map, axis=1, keepdims=True)
        moved = move_questions(questions, question_map)
        slopes = np.zeros_like(moved)
        loss = 0.0
        for pair in pairs:
            each = np.arange(len(pair.rows))
            scores = LIKENESS_SHARPNESS * (moved[pair.rows] @ pair.sections.T)
            scores -= scores.max(axis=1, keepdims=True)
            chances = np.exp(scores)
            totals = chances.sum(axis=1, keepdims=True)
            loss -= float((scores[each, pair.right] - np.log(totals[:, 0])).sum()) / count
            chances /= totals
            chances[each, pair.right] -= 1
            slopes[pair.rows] += LIKENESS_SHARPNESS / count * (chances @ pair.sections)
        along = (slopes * moved).sum(axis=1, keepdims=True)
        slopes = (slopes - along * moved) / np.maximum(lengths, 1e-9)
        slope = questions.T @ slopes + 2 * penalty * question_map
        loss += penalty * float((question_map**2).sum())
        return loss, slope.ravel().astype(np.float64)

    return compute_loss
