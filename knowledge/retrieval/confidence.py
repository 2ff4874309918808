"""Do these passages answer this question? One calibrated decision, and its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.retrieval.intents import detect_intents, has_intent_evidence, lacks_required_evidence
from knowledge.retrieval.retriever import Hit
from knowledge.text.glossary import Glossary
from knowledge.types import Question

MAX_VAGUE_SLOTS = 3  # so few things asked may mean any document
MIN_SIMILAR_DOCUMENTS = 3  # documents that answer the kind of question that is asked
RIVAL_CONFIDENCE_RATIO = (
    0.95  # how sure of another document one must be, of the surest one, to ask which is meant
)
COEFFICIENTS_PATH = Path(__file__).with_name("confidence.yaml")


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression over the features, and the confidence from which Naru answers."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float
    made_by: str


@dataclass(frozen=True, slots=True)
class ScoredHit:
    """How sure we are that a passage answers, and what that rests on."""

    hit: Hit
    confidence: float
    features: Mapping[str, float]


@cache
def load_coefficients(path: Path = COEFFICIENTS_PATH) -> Coefficients:
    """The coefficients that `naru calibrate` wrote."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Coefficients(data["intercept"], data["weights"], data["threshold"], data["made_by"])


class ConfidenceModel:
    """Weighs what was found: the decision, and before it the order of the passages."""

    def __init__(self, glossary: Glossary, learned: Coefficients | None = None) -> None:
        analyser = glossary.analyser
        self._place_terms = glossary.place_terms
        self._coefficients = learned or load_coefficients()
        self._term_set = lru_cache(maxsize=20_000)(
            lambda text, language: frozenset(analyser.tokenise(text, language))
        )

    def score_hits(self, question: Question, hits: Sequence[Hit]) -> list[ScoredHit]:
        """`hits` with how sure we are that each answers, the surest first."""
        weighed = [
            ScoredHit(hit, self._compute_confidence(found), found)
            for hit in hits
            for found in [self.compute_features(question, hit, hits)]
        ]
        return sorted(weighed, key=lambda one: -one.confidence)

    def is_confident(self, best: ScoredHit) -> bool:
        """Whether the best one may be said."""
        return best.confidence >= self._coefficients.threshold

    def needs_clarification(
        self, question: Question, weighed: Sequence[ScoredHit], titles: Iterable[str]
    ) -> bool:
        """Whether one has to ask back: little is asked, nothing in it tells the best document
        from others by its title, and several answer that kind of question; or two documents fit
        as well and neither is named."""
        best = weighed[0]
        asked = {term for fit in best.hit.slot_fits for term in fit.slot.terms}
        same_kind = {
            one.hit.passage.document.base_id for one in weighed if one.features["intent_overlap"]
        }
        if (
            len(best.hit.slot_fits) <= MAX_VAGUE_SLOTS
            and len(same_kind) >= MIN_SIMILAR_DOCUMENTS
            and not question.place_words
        ):
            document = best.hit.matched_passage.document
            named = asked & self._term_set(document.title, document.language)
            called_so = sum(named <= self._term_set(title, document.language) for title in titles)
            return not named or called_so >= MIN_SIMILAR_DOCUMENTS
        home = best.hit.passage.document.base_id
        rival = next((one for one in weighed if one.hit.passage.document.base_id != home), None)
        return (
            rival is not None
            and rival.confidence >= RIVAL_CONFIDENCE_RATIO * best.confidence
            and not best.features["title_precision"]
            and not rival.features["title_precision"]
        )

    def compute_features(
        self, question: Question, hit: Hit, hits: Sequence[Hit]
    ) -> dict[str, float]:
        """What the decision is made from; each is about 0 to 1 and means the same in any
        library. The names are explained in confidence.md beside this file."""
        wanted, offered = (
            detect_intents(question.text),
            detect_intents(hit.matched_passage.heading[-1]),
        )
        kind = has_intent_evidence(hit.passage.text, wanted)
        same = [h.score for h in hits if h.passage.document.id == hit.passage.document.id]
        rivals = [h.score for h in hits if h.passage.document.id != hit.passage.document.id]
        both = hit.question_recall + hit.question_precision
        return self._compute_term_features(hit) | {
            "bm25_ratio": hit.bm25_ratio,
            "similarity": max(0.0, hit.similarity or 0.0),
            "question_similarity": max(0.0, hit.question_similarity or 0.0),
            "question_recall": hit.question_recall,
            "question_precision": hit.question_precision,
            "question_f1": 2 * hit.question_recall * hit.question_precision / both if both else 0.0,
            "unanswerable_similarity_lexical": hit.unanswerable_similarity_lexical,
            "unanswerable_similarity": hit.unanswerable_similarity,
            "document_margin": max(same) - max(rivals, default=0.0),
            "document_score_share": sum(same) / sum((*same, *rivals)),
            "evidence_present": float(kind is True),
            "evidence_absent": float(kind is False),
            "required_evidence_absent": float(lacks_required_evidence(hit.passage.text, wanted)),
            "intent_overlap": len(wanted & offered) / len(wanted | offered)
            if wanted | offered
            else 0.0,
            "intent_conflict": float(bool(wanted and offered and not wanted & offered)),
            "place_conflict": self._compute_place_conflict(question, hit),
            "cross_language": float(hit.matched_passage.document.language != question.language),
        }

    def _compute_term_features(self, hit: Hit) -> dict[str, float]:
        """The features of words: what is asked against what the passage has. Places aside: a
        general rule is no worse for not naming the asker's town."""
        language = hit.matched_passage.document.language
        fits = [fit for fit in hit.slot_fits if fit.slot.kind != "place"] or list(hit.slot_fits)
        total = sum(fit.max_score for fit in fits) or 1.0
        heading = self._term_set(hit.matched_passage.heading[-1], language)
        title = self._term_set(hit.matched_passage.document.title, language)
        ways = {term for way in hit.matched_passage.asked for term in self._term_set(way, language)}
        named = [fit for fit in fits if heading & fit.slot.terms.keys()]
        asked = {term for fit in hit.slot_fits for term in fit.slot.terms}
        missing = [fit for fit in fits if fit.score == 0]
        strange = [fit for fit in missing if not ways & fit.slot.terms.keys()]
        rarest = max((fit.max_score for fit in fits), default=1.0) or 1.0
        return {
            "passage_recall": 1 - sum(fit.max_score for fit in missing) / total,
            "heading_recall": sum(fit.max_score for fit in named) / total,
            "heading_precision": len(heading & asked) / len(heading) if heading else 0.0,
            "title_precision": len(title & asked) / len(title) if title else 0.0,
            "missing_rarity": max((fit.max_score for fit in missing), default=0.0) / rarest,
            "out_of_library_share": sum(fit.max_score for fit in missing if not fit.in_library)
            / total,
            "uncovered_trade_share": sum(f.max_score for f in strange if f.slot.kind == "trade")
            / total,
            "uncovered_plain_share": sum(f.max_score for f in strange if f.slot.kind == "plain")
            / total,
        }

    def _compute_place_conflict(self, question: Question, hit: Hit) -> float:
        """1 where the question names a place and the passage speaks of others only."""
        passage = hit.matched_passage
        said = "\n".join((*passage.heading, passage.text, *passage.asked))
        if any(word.lower() in said.lower() for word in question.place_words):
            return 0.0
        language = passage.document.language
        asked = {t for fit in hit.slot_fits if fit.slot.kind == "place" for t in fit.slot.terms}
        named = self._term_set(said, language) & self._place_terms[language]
        return float(bool(question.place_words or asked) and bool(named) and not named & asked)

    def _compute_confidence(self, found: Mapping[str, float]) -> float:
        total = self._coefficients.intercept + sum(
            self._coefficients.weights.get(name, 0.0) * value for name, value in found.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
