"""Fits the confidence (`naru calibrate`): how much each feature of a match counts, how sure the best
match is, and from which confidence to say or to offer.

No weight may be negative, so every feature keeps the sign that confidence.md explains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.answering.offers import spread_documents
from knowledge.decision.confidence import (
    COEFFICIENTS_PATH,
    CONFIDENCE_FEATURES,
    MATCH_FEATURES,
    Coefficients,
    Thresholds,
    share_matches,
)
from knowledge.decision.verdict import may_be_said
from knowledge.evaluation.training import Floats, TrainingQuestion
from knowledge.types import LANGUAGES, Language

CROSS_VALIDATION_FOLDS = 5
MATCH_PENALTY = 0.003  # of the mean squared weight  # tuned: see docs/parameters.md
CONFIDENCE_PENALTY = 0.003  # of the mean squared weight  # tuned: see docs/parameters.md
# Sections of the best document that match at most this much less are quoted with the best one.
QUOTED_MATCH_GAP = 0.15

# What each outcome costs; see docs/decisions/0070-thresholds-from-expected-harm.md.
HARM_WRONG_STATEMENT = 10.0
HARM_MISSED_ANSWER = 2.0  # handed over, or offered without it
HARM_CHOICE = 1.0  # offered with it: a tap that would not have been needed
HARM_EMPTY_OFFER = 0.3  # offered where the library has nothing; the button to a person is below
ANSWERABLE_SHARE = 0.5  # of what founders ask; the questions that are fitted to have fewer
OWN_LANGUAGE_WEIGHT = 3  # of a language's questions against all  # tuned: see docs/parameters.md
# Of the harm per question, whose standard error is .06, less is no difference.
SAY_TOLERANCE, OFFER_TOLERANCE = 0.005, 0.02  # tuned: see docs/parameters.md
THRESHOLD_STEPS = np.arange(0.02, 0.99, 0.01)


@dataclass(frozen=True, slots=True)
class BestMatch:
    """The best match of one question: `features` by CONFIDENCE_FEATURES (d,), whether it may be said
    at all, whether it is right to say it, and whether a right section is among those that would be
    offered."""

    language: Language
    answerable: bool
    features: Floats
    may_be_said: bool
    is_right: bool
    is_offered_right: bool
    weight: float


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """The fitted coefficients, with measures on questions that were left out of the fit.

    `auroc` is of the best match's confidence, for right ones; `top_match_right` and
    `offered_right` are shares of the answerable questions, 0 to 1; `harm` is the mean per question.
    """

    coefficients: Coefficients
    question_count: int
    auroc: float
    top_match_right: float
    offered_right: float
    harm: float


def fit_coefficients(
    told: Sequence[TrainingQuestion], others: Sequence[TrainingQuestion], made_by: str
) -> CalibrationResult:
    """Fit to all questions; thresholds and measures are those of the questions as `told`, each
    judged by a fit without it. `others` may be empty."""
    best: list[BestMatch] = []
    confidences: list[float] = []
    for fold in range(CROSS_VALIDATION_FOLDS):
        kept = [one for number, one in enumerate(told) if number % CROSS_VALIDATION_FOLDS != fold]
        match, fitted = _fit_both([*kept, *others])
        held_out = [find_best_match(one, match) for one in told[fold::CROSS_VALIDATION_FOLDS]]
        best += held_out
        confidences += [_predict(fitted, one.features) for one in held_out]
    thresholds = choose_thresholds(best, np.array(confidences))
    match, fitted = _fit_both([*told, *others])
    coefficients = Coefficients(
        _round_weights(MATCH_FEATURES, match),
        round(float(fitted[0]), 3),
        _round_weights(CONFIDENCE_FEATURES, fitted[1:]),
        thresholds,
        made_by,
    )
    right = np.array([one.is_right for one in best])
    answerable = np.array([one.answerable for one in best])
    pairs = zip(best, confidences, strict=True)
    return CalibrationResult(
        coefficients, len(best), compute_auroc(np.array(confidences), right),
        float(right[answerable].mean()),
        float(np.mean([one.is_offered_right for one in best if one.answerable])),
        float(np.mean([compute_harm(one, c, thresholds[one.language]) for one, c in pairs])),
    )  # fmt: skip


def find_best_match(question: TrainingQuestion, match: Floats) -> BestMatch:
    """The best match of a question by the weights `match` (d,) of MATCH_FEATURES."""
    scores = _select(question, MATCH_FEATURES) @ match
    order = np.argsort(-scores, kind="stable")
    top = int(order[0])
    total = float(match.sum()) or 1.0
    same = np.array([one == question.documents[top] for one in question.documents])
    lead = float(np.array(share_matches(scores.tolist()))[same].sum())
    quoted = same & (scores >= scores[top] - QUOTED_MATCH_GAP * total)
    offered = order[spread_documents([question.documents[at] for at in order])]
    found = dict(zip(question.names, question.features[top], strict=True))
    values = {**found, "match": float(scores[top]) / total, "lead": lead}
    return BestMatch(
        question.language,
        question.answerable,
        np.array([values[name] for name in CONFIDENCE_FEATURES]),
        may_be_said(values),
        bool((question.labels[quoted] == 1).any()),
        bool((question.labels[offered] == 1).any()),
        question.weight,
    )


def compute_harm(best: BestMatch, confidence: float, thresholds: Thresholds) -> float:
    """What it costs to treat a question by its confidence."""
    if confidence >= thresholds.say and best.may_be_said:
        return 0.0 if best.is_right else HARM_WRONG_STATEMENT
    if confidence < thresholds.offer:
        return HARM_MISSED_ANSWER if best.answerable else 0.0
    if best.is_offered_right:
        return HARM_CHOICE
    return HARM_MISSED_ANSWER if best.answerable else HARM_EMPTY_OFFER


def choose_thresholds(
    best: Sequence[BestMatch], confidences: Floats
) -> Mapping[Language, Thresholds]:
    """The thresholds of least harm by language. A language has few questions, so what all say counts as
    well, OWN_LANGUAGE_WEIGHT times less. Of thresholds that make no difference the highest to say
    and the lowest to offer is taken."""
    answerable = np.array([one.answerable for one in best])
    chosen: dict[Language, Thresholds] = {}
    for language in LANGUAGES:
        own = np.array([one.language == language for one in best])
        everyone = _balance(answerable, np.ones(len(best), bool))
        counts = OWN_LANGUAGE_WEIGHT * _balance(answerable, own) + everyone
        counts /= counts.sum()
        says = [_sum_harm(best, confidences, counts, Thresholds(s, 0.0)) for s in THRESHOLD_STEPS]
        say = THRESHOLD_STEPS[_is_least(says, SAY_TOLERANCE)].max()
        steps = THRESHOLD_STEPS[say >= THRESHOLD_STEPS]
        offers = [_sum_harm(best, confidences, counts, Thresholds(say, step)) for step in steps]
        offer = steps[_is_least(offers, OFFER_TOLERANCE)].min()
        chosen[language] = Thresholds(round(float(say), 2), round(float(offer), 2))
    return chosen


def write_coefficients(coefficients: Coefficients, path: Path = COEFFICIENTS_PATH) -> None:
    """Write the coefficients to the file that `load_coefficients` reads."""
    head = "# Weights of the confidence; the features are described in confidence.md.\n"
    data = {
        "made_by": coefficients.made_by,
        "match": dict(coefficients.match),
        "confidence": {
            "intercept": coefficients.intercept,
            "weights": dict(coefficients.confidence),
        },
        "thresholds": {
            language: {"say": one.say, "offer": one.offer}
            for language, one in coefficients.thresholds.items()
        },
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


def _fit_both(questions: Sequence[TrainingQuestion]) -> tuple[Floats, Floats]:
    """The weights of the match (d,), and the intercept and weights of the confidence (1 + e,)."""
    match = _fit_match(questions)
    return match, _fit_confidence([find_best_match(one, match) for one in questions])


def _fit_match(questions: Sequence[TrainingQuestion]) -> Floats:
    """The weights (d,) under which right sections are the likeliest among those found (softmax)."""
    usable = [one for one in questions if one.labels.sum() > 0]
    features = np.vstack([_select(one, MATCH_FEATURES) for one in usable])
    wanted = np.concatenate([one.weight * one.labels / one.labels.sum() for one in usable])
    sizes = [len(one.labels) for one in usable]
    numbers = np.repeat(np.arange(len(usable)), sizes)
    weights = np.array([one.weight for one in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])

    def loss(candidate: Floats) -> tuple[float, Floats]:
        scores = features @ candidate
        scores = scores - np.maximum.reduceat(scores, starts)[numbers]
        totals = np.add.reduceat(np.exp(scores), starts)
        chances = np.exp(scores) / totals[numbers]
        value = -(wanted * (scores - np.log(totals)[numbers])).sum() / weights.sum()
        slope = features.T @ (weights[numbers] * chances - wanted) / weights.sum()
        return _add_penalty(value, slope, candidate, MATCH_PENALTY * len(candidate))

    start = np.ones(len(MATCH_FEATURES))
    bounds = [(0.0, None)] * len(start)
    fitted: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return fitted


def _fit_confidence(best: Sequence[BestMatch]) -> Floats:
    """Intercept and weights (1 + e,) of a logistic regression without negative weights."""
    columns = np.array([[1.0, *one.features] for one in best])
    right = np.array([float(one.is_right) for one in best])
    weights = np.array([one.weight for one in best])
    weights = weights / weights.sum()

    def loss(candidate: Floats) -> tuple[float, Floats]:
        logit = columns @ candidate
        value = float(weights @ (np.logaddexp(0, logit) - right * logit))
        slope = columns.T @ (weights * (1 / (1 + np.exp(-logit)) - right))
        inner = np.concatenate([[0.0], candidate[1:]])
        return _add_penalty(value, slope, inner, CONFIDENCE_PENALTY)

    start = np.concatenate([[-3.0], np.full(len(CONFIDENCE_FEATURES), 0.5)])
    bounds = [(None, None), *[(0.0, None)] * len(CONFIDENCE_FEATURES)]
    fitted: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return fitted


def _add_penalty(
    value: float, slope: Floats, weights: Floats, penalty: float
) -> tuple[float, Floats]:
    """A loss and its slope with the mean squared weight added, `penalty` times."""
    size = len(weights)
    return (
        float(value + penalty * (weights**2).sum() / size),
        slope + penalty * 2 * weights / size,
    )


def _balance(answerable: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Floats:
    """Weights (n,), together 1, of the questions that are `counted`: ANSWERABLE_SHARE of it is that
    of the answerable ones."""
    yes, no = answerable & counted, ~answerable & counted
    return np.where(yes, ANSWERABLE_SHARE / max(yes.sum(), 1), 0.0) + np.where(
        no, (1 - ANSWERABLE_SHARE) / max(no.sum(), 1), 0.0
    )


def _sum_harm(
    best: Sequence[BestMatch], confidences: Floats, counts: Floats, thresholds: Thresholds
) -> float:
    harms = [compute_harm(one, c, thresholds) for one, c in zip(best, confidences, strict=True)]
    return float(counts @ np.array(harms))


def _is_least(costs: Sequence[float], tolerance: float) -> NDArray[np.bool_]:
    """Which of `costs` (n,) are the least, or more by at most `tolerance`."""
    return np.array(costs) <= min(costs) + tolerance


def _select(question: TrainingQuestion, names: Sequence[str]) -> Floats:
    columns = [question.names.index(name) for name in names]
    return question.features[:, columns]


def _predict(fitted: Floats, features: Floats) -> float:
    return float(1 / (1 + np.exp(-(fitted[0] + features @ fitted[1:]))))


def _round_weights(names: Sequence[str], weights: Floats) -> Mapping[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
