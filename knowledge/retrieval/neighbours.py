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

from knowledge.retrieval.known_questions import KnownQuestion
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
        questions: Sequence[KnownQuestion],
        groups: NDArray[np.int64],
        base_ids: Sequence[str],
    ) -> None:
        """`groups` (n,) and `base_ids` (n) are the translation group and the document of each
        passage of the edition."""
        self._grams = GramIndex([one.text for one in questions])
        positions = np.array([one.position for one in questions], np.int64)
        self._groups = groups[positions]
        self._group_count = int(groups.max(initial=-1)) + 1
        self._is_answered = np.array([one.is_answered for one in questions], bool)
        self._base_ids = [base_ids[position] for position in positions]

    def score_text(self, text: str) -> LetterScores:
        """Compare a question with all known ones."""
        cosines = self._grams.compare(text)
        similarity = np.zeros(self._group_count, np.float32)
        answered = self._is_answered
        np.maximum.at(similarity, self._groups[answered], cosines[answered])
        nearest = np.argsort(-cosines, kind="stable")[:NEIGHBOUR_COUNT]
        total = float(cosines[nearest].sum())
        shares = defaultdict[str, float](float)
        for row in nearest[answered[nearest]] if total else ():
            shares[self._base_ids[row]] += float(cosines[row]) / total
        denied = float(cosines[~answered].max(initial=0.0))
        return LetterScores(similarity, denied, sum(shares.values()), dict(shares))


class GramIndex:
    """Texts by their character grams, weighted by rarity."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        counts = _count_grams(texts)
        spread = np.bincount(counts.grams, minlength=GRAM_BUCKETS)
        self._rarity = np.log((1 + self.size) / (1 + spread)).astype(np.float32) + 1
        self._lengths = self._weigh_grams(counts, self.size)[1]
        self._starts = np.concatenate([[0], np.cumsum(spread)]).astype(np.int32)
        # Three bytes for each gram of each text instead of eight.
        self._rows = _narrow(counts.rows)
        self._counts = _narrow(counts.counts)

    def compare(self, text: str) -> NDArray[np.float32]:
        """The cosine (n,) of every text with `text`, 0 to 1."""
        query = _count_grams([text])
        weights, length = self._weigh_grams(query, 1)
        cosines = np.zeros(self.size, np.float32)
        for gram, weight in zip(query.grams, weights / length, strict=True):
            start, end = self._starts[gram : gram + 2]
            rows = self._rows[start:end]
            counts = self._counts[start:end].astype(np.float32)
            cosines[rows] += weight * ((1 + np.log(counts)) * self._rarity[gram] / self._lengths[rows])  # fmt: skip
        return cosines

    def _weigh_grams(
        self, counts: _GramCounts, size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The weights of the grams of `size` texts, more the rarer they are, and the length (size,)
        of each text's row of them."""
        often = counts.counts.astype(np.float32)
        weights = (1 + np.log(often)) * self._rarity[counts.grams]
        lengths = np.sqrt(np.bincount(counts.rows, weights * weights, size)).astype(np.float32)
        return weights, np.maximum(lengths, np.float32(1e-6))


@dataclass(frozen=True, slots=True)
class _GramCounts:
    """How often texts have grams, (c,) each: the text's number, the gram and the count, by gram and
    then by text."""

    rows: NDArray[np.int64]
    grams: NDArray[np.int64]
    counts: NDArray[np.int64]


def _narrow(numbers: NDArray[np.int64]) -> NDArray[np.integer]:
    """`numbers` in as few bytes as the largest takes."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _count_grams(texts: Sequence[str]) -> _GramCounts:
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
    return _GramCounts(rows, grams_found, counts)
