"""How likely sections are to answer a question: first how well each matches, then how sure that is.

Both are weighted sums of features of which more is better, so no weight is negative.
See docs/decisions/0069-few-features-with-one-sign.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.decision.features import read_features
from knowledge.retrieval.retriever import Hit
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
# Those of the first that only known questions give.
KNOWN_QUESTION_FEATURES = ("known", "document")
# From this likeness on a known question asks the same as the founder.
SAME_QUESTION_KNOWN = 0.6  # tuned: see docs/parameters.md
# The text of an own document fits as well as another if it matches at most this much less.
OWN_TEXT_MARGIN = 0.02  # tuned: see docs/parameters.md
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

    def __init__(self, coefficients: Coefficients | None = None) -> None:
        """`coefficients` default to the shipped ones."""
        self.coefficients = coefficients or load_coefficients()

    def score_hits(self, question: Question, hits: Sequence[Hit]) -> list[ScoredHit]:
        """`hits` with their confidence, the best match first."""
        read = [(hit, read_features(question, hit)) for hit in hits]
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

    def put_own_first(
        self, scored_hits: Sequence[ScoredHit], own_documents: Set[str], language: Language
    ) -> list[ScoredHit]:
        """`scored_hits` (best first) with the best section of `own_documents` before all others if
        it would be offered and its text fits as well as that of the best.

        Texts are compared without known questions, which shipped documents have many of and an
        admin's hardly any; one that is known to ask the same stays first.
        See docs/decisions/0092-own-documents-come-first.md.
        """
        own = self._list_own(scored_hits, own_documents, language)
        if not own or scored_hits[0] in own:
            return list(scored_hits)
        best, first = scored_hits[0], max(own, key=self._measure_text)
        is_known = best.features["known"] >= SAME_QUESTION_KNOWN > first.features["known"]
        if is_known or self._measure_text(first) < self._measure_text(best) - OWN_TEXT_MARGIN:
            return list(scored_hits)
        return [first, *(one for one in scored_hits if one is not first)]

    def find_own(
        self, scored_hits: Sequence[ScoredHit], own_documents: Set[str], language: Language
    ) -> ScoredHit | None:
        """The section of `own_documents` that matches best of those that would be offered, which is
        therefore offered in any case; None without one. See decision 0102."""
        own = self._list_own(scored_hits, own_documents, language)
        return max(own, key=lambda one: one.features["match"], default=None)

    def _list_own(
        self, scored_hits: Sequence[ScoredHit], own_documents: Set[str], language: Language
    ) -> list[ScoredHit]:
        """The sections of `own_documents` that would be offered."""
        offer = self.coefficients.thresholds[language].offer
        return [
            one
            for one in scored_hits
            if one.hit.passage.document.id in own_documents and one.confidence >= offer
        ]

    def _measure_text(self, one: ScoredHit) -> float:
        """The match (0 to 1) without what known questions add to it."""
        known = {name: self.coefficients.match[name] for name in KNOWN_QUESTION_FEATURES}
        return one.features["match"] - _weigh(known, one.features) / self._best_match

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
