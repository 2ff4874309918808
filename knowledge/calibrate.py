"""The grounds' coefficients, fitted to the open part of the exam: `naru calibrate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.edition import Edition, Library
from knowledge.golden import Golden, base_id, says
from knowledge.grounds import COEFFICIENTS, Coefficients, Grounds
from knowledge.retrieval import Hit, Retriever
from knowledge.types import Passage, Question

Floats = NDArray[np.float64]

FOLDS = 5
RIDGE = 0.005
PARTLY = 0.5  # what a passage of a right document is worth that lacks part of the answer


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every passage found for every question: features (n, d), how right it is (n,), and the
    question's number (n,)."""

    names: tuple[str, ...]
    features: Floats
    worth: Floats
    question: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fit:
    """What calibration found, and how well it does on questions it was not fitted to."""

    learned: Coefficients
    questions: int
    auroc: float
    recall_at_95: float
    first_right: float


def pairs(
    library: Library, exam: Sequence[Golden], place_words: Callable[[str], tuple[str, ...]]
) -> Pairs:
    """What retrieval finds for the exam's questions, with the features of the grounds."""
    edition = library.current()
    retriever = Retriever(library.glossary, library.embedder)
    grounds = Grounds(library.glossary)
    rows: list[dict[str, float]] = []
    worth: list[float] = []
    numbers: list[int] = []
    for number, golden in enumerate(exam):
        assert golden.as_of is not None
        words = place_words(golden.question)
        question = Question(golden.question, golden.language, golden.as_of, (), words)
        hits = _open_hits(edition, retriever, question)
        for hit in hits:
            rows.append(grounds.features(question, hit, hits))
            worth.append(_worth(golden, hit.passage))
            numbers.append(number)
    names = tuple(rows[0])
    features = np.array([[row[name] for name in names] for row in rows])
    return Pairs(names, features, np.array(worth), np.array(numbers))


def calibrate(found: Pairs, exam: Sequence[Golden], threshold: float, made_by: str) -> Fit:
    """Fit on all pairs; report on folds that were left out."""
    answerable = np.array([golden.answerable for golden in exam])
    sure = np.zeros(len(exam))
    right = np.zeros(len(exam), bool)
    for fold in range(FOLDS):
        held = found.question % FOLDS == fold
        fitted = _fit(found.features[~held], found.worth[~held])
        for number in np.unique(found.question[held]):
            mine = np.flatnonzero(found.question == number)
            confidence = _sigmoid(fitted, found.features[mine])
            best = int(np.argmax(confidence))
            sure[number] = confidence[best]
            right[number] = found.worth[mine[best]] > 0
    fitted = _fit(found.features, found.worth)
    learned = Coefficients(
        intercept=round(float(fitted[0]), 3),
        weights={n: round(float(w), 3) for n, w in zip(found.names, fitted[1:], strict=True)},
        threshold=threshold,
        made_by=made_by,
    )
    return Fit(
        learned, len(exam), auroc(sure, answerable & right), _recall_at(sure, right, 0.95),
        float(right[answerable].mean()),
    )  # fmt: skip


def write(learned: Coefficients, path: Path = COEFFICIENTS) -> None:
    """Keep the coefficients where the grounds read them."""
    head = "# How the grounds weigh what was found; see features() in grounds.py.\n"
    data = {
        "made_by": learned.made_by,
        "threshold": learned.threshold,
        "intercept": learned.intercept,
        "weights": dict(learned.weights),
    }
    path.write_text(head + yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def auroc(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative."""
    ups, downs = scores[positive], scores[~positive]
    if not len(ups) or not len(downs):
        return float("nan")
    above = (ups[:, None] > downs).sum() + 0.5 * (ups[:, None] == downs).sum()
    return float(above / (len(ups) * len(downs)))


def _open_hits(edition: Edition, retriever: Retriever, question: Question) -> list[Hit]:
    day = question.as_of.date()
    found = retriever.search(edition, question)
    return [hit for hit in found if edition.in_force(hit.passage.document, day)]


def _worth(golden: Golden, passage: Passage) -> float:
    if not golden.answerable or base_id(passage.document) not in golden.documents:
        return 0.0
    text = " ".join((*passage.heading, passage.text))
    return 1.0 if all(says(text, words) for words in golden.must_say) else PARTLY


def _fit(features: Floats, worth: Floats) -> Floats:
    """Logistic regression by penalised likelihood; `worth` between 0 and 1 is a soft label."""

    def loss(weights: Floats) -> float:
        logit = weights[0] + features @ weights[1:]
        likelihood = np.logaddexp(0, logit) - worth * logit
        return float(likelihood.mean() + RIDGE * (weights[1:] ** 2).mean())

    found: Floats = minimize(loss, np.zeros(features.shape[1] + 1), method="L-BFGS-B").x
    return found


def _sigmoid(fitted: Floats, features: Floats) -> Floats:
    confidence: Floats = 1 / (1 + np.exp(-(fitted[0] + features @ fitted[1:])))
    return confidence


def _recall_at(scores: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The largest share of right ones one can take while `precision` of those taken is right."""
    order = np.argsort(-scores)
    hits = np.cumsum(right[order])
    precise = hits / np.arange(1, len(order) + 1) >= precision
    return float(hits[precise].max() / right.sum()) if precise.any() else 0.0
