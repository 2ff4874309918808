"""The grounds' coefficients: `naru calibrate` fits them to the open part of the exam and to the
library's own known questions, each asked of a library that does not know it."""

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

from knowledge.evaluation.exam import ExamQuestion, contains_alternative
from knowledge.retrieval.confidence import COEFFICIENTS_PATH, Coefficients, ConfidenceModel
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import KnownQuestion, list_known_questions
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from knowledge.types import Passage, Question

Floats = NDArray[np.float64]

CROSS_VALIDATION_FOLDS = 5
RIDGE_PENALTY = 0.005
PARTIAL_LABEL = 0.5  # what a passage of a right document is worth that lacks part of the answer


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """Every passage found for every question: features (n, d), how right it is (n,), and the
    question's number (n,)."""

    feature_names: tuple[str, ...]
    features: Floats
    labels: Floats
    question_numbers: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """What calibration found, and how well it does on questions it was not fitted to."""

    coefficients: Coefficients
    question_count: int
    auroc: float
    recall_at_95_precision: float
    top_hit_accuracy: float


def collect_exam_pairs(
    library: Library, exam: Sequence[ExamQuestion], place_words: Callable[[str], tuple[str, ...]]
) -> TrainingPairs:
    """What retrieval finds for the exam's questions, with the features of the grounds."""
    found = _PairCollector(library, library.get_current_edition())
    for golden in exam:
        assert golden.as_of is not None
        words = place_words(golden.question)
        question = Question(golden.question, golden.language, golden.as_of, (), words)
        found.add_question(question, partial(_label_exam_passage, golden))
    return found.build_pairs()


def collect_library_pairs(
    library: Library, as_of: datetime, place_words: Callable[[str], tuple[str, ...]]
) -> TrainingPairs:
    """The same for the library's own known questions: all that nothing answers, and as many that
    a passage does. Each is asked of an edition that does not know it."""
    edition = library.get_current_edition()
    asked = _sample_known_questions(edition)
    found = _PairCollector(library, edition)
    for part in range(CROSS_VALIDATION_FOLDS):
        mine = asked[part::CROSS_VALIDATION_FOLDS]
        found.edition = library.open_edition(edition.number, {one.text for one in mine})
        for one in mine:
            question = Question(one.text, one.language, as_of, (), place_words(one.text))
            found.add_question(question, partial(_label_library_passage, edition, one))
    return found.build_pairs()


