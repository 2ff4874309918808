"""Fits the confidence coefficients (`naru calibrate`) to the open part of the exam and to the
library's known questions, each asked of an edition from which it is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.decision.confidence import COEFFICIENTS_PATH, Coefficients, ConfidenceModel
from knowledge.evaluation.exam import ExamQuestion, contains_alternative
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import KnownQuestion, list_known_questions
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from knowledge.types import Passage, Question

Floats = NDArray[np.float64]

CROSS_VALIDATION_FOLDS = 5
RIDGE_PENALTY = 0.005  # of the mean squared weight  # tuned: see docs/parameters.md
# Label of a passage of the right document that lacks part of the answer.
PARTIAL_ANSWER_LABEL = 0.5  # tuned: see docs/parameters.md


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """n pairs of a question and a passage found for it.

    `features` (n, d) by `feature_names` (d), `labels` (n,) from 0 (wrong) to 1 (right), and
    `question_numbers` (n,) from 0.
    """

    feature_names: tuple[str, ...]
    features: Floats
    labels: Floats
    question_numbers: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """The fitted coefficients, with measures on exam questions that were left out of the fit.

    `auroc` is of the best hit's confidence, for right answers; `recall_at_95_precision` and
    `top_hit_accuracy` are shares, 0 to 1.
    """

    coefficients: Coefficients
    question_count: int
    auroc: float
    recall_at_95_precision: float
    top_hit_accuracy: float


def collect_exam_pairs(
    library: Library,
    retriever: Retriever,
    exam: Sequence[ExamQuestion],
    place_words: Callable[[str], tuple[str, ...]],
) -> TrainingPairs:
    """The pairs that `retriever` finds for the questions of `exam`, which all need an `as_of`;
    `place_words` gives the words of a text that name a place.

    Raises LibraryMissing before the first ingest.
    """
    collector = _PairCollector(library, retriever, library.get_current_edition())
    for one in exam:
        assert one.as_of is not None
        words = place_words(one.question)
        question = Question(one.question, one.language, one.as_of, (), words)
        collector.add_question(question, partial(_label_exam_passage, one))
    return collector.build_pairs()


def collect_library_pairs(
    library: Library,
    retriever: Retriever,
    as_of: datetime,
    place_words: Callable[[str], tuple[str, ...]],
) -> TrainingPairs:
    """As `collect_exam_pairs`, for the library's known questions: all unanswerable ones and as
    many answered ones, each asked of an edition from which it is left out.

    Raises LibraryMissing before the first ingest.
    """
    edition = library.get_current_edition()
    sample = _sample_known_questions(edition)
    collector = _PairCollector(library, retriever, edition)
    for fold in range(CROSS_VALIDATION_FOLDS):
        held_out = sample[fold::CROSS_VALIDATION_FOLDS]
        collector.edition = library.open_edition(edition.number, {one.text for one in held_out})
        for one in held_out:
            question = Question(one.text, one.language, as_of, (), place_words(one.text))
            collector.add_question(question, partial(_label_library_passage, edition, one))
    return collector.build_pairs()


def _sample_known_questions(edition: Edition) -> list[KnownQuestion]:
    """All unanswerable known questions, and about as many answered ones at even distances."""
    known = list_known_questions(edition.passages)
    wordings = [one for one in known if one.text != edition.passages[one.position].heading[-1]]
    unanswerable = [one for one in wordings if not one.is_answered]
    answered = [one for one in wordings if one.is_answered]
    step = max(1, len(answered) // max(1, len(unanswerable)))
    return [*unanswerable, *answered[::step][: len(unanswerable)]]


class _PairCollector:
    """Asks questions of an edition and collects the features of what is found."""

    def __init__(self, library: Library, retriever: Retriever, edition: Edition) -> None:
        self.edition = edition
        self._retriever = retriever
        self._confidence_model = ConfidenceModel(library.glossary)
        self._rows: list[dict[str, float]] = []
        self._labels: list[float] = []
        self._question_numbers: list[int] = []
        self._question_count = 0

    def add_question(self, question: Question, label: Callable[[Passage], float]) -> None:
        """Add a pair for each hit in force; `label` says how right a passage is, 0 to 1."""
        day = question.as_of.date()
        hits = [
            hit
            for hit in self._retriever.search(self.edition, question)
            if self.edition.is_in_force(hit.passage.document, day)
        ]
        for hit in hits:
            self._rows.append(self._confidence_model.compute_features(question, hit, hits))
            self._labels.append(label(hit.passage))
            self._question_numbers.append(self._question_count)
        self._question_count += 1

    def build_pairs(self) -> TrainingPairs:
        """All pairs that were added."""
        names = tuple(self._rows[0]) if self._rows else ()
        features = np.array([[row[name] for name in names] for row in self._rows], float)
        features = features.reshape(len(self._rows), len(names))
        return TrainingPairs(
            names, features, np.array(self._labels), np.array(self._question_numbers, np.int64)
        )


def fit_coefficients(
    exam_pairs: TrainingPairs,
    library_pairs: TrainingPairs,
    exam: Sequence[ExamQuestion],
    threshold: float,
    made_by: str,
) -> CalibrationResult:
    """Fit to both kinds of pairs; measure by cross-validation over the questions of `exam`.

    `threshold` (0 to 1) and `made_by` are kept in the coefficients. `library_pairs` may be empty.
    """
    answerable = np.array([one.answerable for one in exam])
    confidences = np.zeros(len(exam))
    right = np.zeros(len(exam), bool)
    for fold in range(CROSS_VALIDATION_FOLDS):
        held_out = exam_pairs.question_numbers % CROSS_VALIDATION_FOLDS == fold
        fitted = _fit_logistic_regression(
            *_append_pairs(
                exam_pairs.features[~held_out], exam_pairs.labels[~held_out], library_pairs
            )
        )
        for number in np.unique(exam_pairs.question_numbers[held_out]):
            rows = np.flatnonzero(exam_pairs.question_numbers == number)
            predicted = _predict_confidence(fitted, exam_pairs.features[rows])
            best = int(np.argmax(predicted))
            confidences[number] = predicted[best]
            right[number] = exam_pairs.labels[rows[best]] > 0
    fitted = _fit_logistic_regression(
        *_append_pairs(exam_pairs.features, exam_pairs.labels, library_pairs)
    )
    coefficients = Coefficients(
        intercept=round(float(fitted[0]), 3),
        weights={
            name: round(float(weight), 3)
            for name, weight in zip(exam_pairs.feature_names, fitted[1:], strict=True)
        },
        threshold=threshold,
        made_by=made_by,
    )
    return CalibrationResult(
        coefficients, len(exam), compute_auroc(confidences, answerable & right),
        _compute_recall_at(confidences, right, 0.95),
        float(right[answerable].mean()),
    )  # fmt: skip


def _append_pairs(features: Floats, labels: Floats, more: TrainingPairs) -> tuple[Floats, Floats]:
    if not len(more.labels):
        return features, labels
    return np.vstack([features, more.features]), np.concatenate([labels, more.labels])


def write_coefficients(coefficients: Coefficients, path: Path = COEFFICIENTS_PATH) -> None:
    """Write the coefficients to the file that `load_coefficients` reads."""
    head = "# Weights of the confidence; the features are described in confidence.md.\n"
    data = {
        "made_by": coefficients.made_by,
        "threshold": coefficients.threshold,
        "intercept": coefficients.intercept,
        "weights": dict(coefficients.weights),
    }
    path.write_text(head + yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def compute_auroc(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The chance (0 to 1) that a positive of `scores` (n,) is above a negative, half for a tie;
    NaN where there are only positives or only negatives."""
    high, low = scores[positive], scores[~positive]
    if not len(high) or not len(low):
        return float("nan")
    above = (high[:, None] > low).sum() + 0.5 * (high[:, None] == low).sum()
    return float(above / (len(high) * len(low)))


