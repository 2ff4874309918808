"""How likely passages are to answer a question: calibrated confidence from named features."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.decision.intents import detect_intents, has_intent_evidence, lacks_required_evidence
from knowledge.retrieval.retriever import Hit
from knowledge.text.glossary import Glossary
from knowledge.types import Question

# A question of at most this many slots may mean any document.
MAX_VAGUE_QUESTION_SLOTS = 3  # tuned: see docs/parameters.md
# At least this many documents must answer the kind of question asked for it to be vague.
MIN_SIMILAR_DOCUMENTS = 3  # tuned: see docs/parameters.md
# Ask back where another document's confidence is at least this fraction of the best one's.
RIVAL_CONFIDENCE_RATIO = 0.95  # tuned: see docs/parameters.md
COEFFICIENTS_PATH = Path(__file__).with_name("confidence.yaml")
ANALYSED_TEXTS_CACHED = 20_000  # headings, titles and known questions


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression over the features; `weights` by feature name.

    Naru answers from a confidence of at least `threshold` (0 to 1). `made_by` says what they
    were fitted to.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float
    made_by: str


@dataclass(frozen=True, slots=True)
class ScoredHit:
    """A hit with the confidence (0 to 1) that it answers, and the features that led to it."""

    hit: Hit
    confidence: float
    features: Mapping[str, float]


@cache
def load_coefficients(path: Path = COEFFICIENTS_PATH) -> Coefficients:
    """The coefficients that `naru calibrate` wrote; read once per path.

    Lets OSError, YAMLError and KeyError through for a file that is missing or damaged.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Coefficients(data["intercept"], data["weights"], data["threshold"], data["made_by"])


