"""BM25 over columns of counts, for slots of weighted alternative terms.

A slot is scored as one word whose frequency in a passage, and whose rarity, are the weighted means
over its terms (probabilistic structured query, Darwish and Oard 2003). A slot of one term is plain
BM25. See docs/decisions/0005-own-bm25-over-a-scipy-matrix.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The terms of n texts by column: which texts have each of `terms` (by number, ascending) and how
    often. `rows` and `counts` have the columns one after another, `spread` (c,) how many texts
    each has. `lengths` (n,) are the terms of each text, with repeats."""

    terms: Sequence[str]
    rows: NDArray[np.int32]
    counts: NDArray[np.float32]
    spread: NDArray[np.int32]
    lengths: NDArray[np.int32]


def count_terms(texts: Sequence[Sequence[str]]) -> TermCounts:
    """Count the terms of texts, which are given with repeats."""
    counted = [Counter(terms) for terms in texts]
    known: dict[str, int] = {}
    places = [known.setdefault(term, len(known)) for terms in counted for term in terms]
    columns = np.array(places, np.int32)
    order = np.argsort(columns, kind="stable")
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(terms) for terms in counted])
    counts = np.array([count for terms in counted for count in terms.values()], np.float32)
    spread = np.bincount(columns, minlength=len(known)).astype(np.int32)
    lengths = np.array([len(terms) for terms in texts], np.int32)
    return TermCounts(list(known), rows[order], counts[order], spread, lengths)


class _TermColumns:
    """Texts by the columns of their terms: that of a column lie from `_starts[column]` to
    `_starts[column + 1]`."""

    def __init__(self, counts: TermCounts) -> None:
        self.size = len(counts.lengths)
        self._columns = {term: column for column, term in enumerate(counts.terms)}
        self._rows = counts.rows
        self._starts = np.concatenate([[0], np.cumsum(counts.spread)])

    def has_slot_terms(self, slot: Slot) -> bool:
        """Whether any text in the index has any of the slot's terms."""
        return any(term in self._columns for term in slot.terms)


class Bm25Index(_TermColumns):
    """n passages of one language by their terms, in memory: 8 bytes per distinct term of each."""

    def __init__(self, counts: TermCounts) -> None:
        super().__init__(counts)
        self._counts = counts.counts
        lengths = counts.lengths.astype(np.float32)
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

    def __init__(self, counts: TermCounts) -> None:
        super().__init__(counts)
        rarity = np.log(1 + (self.size - counts.spread + 0.5) / (counts.spread + 0.5))
        self._rarity = rarity.astype(np.float32)
        masses = np.bincount(self._rows, np.repeat(self._rarity, counts.spread), self.size)
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
