"""Do these passages answer this question? One calibrated decision, and its reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.intents import intents, shows
from knowledge.retrieval import Hit
from knowledge.terms import Analyser
from knowledge.types import Question

COEFFICIENTS = Path(__file__).with_name("grounds.yaml")


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression over the features, and the confidence from which Naru answers."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float
    made_by: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """How sure we are that a passage answers, and what that rests on."""

    hit: Hit
    confidence: float
    features: Mapping[str, float]


@cache
def coefficients(path: Path = COEFFICIENTS) -> Coefficients:
    """The coefficients that `naru calibrate` wrote."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Coefficients(data["intercept"], data["weights"], data["threshold"], data["made_by"])


class Grounds:
    """Weighs what was found: the decision, and before it the order of the passages."""

    def __init__(self, analyser: Analyser, learned: Coefficients | None = None) -> None:
        self._learned = learned or coefficients()
        self._terms = lru_cache(maxsize=20_000)(
            lambda text, language: frozenset(analyser.terms(text, language))
        )

    def weigh(self, question: Question, hits: Sequence[Hit]) -> list[Weighed]:
        """`hits` with how sure we are that each answers, the surest first."""
        weighed = [
            Weighed(hit, self._confidence(found), found)
            for hit in hits
            for found in [self.features(question, hit, hits)]
        ]
        return sorted(weighed, key=lambda one: -one.confidence)

    def enough(self, best: Weighed) -> bool:
        """Whether the best one may be said."""
        return best.confidence >= self._learned.threshold

    def features(self, question: Question, hit: Hit, hits: Sequence[Hit]) -> dict[str, float]:
        """What the decision is made from; each is about 0 to 1 and means the same in any
        library.

        coverage: share of the asked that the passage has, by rarity · ratio: BM25 over a perfect
        match's · heading: share of the asked that the heading has · topic, title: share of the
        heading, of the document's title, that is asked · similarity: cosine of the vectors ·
        twin: that of the most similar question it is known to answer · covers, covered: share of
        the asked that the most like of those has, and of it that is asked · lead: how far its document is before the best other one · crowd: share of all that was
        found that is its document's · missing: rarity of the rarest thing it lacks, of the rarest
        asked · unknown: share of the asked that no passage has · has, lacks: the kind of thing
        that is asked (an amount, a date …) stands in it, or does not · alike, unlike: its heading
        asks for the same kind of thing, or for others · foreign: matched in another language
        than the question's · dense: the vectors could be asked.
        """
        language = hit.matched.document.language
        total = sum(fit.best for fit in hit.fits) or 1.0
        missing = [fit for fit in hit.fits if fit.got == 0]
        rarest = max((fit.best for fit in hit.fits), default=1.0) or 1.0
        heading = self._terms(hit.matched.heading[-1], language)
        title = self._terms(hit.matched.document.title, language)
        named = [fit for fit in hit.fits if heading & fit.slot.terms.keys()]
        asked = {term for fit in hit.fits for term in fit.slot.terms}
        same = [h.score for h in hits if h.passage.document.id == hit.passage.document.id]
        rivals = [h.score for h in hits if h.passage.document.id != hit.passage.document.id]
        wanted = intents(question.text)
        offered = intents(hit.matched.heading[-1])
        kind = shows(hit.passage.text, wanted)
        return {
            "coverage": 1 - sum(fit.best for fit in missing) / total,
            "ratio": hit.lexical,
            "heading": sum(fit.best for fit in named) / total,
            "topic": len(heading & asked) / len(heading) if heading else 0.0,
            "title": len(title & asked) / len(title) if title else 0.0,
            "similarity": max(0.0, hit.similarity or 0.0),
            "twin": max(0.0, hit.alike or 0.0),
            "covers": hit.covers,
            "covered": hit.covered,
            "lead": max(same) - max(rivals, default=0.0),
            "crowd": sum(same) / sum((*same, *rivals)),
            "missing": max((fit.best for fit in missing), default=0.0) / rarest,
            "unknown": sum(fit.best for fit in missing if not fit.known) / total,
            "has": float(kind is True),
            "lacks": float(kind is False),
            "alike": float(bool(wanted & offered)),
            "unlike": float(bool(wanted and offered and not wanted & offered)),
            "foreign": float(language != question.language),
            "dense": float(hit.similarity is not None),
        }

    def _confidence(self, found: Mapping[str, float]) -> float:
        total = self._learned.intercept + sum(
            self._learned.weights.get(name, 0.0) * value for name, value in found.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
