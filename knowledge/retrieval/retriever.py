"""Which passages may answer: BM25 over morphemes and vectors, fused, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import Slot, SlotScores
from knowledge.retrieval.edition import MIN_GLOSS_SHARE, Edition
from knowledge.retrieval.embedder import Embedder
from knowledge.text.glossary import Glossary, TermSpan
from knowledge.types import Language, Passage, Question

Scores = NDArray[np.float32]

FUSION_DEPTH = 100  # how many of each arm's best are fused
CROSS_LANGUAGE_WEIGHT = (
    0.8  # a passage in another language counts a little less than one the asker can read
)
# Languages whose words we tell apart so well that a passage in them needs no second reading in
# another one; Vietnamese syllables say too little by themselves.
SELF_SUFFICIENT_LANGUAGES: frozenset[Language] = frozenset({"ko", "en"})
RATE_SAMPLE_PASSAGES = 10  # the best passages in the asker's language, if translated, set the rate
CROSS_LANGUAGE_RATE_RANGE = (
    1.0,
    2.0,
)  # how far a question's own rate of exchange may lift the other languages
# Weight of the lexical arm: measured on Korean and English reading sets.
LEXICAL_WEIGHTS: dict[Language, float] = {"ko": 0.8, "en": 0.5, "vi": 0.8}


@dataclass(frozen=True, slots=True)
class SlotFit:
    """How one thing the question asks for fits one passage: `got` of `best` possible."""

    slot: Slot
    score: float
    max_score: float
    in_library: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with everything the grounds need to judge it.

    `score` orders the hits, 0 to 1; `lexical` is its share of a perfect match; `similarity` the
    cosine of its vector, and `alike` that of the most similar question it is known to answer,
    None where the arm was off; `covers` and `covered` are how like the most like one is by its
    words; `denied` and `denied_alike` are how like the question is to the most like one that
    nothing answers; `fits` are the question's slots in the language the passage was matched in, and
    `matched` is the passage they were matched with.
    """

    passage: Passage
    score: float
    bm25_ratio: float
    similarity: float | None
    question_similarity: float | None
    question_recall: float
    question_precision: float
    unanswerable_similarity_lexical: float
    unanswerable_similarity: float
    slot_fits: tuple[SlotFit, ...]
    matched_passage: Passage


class Retriever:
    """Finds passages for a question in an edition."""

    def __init__(self, glossary: Glossary, embedder: Embedder) -> None:
        self._glossary = glossary
        self._embedder = embedder

    def search(self, edition: Edition, question: Question, count: int = 12) -> list[Hit]:
        """The best `count` passages, one a group of translations, best first."""
        terms = self._glossary.analyser.tokenise(question.text, question.language)
        if not terms:
            return []
        spans = self._glossary.find_spans(terms, question.language)
        lexical = _LexicalScores(edition, question.language)
        known = _KnownQuestionScores(edition)
        own_first = sorted(edition.language_indexes, key=lambda shelf: shelf != question.language)
        for language in own_first:
            slots = self._glossary.build_slots(spans, question.language, language)
            lexical.score_language(language, slots)
            known.score_language(
                language, slots, CROSS_LANGUAGE_WEIGHT if language != question.language else 1.0
            )
        dense = self._search_vectors(edition, question, spans)
        weight = 1 - (1 - LEXICAL_WEIGHTS[question.language]) * (
            dense.english_share if dense else 0
        )
        fused = _fuse_scores(lexical.scores, known.f1, dense, weight)
        best = [int(group) for group in np.argsort(-fused, kind="stable")[:count]]
        return [
            lexical.build_hit(group, float(fused[group]), known, dense)
            for group in best
            if fused[group] > 0
        ]

    def _search_vectors(
        self, edition: Edition, question: Question, spans: Sequence[TermSpan]
    ) -> _VectorScores | None:
        """The best cosine per group, or None where the embedder cannot read the question."""
        if edition.vector_index is None or edition.vector_index.manifest.vectors == 0:
            return None
        text = question.text
        if self._embedder.english_only and question.language != "en":
            text, share = self._glossary.gloss_spans(spans)
            if share < MIN_GLOSS_SHARE:
                return None
        size = int(edition.translation_groups.max()) + 1
        found = _VectorScores(np.zeros(size, np.float32), np.zeros(size, np.float32))
        nearest = edition.vector_index.find_nearest(self._embedder.embed_query(text), FUSION_DEPTH)
        if text != question.text:
            found.english_share = float(
                np.mean([edition.is_english_vector(number) for number, _ in nearest])
            )
        for number, similarity in nearest:
            if number in edition.unanswerable_vectors:
                found.unanswerable_similarity = max(found.unanswerable_similarity, similarity)
            if (owner := edition.passage_by_vector.get(number)) is None:
                continue
            group = edition.translation_groups[owner]
            side = (
                found.passage_similarity
                if number < len(edition.passages)
                else found.question_similarity
            )
            side[group] = max(side[group], similarity)
        return found


