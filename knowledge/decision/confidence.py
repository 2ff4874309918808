"""How likely sections are to answer a question: first how well each matches, then how sure that is.

Both are weighted sums of features of which more is better, so no weight is negative.
See docs/decisions/0069-few-features-with-one-sign.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.decision.features import FeatureReader
from knowledge.retrieval.retriever import Hit
from knowledge.text.glossary import Glossary
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import LANGUAGES, Language, Question

COEFFICIENTS_PATH = Path(__file__).with_name("confidence.yaml")
# The features that say how well a section matches, and those that say how sure the best match is.
MATCH_FEATURES = (
    "words",
    "known",
    "meaning",
    "nearest",
    "coverage",
    "document",
    "sibling",
    "kind",
    "names",
)
CONFIDENCE_FEATURES = ("match", "lead", "meaning", "answered", "above_denied", "in_library")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The confidence (0 to 1) from which a section is said, and from which sections are offered."""

    say: float
    offer: float


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The weights of the match by feature, and of the confidence, a logistic regression; and the
    thresholds by language. `made_by` says what they were fitted to."""

    match: Mapping[str, float]
    intercept: float
    confidence: Mapping[str, float]
    thresholds: Mapping[Language, Thresholds]
    made_by: str


@dataclass(frozen=True, slots=True)
class ScoredHit:
    """A hit with the confidence (0 to 1) that its section answers, and the features that led to
    it."""

    hit: Hit
    confidence: float
    features: Mapping[str, float]


@cache
def load_coefficients(path: Path = COEFFICIENTS_PATH) -> Coefficients:
    """The coefficients that `naru calibrate` wrote; read once per path.

    Lets OSError, YAMLError and KeyError through for a file that is missing or damaged.
    """
    data: dict[str, Any] = parse_yaml(path.read_text(encoding="utf-8"))
    return Coefficients(
        data["match"],
        data["confidence"]["intercept"],
        data["confidence"]["weights"],
        {language: Thresholds(**data["thresholds"][language]) for language in LANGUAGES},
        data["made_by"],
    )


class ConfidenceModel:
    """Computes how likely hits are to answer."""

    def __init__(self, glossary: Glossary, coefficients: Coefficients | None = None) -> None:
        """`coefficients` default to the shipped ones."""
        self.coefficients = coefficients or load_coefficients()
        self._reader = FeatureReader(glossary)

    def score_hits(self, question: Question, hits: Sequence[Hit]) -> list[ScoredHit]:
        """`hits` with their confidence, the best match first."""
        read = [(hit, self._reader.read_features(question, hit)) for hit in hits]
        matches = [_weigh(self.coefficients.match, features) for _, features in read]
        shares = _share_by_document(hits, matches)
        scored = []
        for (hit, features), match in zip(read, matches, strict=True):
            full = {
                **features,
                "match": match / self._best_match,
                "lead": shares[hit.passage.document.base_id],
            }
            total = self.coefficients.intercept + _weigh(self.coefficients.confidence, full)
            scored.append(ScoredHit(hit, 1 / (1 + math.exp(-total)), full))
        return sorted(scored, key=lambda one: -one.features["match"])

    @property
    def _best_match(self) -> float:
        return sum(self.coefficients.match.values()) or 1.0


def share_matches(matches: Sequence[float]) -> list[float]:
    """The chance of each of competing matches to be the right one, together 1 (softmax)."""
    best = max(matches, default=0.0)
    powers = [math.exp(match - best) for match in matches]
    return [power / sum(powers) for power in powers]


def _share_by_document(hits: Sequence[Hit], matches: Sequence[float]) -> Mapping[str, float]:
    shares = defaultdict[str, float](float)
    for hit, share in zip(hits, share_matches(matches), strict=True):
        shares[hit.passage.document.base_id] += share
    return shares


def _weigh(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features[name] for name, weight in weights.items())
