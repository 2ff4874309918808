"""One question scored against every translation group: by words, known questions and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import SlotScores
from knowledge.retrieval.edition import Edition, LanguageIndex
from knowledge.retrieval.ranking.best import find_best
from knowledge.text.slots import Slot
from knowledge.types import Language

Scores = NDArray[np.float32]
Positions = NDArray[np.int64]

# A passage in another language counts a little less than one the asker can read.
CROSS_LANGUAGE_SCORE_WEIGHT = 0.8  # tuned: see docs/parameters.md
# The factor between languages is measured on this many of the best passages in the asker's own
# language that have a translation, and clipped to this range.
CROSS_LANGUAGE_SAMPLE_PASSAGES = 10  # tuned: see docs/parameters.md
CROSS_LANGUAGE_FACTOR_RANGE = (1.0, 2.0)  # tuned: see docs/parameters.md
# Languages whose words we tell apart so well that a passage in them needs no second match in
# another language; Vietnamese syllables say too little by themselves.
SELF_SUFFICIENT_LANGUAGES: frozenset[Language] = frozenset({"ko", "en"})


@dataclass(frozen=True, slots=True)
class SlotFit:
    """How one slot of the question fits one passage: `score` of at most `max_score` (BM25).

    `in_library` is whether any passage of that language, or a question one answers, has the slot.
    """

    slot: Slot
    score: float
    max_score: float
    in_library: bool


class KnownQuestionScores:
    """Per translation group (g,): the overlap of words (F1) with its best-matching known question."""

    def __init__(self, edition: Edition) -> None:
        self.f1 = np.zeros(edition.group_count, np.float32)
        self._edition = edition

    def score_language(self, language: Language, slots: Sequence[Slot], weight: float) -> None:
        """Compare the question's `slots` in `language` with the known questions in it; their F1
        counts `weight` times."""
        index = self._edition.language_indexes[language]
        if index.question_index.size:
            f1 = weight * index.question_index.match_slots(slots).compute_f1()
            index.question_groups.raise_to(self.f1, f1)


class LexicalScores:
    """Per translation group (g,): the best share of a perfect BM25 match in any language, and
    the passage that reached it."""

    def __init__(self, edition: Edition, question_language: Language) -> None:
        self.scores = np.zeros(edition.group_count, np.float32)
        self._best_positions = np.full(edition.group_count, -1, np.int64)
        # Groups that the asker's own language has decided.
        self._settled_groups = np.zeros(edition.group_count, bool)
        self._slot_scores: dict[Language, list[tuple[Slot, SlotScores, bool]]] = {}
        self._edition = edition
        self._question_language = question_language

    def score_language(self, language: Language, slots: Sequence[Slot]) -> None:
        """Score the passages of one language by the question's `slots` in it; the language of
        the question has to come first."""
        index = self._edition.language_indexes[language]
        scored = [
            (slot, index.passage_index.score_slot(slot), index.has_slot_terms(slot))
            for slot in slots
        ]
        self._slot_scores[language] = scored
        perfect = sum(slot_scores.max_score for _, slot_scores, _ in scored)
        if not perfect:
            return
        total = np.sum([slot_scores.scores for _, slot_scores, _ in scored], axis=0) / perfect
        if language != self._question_language:
            factor = self._compute_language_factor(total, index.groups)
            total *= CROSS_LANGUAGE_SCORE_WEIGHT * factor
        self._keep_best(language, total, index)

    def get_best_position(self, group: int) -> int | None:
        """The position of the passage that was matched best; None where no word matched."""
        position = int(self._best_positions[group])
        return position if position >= 0 else None

    def list_slot_fits(self, position: int) -> tuple[SlotFit, ...]:
        """How each slot of the question, in the language of the passage at `position`, fits it."""
        language = self._edition.passages[position].document.language
        positions = self._edition.language_indexes[language].positions
        row = int(np.searchsorted(positions, position))
        return tuple(
            SlotFit(slot, float(slot_scores.scores[row]), slot_scores.max_score, in_library)
            for slot, slot_scores, in_library in self._slot_scores[language]
        )

    def _keep_best(self, language: Language, total: Scores, index: LanguageIndex) -> None:
        rows = _find_best_rows(total, index)
        groups, positions, best = index.groups[rows], index.positions[rows], total[rows]
        better = (best > self.scores[groups]) & ~self._settled_groups[groups]
        self.scores[groups[better]] = best[better]
        self._best_positions[groups[better]] = positions[better]
        if language == self._question_language and language in SELF_SUFFICIENT_LANGUAGES:
            self._settled_groups[groups] = True
            self._best_positions[groups] = positions

    def _compute_language_factor(self, total: Scores, groups: Positions) -> float:
        """What to multiply scores of another language with, from passages that exist in both.

        Words get lost in translation, so the same passage scores lower in the other language.
        See docs/decisions/0007-cross-language-scores-scaled-per-question.md.
        """
        own = self.scores[groups]
        best = find_best(own, CROSS_LANGUAGE_SAMPLE_PASSAGES)
        own_sum, other_sum = float(own[best].sum()), float(total[best].sum())
        if not own_sum or not other_sum:
            return CROSS_LANGUAGE_FACTOR_RANGE[0]
        return float(np.clip(own_sum / other_sum, *CROSS_LANGUAGE_FACTOR_RANGE))


def _find_best_rows(scores: Scores, index: LanguageIndex) -> Positions | slice:
    """Of each group in a language the row of its highest score."""
    if index.has_one_each:
        return slice(None)
    rising = np.argsort(scores, kind="stable")  # the last one written to a group is its best
    best = np.full(int(index.groups.max()) + 1, -1, np.int64)
    best[index.groups[rising]] = rising
    return best[best >= 0]
