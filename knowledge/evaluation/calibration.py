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

from knowledge.evaluation.exam import Golden, says
from knowledge.retrieval.confidence import COEFFICIENTS, Coefficients, Grounds
from knowledge.retrieval.edition import Edition, Known, Library, known_questions
from knowledge.retrieval.retriever import Retriever
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
    found = _Finding(library, library.current())
    for golden in exam:
        assert golden.as_of is not None
        words = place_words(golden.question)
        question = Question(golden.question, golden.language, golden.as_of, (), words)
        found.ask(question, partial(_worth, golden))
    return found.pairs()


def own_pairs(
    library: Library, as_of: datetime, place_words: Callable[[str], tuple[str, ...]]
) -> Pairs:
    """The same for the library's own known questions: all that nothing answers, and as many that
    a passage does. Each is asked of an edition that does not know it."""
    edition = library.current()
    asked = _own_questions(edition)
    found = _Finding(library, edition)
    for part in range(FOLDS):
        mine = asked[part::FOLDS]
        found.edition = library.edition(edition.number, {one.text for one in mine})
        for one in mine:
            question = Question(one.text, one.language, as_of, (), place_words(one.text))
            found.ask(question, partial(_own_worth, edition, one))
    return found.pairs()


def _own_questions(edition: Edition) -> list[Known]:
    """All known questions that nothing answers, and as many answered ones, evenly taken."""
    known = known_questions(edition.passages)
    asked = [one for one in known if one.text != edition.passages[one.position].heading[-1]]
    denied = [one for one in asked if not one.answered]
    answered = [one for one in asked if one.answered]
    step = max(1, len(answered) // max(1, len(denied)))
    return [*denied, *answered[::step][: len(denied)]]


class _Finding:
    """Asks questions of an edition and collects what is found, feature by feature."""

    def __init__(self, library: Library, edition: Edition) -> None:
        self.edition = edition
        self._retriever = Retriever(library.glossary, library.embedder)
        self._grounds = Grounds(library.glossary)
        self._rows: list[dict[str, float]] = []
        self._worth: list[float] = []
        self._numbers: list[int] = []
        self._asked = 0

    def ask(self, question: Question, worth: Callable[[Passage], float]) -> None:
        day = question.as_of.date()
        found = self._retriever.search(self.edition, question)
        hits = [hit for hit in found if self.edition.in_force(hit.passage.document, day)]
        for hit in hits:
            self._rows.append(self._grounds.features(question, hit, hits))
            self._worth.append(worth(hit.passage))
            self._numbers.append(self._asked)
        self._asked += 1

    def pairs(self) -> Pairs:
        names = tuple(self._rows[0]) if self._rows else ()
        features = np.array([[row[name] for name in names] for row in self._rows], float)
        features = features.reshape(len(self._rows), len(names))
        return Pairs(names, features, np.array(self._worth), np.array(self._numbers, np.int64))


def calibrate(
    found: Pairs, own: Pairs, exam: Sequence[Golden], threshold: float, made_by: str
) -> Fit:
    """Fit on the exam's pairs and the library's own; report on exam folds that were left out."""
    answerable = np.array([golden.answerable for golden in exam])
    sure = np.zeros(len(exam))
    right = np.zeros(len(exam), bool)
    for fold in range(FOLDS):
        held = found.question % FOLDS == fold
        fitted = _fit(*_joined(found.features[~held], found.worth[~held], own))
        for number in np.unique(found.question[held]):
            mine = np.flatnonzero(found.question == number)
            confidence = _sigmoid(fitted, found.features[mine])
            best = int(np.argmax(confidence))
            sure[number] = confidence[best]
            right[number] = found.worth[mine[best]] > 0
    fitted = _fit(*_joined(found.features, found.worth, own))
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


def _joined(features: Floats, worth: Floats, own: Pairs) -> tuple[Floats, Floats]:
    if not len(own.worth):
        return features, worth
    return np.vstack([features, own.features]), np.concatenate([worth, own.worth])


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


def _worth(golden: Golden, passage: Passage) -> float:
    if not golden.answerable or passage.document.base not in golden.documents:
        return 0.0
    text = " ".join((*passage.heading, passage.text))
    return 1.0 if all(says(text, words) for words in golden.must_say) else PARTLY


def _own_worth(edition: Edition, one: Known, passage: Passage) -> float:
    """1 for the passage that answers, PARTLY for another one of its document."""
    home = edition.passages[one.position]
    if not one.answered or passage.document.base != home.document.base:
        return 0.0
    return 1.0 if passage.ord == home.ord else PARTLY


def _fit(features: Floats, worth: Floats) -> Floats:
    """Logistic regression by penalised likelihood; `worth` between 0 and 1 is a soft label."""
    columns = np.hstack([np.ones((len(features), 1)), features])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit = columns @ weights
        inner = weights[1:]
        likelihood = np.logaddexp(0, logit) - worth * logit
        slope = columns.T @ (1 / (1 + np.exp(-logit)) - worth) / len(worth)
        slope[1:] += RIDGE * 2 * inner / len(inner)
        return float(likelihood.mean() + RIDGE * (inner**2).mean()), slope

    found: Floats = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
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
