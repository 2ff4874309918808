"""Which passages may answer: BM25 over morphemes and vectors, fused, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.embedding.embedder import Embedder
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.neighbours import LetterScores
from knowledge.retrieval.ranking.best import find_best, find_nth_best
from knowledge.retrieval.scores import (
    CROSS_LANGUAGE_SCORE_WEIGHT,
    KnownQuestionScores,
    LexicalScores,
    Scores,
    SlotFit,
)
from knowledge.text.glossary import Glossary, TermSpan
from knowledge.types import Language, Passage, Question

MAX_HITS = 40  # passages that the confidence is computed for  # tuned: see docs/parameters.md
# How many of the best passages by words take part in the fusion.
FUSION_DEPTH_PASSAGES = 100  # tuned: see docs/parameters.md
LEAST_COSINE = 1e-6  # below it nothing is alike
# Weight of the words against the vectors, by the question's language, for passages in it; and
# for passages that exist in other languages only.
# tuned: see docs/parameters.md
LEXICAL_ARM_WEIGHTS: dict[Language, float] = {"ko": 0.7, "en": 0.6, "vi": 0.7}
FOREIGN_LEXICAL_ARM_WEIGHT = 0.6  # tuned: see docs/parameters.md


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with everything its confidence is computed from.

    All numbers are 0 to 1 (cosines -1 to 1). `score` orders the hits. `bm25_ratio` is the share
    of a perfect match by words. `document_score` is the best score of the passages of its document. `similarity` is the cosine of the passage's vector with the
    question's, both centred; None where vectors were not searched. `nearness` is its share of the best. `question_f1` is the overlap of
    words with its best-matching known question, `letter_similarity` that of letters.
    `document_share` is the share of its document among the nearest known questions; the share of
    answered ones, `answered_share`, and the similarity of the nearest that no passage answers,
    `denied_similarity`, are equal for all hits of a question. `question_terms` are the terms of
    its known questions, `name_terms` those of its title and heading, `place_terms` the places it
    names. `matched_passage` is the translation whose words matched, `slot_fits` are
    the question's slots in its language; `passage` is the translation to show.
    """

    passage: Passage
    score: float
    document_score: float
    bm25_ratio: float
    similarity: float | None
    nearness: float
    question_f1: float
    letter_similarity: float
    document_share: float
    answered_share: float
    denied_similarity: float
    question_terms: frozenset[str]
    name_terms: frozenset[str]
    place_terms: frozenset[str]
    slot_fits: tuple[SlotFit, ...]
    matched_passage: Passage


@dataclass(frozen=True, slots=True)
class _Arms:
    """The scores of one question by each way to find passages; `similarity`, and `nearness` as its
    share of the best, are None without vectors."""

    lexical: LexicalScores
    known: KnownQuestionScores
    letters: LetterScores
    similarity: Scores | None
    nearness: Scores | None  # the similarity as shares of the best


class Retriever:
    """Finds passages for a question in an edition."""

    def __init__(self, glossary: Glossary, embedder: Embedder) -> None:
        self._glossary = glossary
        self._embedder = embedder

    def search(
        self,
        edition: Edition,
        question: Question,
        count: int = MAX_HITS,
        within: frozenset[str] = frozenset(),
    ) -> list[Hit]:
        """At most `count` hits, one per group of translations, best first; none for a question
        without terms. `within` are base ids of the only documents to look in, empty for all. Raises
        EmbedderMissing where the model cannot be loaded."""
        language = question.language
        terms = self._glossary.analyser.tokenise(question.text, language)
        if not terms:
            return []
        lexical, known = self._score_words(
            edition, language, self._glossary.find_spans(terms, language)
        )
        similarity = self._compare_vectors(edition, question)
        nearness = None if similarity is None else _scale_cosines(similarity)
        letters = edition.letters.score_text(question.text)
        arms = _Arms(lexical, known, letters, similarity, nearness)
        fused = _fuse_scores(arms, _weigh_words(edition, language))
        if within:
            fused = np.where(_find_groups_within(edition, within), fused, np.float32(0))
        best = find_best(fused, count).tolist()
        by_document = np.zeros(len(edition.documents), np.float32)
        edition.document_groups.raise_to(by_document, fused)
        return [
            _build_hit(edition, language, group, fused, by_document, arms)
            for group in best
            if fused[group] > 0
        ]

    def _score_words(
        self, edition: Edition, language: Language, spans: Sequence[TermSpan]
    ) -> tuple[LexicalScores, KnownQuestionScores]:
        """Score all groups by words, in the question's language first."""
        lexical, known = LexicalScores(edition, language), KnownQuestionScores(edition)
        for target in sorted(edition.language_indexes, key=lambda one: one != language):
            slots = self._glossary.build_slots(spans, language, target)
            lexical.score_language(target, slots)
            known.score_language(
                target, slots, 1.0 if target == language else CROSS_LANGUAGE_SCORE_WEIGHT
            )
        return lexical, known

    def _compare_vectors(self, edition: Edition, question: Question) -> Scores | None:
        """The best cosine (g,) of each group, None for an edition without vectors."""
        index = edition.vector_index
        if index is None or not len(index.positions):
            return None
        cosines = index.compare(self._embedder.embed_query(question.text), question.language)
        best = np.full(edition.group_count, -1, np.float32)
        edition.vector_groups.raise_to(best, cosines)
        return best