def _sample_known_questions(edition: Edition) -> list[KnownQuestion]:
    """All known questions that nothing answers, and as many answered ones, evenly taken."""
    known = list_known_questions(edition.passages)
    asked = [one for one in known if one.text != edition.passages[one.position].heading[-1]]
    denied = [one for one in asked if not one.is_answered]
    answered = [one for one in asked if one.is_answered]
    step = max(1, len(answered) // max(1, len(denied)))
    return [*denied, *answered[::step][: len(denied)]]


class _PairCollector:
    """Asks questions of an edition and collects what is found, feature by feature."""

    def __init__(self, library: Library, edition: Edition) -> None:
        self.edition = edition
        self._retriever = Retriever(library.glossary, library.embedder)
        self._confidence_model = ConfidenceModel(library.glossary)
        self._rows: list[dict[str, float]] = []
        self._labels: list[float] = []
        self._question_numbers: list[int] = []
        self._question_count = 0

    def add_question(self, question: Question, worth: Callable[[Passage], float]) -> None:
        day = question.as_of.date()
        found = self._retriever.search(self.edition, question)
        hits = [hit for hit in found if self.edition.is_in_force(hit.passage.document, day)]
        for hit in hits:
            self._rows.append(self._confidence_model.compute_features(question, hit, hits))
            self._labels.append(worth(hit.passage))
            self._question_numbers.append(self._question_count)
        self._question_count += 1

    def build_pairs(self) -> TrainingPairs:
        names = tuple(self._rows[0]) if self._rows else ()
        features = np.array([[row[name] for name in names] for row in self._rows], float)
        features = features.reshape(len(self._rows), len(names))
        return TrainingPairs(
            names, features, np.array(self._labels), np.array(self._question_numbers, np.int64)
        )


def fit_coefficients(
    found: TrainingPairs,
    own: TrainingPairs,
    exam: Sequence[ExamQuestion],
    threshold: float,
    made_by: str,
) -> CalibrationResult:
    """Fit on the exam's pairs and the library's own; report on exam folds that were left out."""
    answerable = np.array([golden.answerable for golden in exam])
    sure = np.zeros(len(exam))
    right = np.zeros(len(exam), bool)
    for fold in range(CROSS_VALIDATION_FOLDS):
        held = found.question_numbers % CROSS_VALIDATION_FOLDS == fold
        fitted = _fit_logistic_regression(
            *_append_pairs(found.features[~held], found.labels[~held], own)
        )
        for number in np.unique(found.question_numbers[held]):
            mine = np.flatnonzero(found.question_numbers == number)
            confidence = _predict_confidence(fitted, found.features[mine])
            best = int(np.argmax(confidence))
            sure[number] = confidence[best]
            right[number] = found.labels[mine[best]] > 0
    fitted = _fit_logistic_regression(*_append_pairs(found.features, found.labels, own))
    learned = Coefficients(
        intercept=round(float(fitted[0]), 3),
        weights={
            n: round(float(w), 3) for n, w in zip(found.feature_names, fitted[1:], strict=True)
        },
        threshold=threshold,
        made_by=made_by,
    )
    return CalibrationResult(
        learned, len(exam), compute_auroc(sure, answerable & right), _compute_recall_at(sure, right, 0.95),
        float(right[answerable].mean()),
    )  # fmt: skip


def _append_pairs(features: Floats, worth: Floats, own: TrainingPairs) -> tuple[Floats, Floats]:
    if not len(own.labels):
        return features, worth
    return np.vstack([features, own.features]), np.concatenate([worth, own.labels])


def write_coefficients(learned: Coefficients, path: Path = COEFFICIENTS_PATH) -> None:
    """Keep the coefficients where the grounds read them."""
    head = "# How the grounds weigh what was found; see features() in grounds.py.\n"
    data = {
        "made_by": learned.made_by,
        "threshold": learned.threshold,
        "intercept": learned.intercept,
        "weights": dict(learned.weights),
    }
    path.write_text(head + yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def compute_auroc(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative."""
    ups, downs = scores[positive], scores[~positive]
    if not len(ups) or not len(downs):
        return float("nan")
    above = (ups[:, None] > downs).sum() + 0.5 * (ups[:, None] == downs).sum()
    return float(above / (len(ups) * len(downs)))


def _label_exam_passage(golden: ExamQuestion, passage: Passage) -> float:
    if not golden.answerable or passage.document.base_id not in golden.documents:
        return 0.0
    text = " ".join((*passage.heading, passage.text))
    return (
        1.0
        if all(contains_alternative(text, words) for words in golden.must_say)
        else PARTIAL_LABEL
    )


def _label_library_passage(edition: Edition, one: KnownQuestion, passage: Passage) -> float:
    """1 for the passage that answers, PARTLY for another one of its document."""
    home = edition.passages[one.position]
    if not one.is_answered or passage.document.base_id != home.document.base_id:
        return 0.0
    return 1.0 if passage.ord == home.ord else PARTIAL_LABEL


def _fit_logistic_regression(features: Floats, worth: Floats) -> Floats:
    """Logistic regression by penalised likelihood; `worth` between 0 and 1 is a soft label."""
    columns = np.hstack([np.ones((len(features), 1)), features])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit = columns @ weights
        inner = weights[1:]
        likelihood = np.logaddexp(0, logit) - worth * logit
        slope = columns.T @ (1 / (1 + np.exp(-logit)) - worth) / len(worth)
        slope[1:] += RIDGE_PENALTY * 2 * inner / len(inner)
        return float(likelihood.mean() + RIDGE_PENALTY * (inner**2).mean()), slope

    found: Floats = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _predict_confidence(fitted: Floats, features: Floats) -> Floats:
    confidence: Floats = 1 / (1 + np.exp(-(fitted[0] + features @ fitted[1:])))
    return confidence


def _compute_recall_at(scores: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The largest share of right ones one can take while `precision` of those taken is right."""
    order = np.argsort(-scores)
    hits = np.cumsum(right[order])
    precise = hits / np.arange(1, len(order) + 1) >= precision
    return float(hits[precise].max() / right.sum()) if precise.any() else 0.0
