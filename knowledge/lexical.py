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

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

Scores = NDArray[np.float32]

K1 = 0.9  # with B = .4 the defaults of Anserini, BM25's reference implementation in research
B = 0.4


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing the question asks for; `weight` is how much of the question it is."""

    terms: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SlotScores:
    """How one slot fits every passage: `scores` (n,), and `best`, what a perfect fit scores."""

    scores: Scores
    best: float


class LexicalIndex:
    """Terms × passages of one language, held in memory: 8 bytes a distinct term of a passage."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        self.size = len(passages)
        self._columns: dict[str, int] = {}
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
        self._norm = K1 * (1 - B + B * lengths / max(mean, 1.0))

    def knows(self, slot: Slot) -> bool:
        """Whether any passage has any of the slot's terms."""
        return any(term in self._columns for term in slot.terms)

    def score(self, slot: Slot) -> SlotScores:
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
        scores = rarity * (K1 + 1) * frequency / (frequency + self._norm)
        return SlotScores(scores.astype(np.float32), float(rarity))