class ConfidenceModel:
    """Computes how likely hits are to answer, and decides whether the best one may be used."""

    def __init__(self, glossary: Glossary, coefficients: Coefficients | None = None) -> None:
        """`coefficients` default to the shipped ones."""
        analyser = glossary.analyser
        self._place_terms = glossary.place_terms
        self._coefficients = coefficients or load_coefficients()
        self._term_set = lru_cache(maxsize=ANALYSED_TEXTS_CACHED)(
            lambda text, language: frozenset(analyser.tokenise(text, language))
        )

    def score_hits(self, question: Question, hits: Sequence[Hit]) -> list[ScoredHit]:
        """`hits` with their confidence, the highest first."""
        scored: list[ScoredHit] = []
        for hit in hits:
            features = self.compute_features(question, hit, hits)
            scored.append(ScoredHit(hit, self._compute_confidence(features), features))
        return sorted(scored, key=lambda one: -one.confidence)

    def is_confident(self, best: ScoredHit) -> bool:
        """Whether the confidence of `best` reaches the threshold."""
        return best.confidence >= self._coefficients.threshold

    def needs_clarification(
        self, question: Question, scored_hits: Sequence[ScoredHit], titles: Iterable[str]
    ) -> bool:
        """Whether to ask back which document is meant, given the hits (best first, at least one)
        and the `titles` of all documents of the edition.

        Either the question is vague, or another document fits as well and the question names
        neither.
        """
        if self._is_vague(question, scored_hits):
            return not self._is_named_by_title(scored_hits[0].hit, titles)
        return _has_unnamed_rival(scored_hits)

    def _is_vague(self, question: Question, scored_hits: Sequence[ScoredHit]) -> bool:
        """Whether the question has few slots, names no place, and is of a kind that several
        documents answer."""
        same_kind = {
            one.hit.passage.document.base_id
            for one in scored_hits
            if one.features["intent_overlap"]
        }
        return (
            len(scored_hits[0].hit.slot_fits) <= MAX_VAGUE_QUESTION_SLOTS
            and len(same_kind) >= MIN_SIMILAR_DOCUMENTS
            and not question.place_words
        )

    def _is_named_by_title(self, best: Hit, titles: Iterable[str]) -> bool:
        """Whether the question has words of the best document's title that few titles share.
        See docs/decisions/0050-common-title-words-do-not-identify-a-document.md."""
        document = best.matched_passage.document
        asked = {term for fit in best.slot_fits for term in fit.slot.terms}
        named = asked & self._term_set(document.title, document.language)
        sharing = sum(named <= self._term_set(title, document.language) for title in titles)
        return bool(named) and sharing < MIN_SIMILAR_DOCUMENTS

    def compute_features(
        self, question: Question, hit: Hit, hits: Sequence[Hit]
    ) -> dict[str, float]:
        """The features of one of `hits`, by name; each is about 0 to 1 and means the same in any
        library. confidence.md explains them."""
        passage = hit.passage
        intents = detect_intents(question.text)
        heading_intents = detect_intents(hit.matched_passage.heading[-1])
        all_intents = intents | heading_intents
        has_evidence = has_intent_evidence(passage.text, intents)
        own = [h.score for h in hits if h.passage.document.id == passage.document.id]
        others = [h.score for h in hits if h.passage.document.id != passage.document.id]
        return self._compute_term_features(hit) | {
            "bm25_ratio": hit.bm25_ratio,
            "similarity": max(0.0, hit.similarity or 0.0),
            "question_recall": hit.question_recall,
            "question_precision": hit.question_precision,
            "question_f1": _compute_f1(hit.question_recall, hit.question_precision),
            "unanswerable_similarity": hit.unanswerable_similarity,
            "document_margin": max(own) - max(others, default=0.0),
            "document_score_share": sum(own) / sum((*own, *others)),
            "evidence_present": float(has_evidence is True),
            "evidence_absent": float(has_evidence is False),
            "required_evidence_absent": float(lacks_required_evidence(passage.text, intents)),
            "intent_overlap": len(intents & heading_intents) / len(all_intents)
            if all_intents
            else 0.0,
            "intent_conflict": float(
                bool(intents and heading_intents and not intents & heading_intents)
            ),
            "place_conflict": self._compute_place_conflict(question, hit),
            "cross_language": float(hit.matched_passage.document.language != question.language),
        }

    def _compute_term_features(self, hit: Hit) -> dict[str, float]:
        """The features from words: what is asked against what the passage has.

        Place names do not count: a general rule is not worse because it does not name the
        asker's town.
        """
        language = hit.matched_passage.document.language
        fits = [fit for fit in hit.slot_fits if fit.slot.kind != "place"] or list(hit.slot_fits)
        total = sum(fit.max_score for fit in fits) or 1.0
        heading = self._term_set(hit.matched_passage.heading[-1], language)
        title = self._term_set(hit.matched_passage.document.title, language)
        wordings = hit.matched_passage.asked
        known = {term for text in wordings for term in self._term_set(text, language)}
        in_heading = [fit for fit in fits if heading & fit.slot.terms.keys()]
        asked = {term for fit in hit.slot_fits for term in fit.slot.terms}
        missing = [fit for fit in fits if fit.score == 0]
        uncovered = [fit for fit in missing if not known & fit.slot.terms.keys()]
        rarest = max((fit.max_score for fit in fits), default=1.0) or 1.0
        return {
            "passage_recall": 1 - sum(fit.max_score for fit in missing) / total,
            "heading_recall": sum(fit.max_score for fit in in_heading) / total,
            "heading_precision": len(heading & asked) / len(heading) if heading else 0.0,
            "title_precision": len(title & asked) / len(title) if title else 0.0,
            "missing_rarity": max((fit.max_score for fit in missing), default=0.0) / rarest,
            "out_of_library_share": sum(fit.max_score for fit in missing if not fit.in_library)
            / total,
            "uncovered_trade_share": sum(f.max_score for f in uncovered if f.slot.kind == "trade")
            / total,
            "uncovered_plain_share": sum(f.max_score for f in uncovered if f.slot.kind == "plain")
            / total,
        }

    def _compute_place_conflict(self, question: Question, hit: Hit) -> float:
        """1.0 where the question names a place and the passage only names others, else 0.0."""
        passage = hit.matched_passage
        text = "\n".join((*passage.heading, passage.text, *passage.asked))
        if any(word.lower() in text.lower() for word in question.place_words):
            return 0.0
        language = passage.document.language
        asked = {t for fit in hit.slot_fits if fit.slot.kind == "place" for t in fit.slot.terms}
        named = self._term_set(text, language) & self._place_terms[language]
        return float(bool(question.place_words or asked) and bool(named) and not named & asked)

    def _compute_confidence(self, features: Mapping[str, float]) -> float:
        total = self._coefficients.intercept + sum(
            self._coefficients.weights.get(name, 0.0) * value for name, value in features.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _has_unnamed_rival(scored_hits: Sequence[ScoredHit]) -> bool:
    """Whether another document is about as likely as the best one, and the question has no word
    of either title."""
    best = scored_hits[0]
    own_id = best.hit.passage.document.base_id
    rival = next((o for o in scored_hits if o.hit.passage.document.base_id != own_id), None)
    return (
        rival is not None
        and rival.confidence >= RIVAL_CONFIDENCE_RATIO * best.confidence
        and not best.features["title_precision"]
        and not rival.features["title_precision"]
    )


def _compute_f1(recall: float, precision: float) -> float:
    both = recall + precision
    return 2 * recall * precision / both if both else 0.0
