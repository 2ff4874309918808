"""BM25 over columns of counts, for slots of weighted alternative terms.

A slot is scored as one word whose frequency in a passage, and whose rarity, are the weighted means
over its terms (probabilistic structured query, Darwish and Oard 2003). A slot of one term is plain
BM25. See docs/decisions/0005-own-bm25-over-a-scipy-matrix.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.text.slots import Slot

Scores = NDArray[np.float32]

# The defaults of Anserini, the reference implementation of BM25 in research.
BM25_K1 = 0.9
BM25_B = 0.4


@dataclass(frozen=True, slots=True)
class SlotScores:
    """BM25 of one slot: `scores` (n,) of every passage, and `max_score` of a perfect match."""

    scores: Scores
    max_score: float


class _TermColumns:
    """The terms of n texts, each with the number of its column: the texts (by number, ascending)
    that have the term, and how often. Columns lie one after another in `_rows` and `_counts`, from
    `_starts[column]` to `_starts[column + 1]`."""

    def __init__(self, texts: Sequence[Mapping[str, int]]) -> None:
        self.size = len(texts)
        self._columns: dict[str, int] = {}
        known = self._columns
        places = [known.setdefault(term, len(known)) for terms in texts for term in terms]
        columns = np.array(places, np.int32)
        order = np.argsort(columns, kind="stable")
        rows = np.repeat(np.arange(self.size, dtype=np.int32), [len(terms) for terms in texts])
        counts = np.array([count for terms in texts for count in terms.values()], np.float32)
        self._rows = rows[order]
        self._counts = counts[order]
        self._spread = np.bincount(columns, minlength=len(known))
        self._starts = np.concatenate([[0], np.cumsum(self._spread)])

    def has_slot_terms(self, slot: Slot) -> bool:
        """Whether any text in the index has any of the slot's terms."""
        return any(term in self._columns for term in slot.terms)


class Bm25Index(_TermColumns):
    """n passages of one language by their terms, in memory: 8 bytes per distinct term of each."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        """`passages` are the terms of each passage, with repeats."""
        super().__init__([Counter(terms) for terms in passages])
        lengths = np.array([len(terms) for terms in passages], np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        self._length_norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / max(mean, 1.0))

    def score_slot(self, slot: Slot) -> SlotScores:
        """BM25 of one slot against every passage."""
        frequency = np.zeros(self.size, np.float32)
        mass = containing = 0.0
        for term, weight in slot.terms.items():
            mass += weight
            column = self._columns.get(term)
            if column is None:
                continue
            start, end = self._starts[column : column + 2]
            frequency[self._rows[start:end]] += weight * self._counts[start:end]
            containing += weight * float(end - start)
        containing /= mass or 1.0
        rarity = slot.weight * np.log(1 + (self.size - containing + 0.5) / (containing + 0.5))
        scores = rarity * (BM25_K1 + 1) * frequency / (frequency + self._length_norm)
        return SlotScores(scores.astype(np.float32), float(rarity))


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """Weighted term overlap of a question with each of q known questions, (q,) each, 0 to 1.

    `recall` is the share of the question that the known question has, `precision` the share of
    the known question that is asked; terms are weighted by rarity.
    """

    recall: Scores
    precision: Scores

    def compute_f1(self) -> Scores:
        """The harmonic mean (q,) of recall and precision."""
        both = np.maximum(self.recall + self.precision, 1e-6)
        mean: Scores = 2 * self.recall * self.precision / both
        return mean


class QuestionIndex(_TermColumns):
    """q known questions by their terms, matched both ways: a question that asks for more or for
    less than the known one matches it less."""

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        """`questions` are the terms of each known question."""
        super().__init__([dict.fromkeys(terms, 1) for terms in questions])
        rarity = np.log(1 + (self.size - self._spread + 0.5) / (self._spread + 0.5))
        self._rarity = rarity.astype(np.float32)
        masses = np.bincount(self._rows, np.repeat(self._rarity, self._spread), self.size)
        self._question_mass = np.maximum(masses.astype(np.float32), np.float32(1e-6))

    def match_slots(self, slots: Sequence[Slot]) -> QuestionMatch:
        """The overlap of a question's `slots` with every known question."""
        covered = np.zeros(self.size, np.float32)
        asked = np.zeros(self.size, np.float32)
        asked_columns: set[int] = set()
        total = 0.0
        unknown = float(np.log(1 + 2 * self.size))  # as rare as a term can be
        for slot in slots:
            columns = [self._columns[term] for term in slot.terms if term in self._columns]
            rarest = max((float(self._rarity[column]) for column in columns), default=unknown)
            total += slot.weight * rarest
            matched = np.zeros(self.size, np.float32)
            for column in columns:
                start, end = self._starts[column : column + 2]
                rows = self._rows[start:end]
                matched[rows] = np.maximum(matched[rows], self._rarity[column])
                if column not in asked_columns:
                    asked_columns.add(column)
                    asked[rows] += self._rarity[column]
            covered += slot.weight * matched
        precision = (asked / self._question_mass).astype(np.float32)
        return QuestionMatch(covered / (total or 1.0), precision)