def _label_exam_passage(question: ExamQuestion, passage: Passage) -> float:
    """1 for a passage with every fact, PARTIAL_ANSWER_LABEL for others of the right documents."""
    if not question.answerable or passage.document.base_id not in question.documents:
        return 0.0
    text = " ".join((*passage.heading, passage.text))
    return (
        1.0
        if all(contains_alternative(text, words) for words in question.must_say)
        else PARTIAL_ANSWER_LABEL
    )


def _label_library_passage(edition: Edition, one: KnownQuestion, passage: Passage) -> float:
    """1 for the passage that answers, PARTIAL_ANSWER_LABEL for others of its document, else 0."""
    home = edition.passages[one.position]
    if not one.is_answered or passage.document.base_id != home.document.base_id:
        return 0.0
    return 1.0 if passage.ord == home.ord else PARTIAL_ANSWER_LABEL


def _fit_logistic_regression(features: Floats, labels: Floats) -> Floats:
    """Intercept and weights (1 + d,) by ridge-penalised likelihood; labels (n,) may be soft."""
    columns = np.hstack([np.ones((len(features), 1)), features])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit = columns @ weights
        inner = weights[1:]
        likelihood = np.logaddexp(0, logit) - labels * logit
        slope = columns.T @ (1 / (1 + np.exp(-logit)) - labels) / len(labels)
        slope[1:] += RIDGE_PENALTY * 2 * inner / len(inner)
        return float(likelihood.mean() + RIDGE_PENALTY * (inner**2).mean()), slope

    fitted: Floats = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
    return fitted


def _predict_confidence(fitted: Floats, features: Floats) -> Floats:
    confidence: Floats = 1 / (1 + np.exp(-(fitted[0] + features @ fitted[1:])))
    return confidence


def _compute_recall_at(scores: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The largest share of right answers above a threshold at which `precision` of them is right."""
    order = np.argsort(-scores)
    hits = np.cumsum(right[order])
    precise = hits / np.arange(1, len(order) + 1) >= precision
    return float(hits[precise].max() / right.sum()) if precise.any() else 0.0