@dataclass(slots=True)
class _VectorScores:
    """The best cosine per group: of its passages, and of the questions known to be answered; and
    the best of all that nothing answers. `trust` is the share of what was near that is English as
    it was written: comparing two glosses says less than the words themselves."""

    passage_similarity: Scores
    question_similarity: Scores
    unanswerable_similarity: float = 0.0
    english_share: float = 1.0


class _KnownQuestionScores:
    """How like the most like known question is, per group: both ways, and their mean; and how
    like the most like one is that nothing answers."""

    def __init__(self, edition: Edition) -> None:
        size = int(edition.translation_groups.max()) + 1 if len(edition.translation_groups) else 0
        self.f1 = np.zeros(size, np.float32)
        self.recall = np.zeros(size, np.float32)
        self.precision = np.zeros(size, np.float32)
        self.unanswerable_similarity = 0.0
        self._edition = edition

    def score_language(self, language: Language, slots: Sequence[Slot], worth: float) -> None:
        """Compare with the known questions of one language."""
        shelf = self._edition.language_indexes[language]
        if shelf.unanswerable_index.size:
            denied = worth * float(shelf.unanswerable_index.match_slots(slots).compute_f1().max())
            self.unanswerable_similarity = max(self.unanswerable_similarity, denied)
        if shelf.question_index.size == 0:
            return
        like = shelf.question_index.match_slots(slots)
        harmonic = worth * like.compute_f1()
        rising = np.argsort(harmonic, kind="stable")  # the last one written to a group is its best
        groups = shelf.question_groups[rising]
        best = np.full(len(self.f1), -1, np.int64)
        best[groups] = rising
        here = np.flatnonzero(best >= 0)
        better = here[harmonic[best[here]] > self.f1[here]]
        self.f1[better] = harmonic[best[better]]
        self.recall[better] = like.recall[best[better]]
        self.precision[better] = like.precision[best[better]]