def _find_groups_within(edition: Edition, within: frozenset[str]) -> np.ndarray:
    """Which groups (g,) are of the documents with those base ids."""
    inside = [one.document.base_id in within for one in edition.passages]
    found = np.zeros(edition.group_count, bool)
    found[edition.translation_groups[np.flatnonzero(inside)]] = True
    return found


def _weigh_words(edition: Edition, language: Language) -> Scores:
    """The weight (g,) of the words for each group: less where only the glossary bridges."""
    return np.where(
        edition.group_languages[language],
        np.float32(LEXICAL_ARM_WEIGHTS[language]),
        np.float32(FOREIGN_LEXICAL_ARM_WEIGHT),
    )


def _build_hit(
    edition: Edition,
    language: Language,
    group: int,
    fused: Scores,
    by_document: Scores,
    arms: _Arms,
) -> Hit:
    """The hit of one group; it shows the passage in the asker's `language` if there is one. `fused`
    are the scores of all groups, `by_document` the best of each document."""
    members = edition.group_members.list_rows(group)
    best = arms.lexical.get_best_position(group)
    matched = members[0] if best is None else best
    readable = (i for i in members if edition.passages[i].document.language == language)
    document = edition.passages[matched].document
    name_terms, place_terms = edition.find_section_terms(matched)
    letters = arms.letters
    return Hit(
        passage=edition.passages[next(readable, matched)],
        score=float(fused[group]),
        document_score=float(by_document[edition.group_documents[group]]),
        bm25_ratio=float(arms.lexical.scores[group]),
        similarity=None if arms.similarity is None else float(arms.similarity[group]),
        nearness=0.0 if arms.nearness is None else float(arms.nearness[group]),
        question_f1=float(arms.known.f1[group]),
        letter_similarity=float(letters.similarity[group]),
        document_share=letters.document_shares.get(document.base_id, 0.0),
        answered_share=letters.answered_share,
        denied_similarity=letters.denied_similarity,
        question_terms=edition.find_question_terms(group, document.language),
        name_terms=name_terms,
        place_terms=place_terms,
        slot_fits=arms.lexical.list_slot_fits(matched),
        matched_passage=edition.passages[matched],
    )


def _fuse_scores(arms: _Arms, lexical_weights: Scores) -> Scores:
    """Sum (g,) of the arms, the words by `lexical_weights` (g,), each stretched up to its best;
    rank fusion lost 10 points.

    Where known questions match, matching one counts as much as having the words.
    """
    words = _stretch_scores(arms.lexical.scores)
    known: Scores = np.float32(0.5) * (arms.known.f1 + arms.letters.similarity)
    if known.any():
        words = np.mean([words, _stretch_scores(known)], axis=0, dtype=np.float32)
    if arms.nearness is None:
        return words
    fused: Scores = lexical_weights * words + (1 - lexical_weights) * arms.nearness
    return fused


def _scale_cosines(similarity: Scores) -> Scores:
    """Cosines (g,) as shares of the best. One of 0 is what any passage has: it counts for nothing
    in a library of any size."""
    best = max(float(similarity.max(initial=0)), LEAST_COSINE)
    return (np.maximum(similarity, 0) / best).astype(np.float32)


def _stretch_scores(scores: Scores) -> Scores:
    """`scores` (g,) mapped to 0 to 1 between the worst and the best that take part."""
    if len(scores) == 0:
        return scores
    low, high = find_nth_best(scores, FUSION_DEPTH_PASSAGES), float(scores.max())
    if high <= low:
        return np.where(scores >= high, 1.0, 0.0).astype(np.float32) if high > 0 else scores
    stretched: Scores = np.clip((scores - low) / (high - low), 0.0, 1.0)
    return stretched
