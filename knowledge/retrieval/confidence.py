"""Do these passages answer this question? One calibrated decision, and its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.retrieval.intents import cannot_answer, intents, shows
from knowledge.retrieval.retriever import Hit
from knowledge.text.glossary import Glossary
from knowledge.types import Question

FEW = 3  # so few things asked may mean any document
SEVERAL = 3  # documents that answer the kind of question that is asked
LEVEL = 0.95  # how sure of another document one must be, of the surest one, to ask which is meant
COEFFICIENTS = Path(__file__).with_name("confidence.yaml")


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

    def __init__(self, glossary: Glossary, learned: Coefficients | None = None) -> None:
        analyser = glossary.analyser
        self._places = glossary.places
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

    def unclear(
        self, question: Question, weighed: Sequence[Weighed], titles: Iterable[str]
    ) -> bool:
        """Whether one has to ask back: little is asked, nothing in it tells the best document
        from others by its title, and several answer that kind of question; or two documents fit
        as well and neither is named."""
        best = weighed[0]
        asked = {term for fit in best.hit.fits for term in fit.slot.terms}
        same_kind = {one.hit.passage.document.base for one in weighed if one.features["alike"]}
        if len(best.hit.fits) <= FEW and len(same_kind) >= SEVERAL and not question.place_words:
            document = best.hit.matched.document
            named = asked & self._terms(document.title, document.language)
            called_so = sum(named <= self._terms(title, document.language) for title in titles)
            return not named or called_so >= SEVERAL
        home = best.hit.passage.document.base
        rival = next((one for one in weighed if one.hit.passage.document.base != home), None)
        return (
            rival is not None
            and rival.confidence >= LEVEL * best.confidence
            and not best.features["title"]
            and not rival.features["title"]
        )

    def features(self, question: Question, hit: Hit, hits: Sequence[Hit]) -> dict[str, float]:
        """What the decision is made from; each is about 0 to 1 and means the same in any
        library. The names are explained in grounds.md beside this file."""
        wanted, offered = intents(question.text), intents(hit.matched.heading[-1])
        kind = shows(hit.passage.text, wanted)
        same = [h.score for h in hits if h.passage.document.id == hit.passage.document.id]
        rivals = [h.score for h in hits if h.passage.document.id != hit.passage.document.id]
        both = hit.covers + hit.covered
        return self._words(hit) | {
            "ratio": hit.lexical,
            "similarity": max(0.0, hit.similarity or 0.0),
            "twin": max(0.0, hit.alike or 0.0),
            "covers": hit.covers,
            "covered": hit.covered,
            "like": 2 * hit.covers * hit.covered / both if both else 0.0,
            "denied": hit.denied,
            "denied_twin": hit.denied_alike,
            "lead": max(same) - max(rivals, default=0.0),
            "crowd": sum(same) / sum((*same, *rivals)),
            "has": float(kind is True),
            "lacks": float(kind is False),
            "silent": float(cannot_answer(hit.passage.text, wanted)),
            "alike": len(wanted & offered) / len(wanted | offered) if wanted | offered else 0.0,
            "unlike": float(bool(wanted and offered and not wanted & offered)),
            "elsewhere": self._elsewhere(question, hit),
            "foreign": float(hit.matched.document.language != question.language),
        }

    def _words(self, hit: Hit) -> dict[str, float]:
        """The features of words: what is asked against what the passage has. Places aside: a
        general rule is no worse for not naming the asker's town."""
        language = hit.matched.document.language
        fits = [fit for fit in hit.fits if fit.slot.kind != "place"] or list(hit.fits)
        total = sum(fit.best for fit in fits) or 1.0
        heading = self._terms(hit.matched.heading[-1], language)
        title = self._terms(hit.matched.document.title, language)
        ways = {term for way in hit.matched.asked for term in self._terms(way, language)}
        named = [fit for fit in fits if heading & fit.slot.terms.keys()]
        asked = {term for fit in hit.fits for term in fit.slot.terms}
        missing = [fit for fit in fits if fit.got == 0]
        strange = [fit for fit in missing if not ways & fit.slot.terms.keys()]
        rarest = max((fit.best for fit in fits), default=1.0) or 1.0
        return {
            "coverage": 1 - sum(fit.best for fit in missing) / total,
            "heading": sum(fit.best for fit in named) / total,
            "topic": len(heading & asked) / len(heading) if heading else 0.0,
            "title": len(title & asked) / len(title) if title else 0.0,
            "missing": max((fit.best for fit in missing), default=0.0) / rarest,
            "unknown": sum(fit.best for fit in missing if not fit.known) / total,
            "missing_trade": sum(f.best for f in strange if f.slot.kind == "trade") / total,
            "missing_plain": sum(f.best for f in strange if f.slot.kind == "plain") / total,
        }

    def _elsewhere(self, question: Question, hit: Hit) -> float:
        """1 where the question names a place and the passage speaks of others only."""
        passage = hit.matched
        said = "\n".join((*passage.heading, passage.text, *passage.asked))
        if any(word.lower() in said.lower() for word in question.place_words):
            return 0.0
        language = passage.document.language
        asked = {t for fit in hit.fits if fit.slot.kind == "place" for t in fit.slot.terms}
        named = self._terms(said, language) & self._places[language]
        return float(bool(question.place_words or asked) and bool(named) and not named & asked)

    def _confidence(self, found: Mapping[str, float]) -> float:
        total = self._learned.intercept + sum(
            self._learned.weights.get(name, 0.0) * value for name, value in found.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
