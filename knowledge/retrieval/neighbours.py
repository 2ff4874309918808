"""The known questions that are written most like a question, by character 2- to 4-grams.

Runs of letters bear slips, endings, lost spaces and lost accents, which words do not; and they
need no model. See docs/decisions/0068-nearest-known-questions-by-letters.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.ranking.best import find_best
from knowledge.retrieval.ranking.groups import Grouping
from knowledge.text.language import normalise_letters

NEIGHBOUR_COUNT = 20  # nearest known questions that are counted  # tuned: see docs/parameters.md
GRAM_LENGTHS = (2, 3, 4)  # characters
GRAM_BUCKETS = 1 << 18  # grams are counted by hash; 20,000 questions have about 150,000 different
_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class LetterScores:
    """What the known questions that are written like a question tell, 0 to 1.

    `similarity` (g,) is that of the most similar answered one of each translation group, and
    `denied_similarity` that of the most similar one that no passage answers. Of the
    NEIGHBOUR_COUNT nearest of all, by similarity, `answered_share` is the share of answered ones
    and `document_shares` that of each document, by its base id.
    """

    similarity: NDArray[np.float32]
    denied_similarity: float
    answered_share: float
    document_shares: Mapping[str, float]


class LetterIndex:
    """The known questions of an edition by their letters."""

    def __init__(
        self,
        grams: GramCounts,
        positions: NDArray[np.integer],
        is_answered: NDArray[np.bool_],
        groups: NDArray[np.int64],
        base_ids: Sequence[str],
    ) -> None:
        """The grams of k known questions, the `positions` (k,) of their passages in the edition, and
        which are answered (k,). `groups` (n,) and `base_ids` (n) are the translation group and
        the document of each passage of the edition."""
        self._grams = GramIndex(grams)
        self._group_count = int(groups.max(initial=-1)) + 1
        self._answered_groups = Grouping(groups[positions[is_answered]], self._group_count)
        self._is_answered = is_answered
        self._base_ids = [base_ids[position] for position in positions]

    def score_text(self, text: str) -> LetterScores:
        """Compare a question with all known ones."""
        cosines = self._grams.compare(text)
        similarity = np.zeros(self._group_count, np.float32)
        answered = self._is_answered
        self._answered_groups.raise_to(similarity, cosines[answered])
        nearest = find_best(cosines, NEIGHBOUR_COUNT)
        total = float(cosines[nearest].sum())
        shares = defaultdict[str, float](float)
        for row in nearest[answered[nearest]] if total else ():
            shares[self._base_ids[row]] += float(cosines[row]) / total
        denied = float(cosines[~answered].max(initial=0.0))
        return LetterScores(similarity, denied, sum(shares.values()), dict(shares))


@dataclass(frozen=True, slots=True)
class GramCounts:
    """How often n texts have grams, by gram and then by text: the text's number (`rows`) and the
    count (`counts`), each in as few bytes as it takes. `spread` (GRAM_BUCKETS,) is how many texts have
    each gram, `lengths` (n,) the length of each text's row of weights."""

    rows: NDArray[np.unsignedinteger]
    counts: NDArray[np.unsignedinteger]
    spread: NDArray[np.int32]
    lengths: NDArray[np.float32]


def count_grams(texts: Sequence[str]) -> GramCounts:
    """Count the grams of texts."""
    grams, rows, counts = _find_grams(texts)
    spread = np.bincount(grams, minlength=GRAM_BUCKETS).astype(np.int32)
    rarity = _compute_rarity(spread, len(texts))
    weights = _weigh_grams(counts, rarity[grams])
    lengths = _measure_rows(rows, weights, len(texts))
    return GramCounts(_narrow(rows), _narrow(counts), spread, lengths)


class GramIndex:
    """Texts by their character grams, weighted by rarity."""

    def __init__(self, counts: GramCounts) -> None:
        self.size = len(counts.lengths)
        self._rarity = _compute_rarity(counts.spread, self.size)
        self._lengths = counts.lengths
        self._starts = np.concatenate([[0], np.cumsum(counts.spread)]).astype(np.int32)
        self._rows = counts.rows
        self._counts = counts.counts
        most = int(counts.counts.max(initial=0))
        self._frequencies = 1 + np.log(np.maximum(np.arange(most + 1, dtype=np.float32), 1))

    def compare(self, text: str) -> NDArray[np.float32]:
        """The cosine (n,) of every text with `text`, 0 to 1."""
        grams, own, often = _find_grams([text])
        rarity = self._rarity[grams]
        weights = _weigh_grams(often, rarity)
        weights *= rarity / _measure_rows(own, weights, 1)
        starts, ends = self._starts[grams], self._starts[grams + 1]
        ranges = [slice(*one) for one in zip(starts.tolist(), ends.tolist(), strict=True)]
        rows = np.concatenate([self._rows[:0], *(self._rows[one] for one in ranges)])
        counts = np.concatenate([self._counts[:0], *(self._counts[one] for one in ranges)])
        shares = self._frequencies[counts] * np.repeat(weights, ends - starts)
        cosines = np.bincount(rows, shares, self.size) / self._lengths
        return cosines.astype(np.float32)


def _compute_rarity(spread: NDArray[np.int32], size: int) -> NDArray[np.float32]:
    """How much more each gram weighs the fewer of `size` texts have it."""
    return np.log((1 + size) / (1 + spread)).astype(np.float32) + np.float32(1)


def _weigh_grams(counts: NDArray[np.int64], rarity: NDArray[np.float32]) -> NDArray[np.float32]:
    weights: NDArray[np.float32] = (1 + np.log(counts.astype(np.float32))) * rarity
    return weights


def _measure_rows(
    rows: NDArray[np.int64], weights: NDArray[np.float32], size: int
) -> NDArray[np.float32]:
    """The length (size,) of each text's row of weights."""
    lengths = np.sqrt(np.bincount(rows, weights * weights, size)).astype(np.float32)
    return np.maximum(lengths, np.float32(1e-6))


def _narrow(numbers: NDArray[np.int64]) -> NDArray[np.unsignedinteger]:
    """`numbers` in as few bytes as the largest takes."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _find_grams(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The grams of texts, the number of the text and how often it has the gram, (c,) each, by gram
    and then by text."""
    written = [normalise_letters(text) for text in texts]
    letters = np.frombuffer("".join(written).encode("utf-32-le"), np.uint32).astype(np.uint64)
    text_numbers = np.repeat(np.arange(len(written)), [len(one) for one in written])
    keys = [np.zeros(0, np.int64)]
    for length in GRAM_LENGTHS:
        if len(letters) < length:
            continue
        windows = len(letters) - length + 1
        hashes = np.full(windows, length, np.uint64)
        for offset in range(length):
            hashes = (hashes ^ letters[offset : offset + windows]) * _HASH_FACTOR
        is_whole = text_numbers[:windows] == text_numbers[length - 1 :]
        grams = (hashes[is_whole] >> np.uint64(40)) % np.uint64(GRAM_BUCKETS)
        keys.append(grams.astype(np.int64) * len(written) + text_numbers[:windows][is_whole])
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    grams_found, rows = np.divmod(found, len(written)) if written else (found, found)
    return grams_found, rows, counts