class _LexicalScores:
    """One question against every language's shelf; per group the best share of a perfect match
    and the position it was reached at."""

    def __init__(self, edition: Edition, asked: Language) -> None:
        size = int(edition.translation_groups.max()) + 1 if len(edition.translation_groups) else 0
        self.scores = np.zeros(size, np.float32)
        self._best_positions = np.full(size, -1, np.int64)
        self._settled_groups = np.zeros(size, bool)  # what the asker's own language has decided
        self._slot_scores: dict[Language, list[tuple[Slot, SlotScores, bool]]] = {}
        self._edition = edition
        self._question_language = asked

    def score_language(self, language: Language, slots: Sequence[Slot]) -> None:
        """Score the passages of one language by the question's slots in it."""
        shelf = self._edition.language_indexes[language]
        parts = [
            (slot, shelf.passage_index.score_slot(slot), shelf.has_slot_terms(slot))
            for slot in slots
        ]
        self._slot_scores[language] = parts
        perfect = sum(part.max_score for _, part, _ in parts)
        if not perfect:
            return
        total = np.sum([part.scores for _, part, _ in parts], axis=0) / perfect
        if language != self._question_language:
            total *= CROSS_LANGUAGE_WEIGHT * self._compute_rate(
                total, self._edition.translation_groups[shelf.positions]
            )
        rising = np.argsort(total, kind="stable")  # the last one written to a group is its best
        groups = self._edition.translation_groups[shelf.positions][rising]
        best, at = np.zeros_like(self.scores), np.full_like(self._best_positions, -1)
        best[groups], at[groups] = total[rising], shelf.positions[rising]
        better = (best > self.scores) & ~self._settled_groups
        self.scores[better], self._best_positions[better] = best[better], at[better]
        if language == self._question_language and language in SELF_SUFFICIENT_LANGUAGES:
            self._settled_groups[self._edition.translation_groups[shelf.positions]] = True
            self._best_positions[groups] = at[groups]

    def _compute_rate(self, total: Scores, groups: NDArray[np.int64]) -> float:
        """What a score in another language is worth: the passages that stand in both tell.

        Words get lost between languages, so that the same passage scores less in the other one.
        """
        both = self.scores[groups]
        best = np.argsort(-both)[:RATE_SAMPLE_PASSAGES]
        mine, theirs = float(both[best].sum()), float(total[best].sum())
        if not mine or not theirs:
            return CROSS_LANGUAGE_RATE_RANGE[0]
        return float(np.clip(mine / theirs, *CROSS_LANGUAGE_RATE_RANGE))

    def build_hit(
        self, group: int, score: float, known: _KnownQuestionScores, dense: _VectorScores | None
    ) -> Hit:
        """One group's passage, the one the asker can read if there is one, and its fits."""
        edition = self._edition
        members = [
            int(position) for position in np.flatnonzero(edition.translation_groups == group)
        ]
        at = int(self._best_positions[group]) if self._best_positions[group] >= 0 else members[0]
        language = edition.passages[at].document.language
        row = int(np.searchsorted(edition.language_indexes[language].positions, at))
        fits = tuple(
            SlotFit(slot, float(part.scores[row]), part.max_score, known)
            for slot, part, known in self._slot_scores[language]
        )
        readable = (
            i for i in members if edition.passages[i].document.language == self._question_language
        )
        return Hit(
            passage=edition.passages[next(readable, at)],
            score=score,
            bm25_ratio=float(self.scores[group]),
            similarity=float(dense.passage_similarity[group]) if dense else None,
            question_similarity=float(dense.question_similarity[group]) if dense else None,
            question_recall=float(known.recall[group]),
            question_precision=float(known.precision[group]),
            unanswerable_similarity_lexical=known.unanswerable_similarity,
            unanswerable_similarity=max(0.0, dense.unanswerable_similarity) if dense else 0.0,
            slot_fits=fits,
            matched_passage=edition.passages[at],
        )


def _fuse_scores(
    lexical: Scores, known: Scores, dense: _VectorScores | None, weight: float
) -> Scores:
    """Weighted sum of the arms, each stretched over its best; rank fusion lost 10 points.

    Where questions are known, being like one counts as much as having the words.
    """
    words = _stretch_scores(lexical)
    if known.any():
        words = np.mean([words, _stretch_scores(known)], axis=0, dtype=np.float32)
    if dense is None:
        return words
    similar = _stretch_scores(np.maximum(dense.passage_similarity, dense.question_similarity))
    fused: Scores = weight * words + (1 - weight) * similar
    return fused


def _stretch_scores(scores: Scores) -> Scores:
    if len(scores) == 0:
        return scores
    best = np.sort(scores)[-FUSION_DEPTH:]
    low, high = float(best[0]), float(best[-1])
    if high <= low:
        return np.where(scores >= high, 1.0, 0.0).astype(np.float32) if high > 0 else scores
    stretched: Scores = np.clip((scores - low) / (high - low), 0.0, 1.0)
    return stretched
