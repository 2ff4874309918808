"""BM25 over a sparse matrix, for plain terms and for slots of weighted alternatives.

A slot is one thing the question asks for, written as the terms that may stand for it, each with
its probability: {"원산지": 1.0} or {"certif": .5, "c/o": .25}. It is scored as one word whose
frequency in a passage, and whose rarity, are the weighted means of theirs (probabilistic
structured query, Darwish and Oard 2003). A slot of one term is plain BM25.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

Scores = NDArray[np.float32]

BM25_K1 = 0.9  # with B = .4 the defaults of Anserini, BM25's reference implementation in research
BM25_B = 0.4


SlotKind = Literal["trade", "place", "plain"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the question asks for; `weight` is how much of the question it is, `kind`
    whether it is a word of the trade, a place, or anything else."""

    terms: Mapping[str, float]
    weight: float = 1.0
    kind: SlotKind = "plain"


@dataclass(frozen=True, slots=True)
class SlotScores:
    """How one slot fits every passage: `scores` (n,), and `best`, what a perfect fit scores."""

    scores: Scores
    max_score: float


class _Columns:
    """What an index has a column for, by its term."""

    def __init__(self) -> None:
        self._columns: dict[str, int] = {}

    def knows(self, slot: Slot) -> bool:
        """Whether anything in the index has any of the slot's terms."""
        return any(term in self._columns for term in slot.terms)


class Bm25Index(_Columns):
    """Terms × passages of one language, held in memory: 8 bytes a distinct term of a passage."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.size = len(passages)
        rows: list[int] = []
        columns: list[int] = []
        counts: list[int] = []
        for row, terms in enumerate(passages):
            for term, count in Counter(terms).items():
                rows.append(row)
                columns.append(self._columns.setdefault(term, len(self._columns)))
                counts.append(count)
        shape = (self.size, max(len(self._columns), 1))
        self._counts = csc_matrix((np.array(counts, np.float32), (rows, columns)), shape=shape)
        lengths = np.array([len(terms) for terms in passages], np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        self._length_norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / max(mean, 1.0))

    def score_slot(self, slot: Slot) -> SlotScores:
        """BM25 of one slot against every passage, shape (n,)."""
        frequency = np.zeros(self.size, np.float32)
        mass = containing = 0.0
        for term, weight in slot.terms.items():
            mass += weight
            column = self._columns.get(term)
            if column is None:
                continue
            start, end = self._counts.indptr[column : column + 2]
            frequency[self._counts.indices[start:end]] += weight * self._counts.data[start:end]
            containing += weight * float(end - start)
        containing /= mass or 1.0
        rarity = slot.weight * np.log(1 + (self.size - containing + 0.5) / (containing + 0.5))
        scores = rarity * (BM25_K1 + 1) * frequency / (frequency + self._length_norm)
        return SlotScores(scores.astype(np.float32), float(rarity))


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """How like a question every known question is, (n,) each: the share of the asked that it
    has, and the share of it that is asked, by rarity."""

    recall: Scores
    precision: Scores

    def compute_f1(self) -> Scores:
        """The harmonic mean of both."""
        both = np.maximum(self.recall + self.precision, 1e-6)
        mean: Scores = 2 * self.recall * self.precision / both
        return mean


class QuestionIndex(_Columns):
    """Short known questions, matched both ways: a question about more, or about something else
    as well, is less like it."""

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.size = len(questions)
        rows, columns = [], []
        for row, terms in enumerate(questions):
            for term in dict.fromkeys(terms):
                rows.append(row)
                columns.append(self._columns.setdefault(term, len(self._columns)))
        shape = (self.size, max(len(self._columns), 1))
        self._term_rows = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
        self._term_columns = self._term_rows.tocsc()
        containing = np.diff(self._term_columns.indptr)
        self._rarity = np.log(1 + (self.size - containing + 0.5) / (containing + 0.5)).astype(
            np.float32
        )
        self._question_mass = np.maximum(self._term_rows @ self._rarity, 1e-6)

    def match_slots(self, slots: Sequence[Slot]) -> QuestionMatch:
        """Compare a question's slots with every known question."""
        covered = np.zeros(self.size, np.float32)
        asked = np.zeros(self._term_rows.shape[1], np.float32)
        total = 0.0
        unknown = float(np.log(1 + 2 * self.size))  # as rare as a term can be
        for slot in slots:
            known = [self._columns[term] for term in slot.terms if term in self._columns]
            best = max((float(self._rarity[column]) for column in known), default=unknown)
            total += slot.weight * best
            touched = np.zeros(self.size, np.float32)
            for column in known:
                asked[column] = 1.0
                start, end = self._term_columns.indptr[column : column + 2]
                rows = self._term_columns.indices[start:end]
                touched[rows] = np.maximum(touched[rows], self._rarity[column])
            covered += slot.weight * touched
        precision = (self._term_rows @ (self._rarity * asked)) / self._question_mass
        return QuestionMatch(covered / (total or 1.0), precision.astype(np.float32))
