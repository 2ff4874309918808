"""The known questions that are written most like a question, by character 2- to 4-grams.

Runs of letters bear slips, endings, lost spaces and lost accents, which words do not; and they
need no model. See docs/decisions/0068-nearest-known-questions-by-letters.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.text.language import fold_diacritics

GRAM_LENGTHS = (2, 3, 4)  # characters
GRAM_BUCKETS = 1 << 18  # grams are counted by hash; 20,000 questions have about 150,000 different
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The k nearest texts, nearest first: `rows` (k,) in the index and `cosines` (k,), 0 to 1."""

    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]


class NeighbourIndex:
    """Texts by their character grams, weighted by rarity."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        counts = _count_grams(texts)
        spread = np.bincount(counts.indices, minlength=GRAM_BUCKETS)
        self._rarity = np.log((1 + self.size) / (1 + spread)).astype(np.float32) + 1
        self._rows_by_gram = self._weight_grams(counts).tocsc()

    def find_nearest(self, text: str, count: int) -> Neighbours:
        """At most `count` texts that share a gram with `text`."""
        query = self._weight_grams(_count_grams([text]))
        cosines = np.zeros(self.size, np.float32)
        for gram, weight in zip(query.indices, query.data, strict=True):
            start, end = self._rows_by_gram.indptr[gram : gram + 2]
            rows = self._rows_by_gram.indices[start:end]
            cosines[rows] += weight * self._rows_by_gram.data[start:end]
        best = np.argsort(-cosines, kind="stable")[:count]
        best = best[cosines[best] > 0]
        return Neighbours(best, cosines[best])

    def _weight_grams(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """`counts` as rows of length 1, a gram heavier the rarer it is."""
        weighted = counts.copy()
        weighted.data = (1 + np.log(counts.data)) * self._rarity[counts.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(np.maximum(lengths, 1e-6), np.diff(weighted.indptr))
        return weighted


def normalise_letters(text: str) -> str:
    """`text` in lower case without accents, its words with one space around each."""
    words = "".join(c if c.isalnum() else " " for c in fold_diacritics(text)).split()
    return f" {' '.join(words)} "


def _count_grams(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each text has each gram, (n, GRAM_BUCKETS)."""
    written = [normalise_letters(text) for text in texts]
    letters = np.frombuffer("".join(written).encode("utf-32-le"), np.uint32).astype(np.uint64)
    text_numbers = np.repeat(np.arange(len(written)), [len(one) for one in written])
    rows, columns = [], []
    for length in GRAM_LENGTHS:
        if len(letters) < length:
            continue
        windows = len(letters) - length + 1
        hashes = np.full(windows, length, np.uint64)
        for offset in range(length):
            hashes = (hashes ^ letters[offset : offset + windows]) * _HASH_FACTOR
        is_whole = text_numbers[:windows] == text_numbers[length - 1 :]
        rows.append(text_numbers[:windows][is_whole])
        columns.append((hashes[is_whole] >> np.uint64(40)) % np.uint64(GRAM_BUCKETS))
    row, column = (np.concatenate(one) if one else np.zeros(0, np.int64) for one in (rows, columns))
    ones = np.ones(len(row), np.float32)
    counts = sparse.coo_matrix((ones, (row, column.astype(np.int64))), (len(written), GRAM_BUCKETS))
    return counts.tocsr()  # adds up what is there twice
