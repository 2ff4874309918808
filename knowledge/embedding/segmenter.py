"""Text to the numbers of its pieces: the likeliest division under a unigram model (Kudo 2018)."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict

from knowledge.embedding.piece_table import PieceTable
from knowledge.embedding.weight_file import WeightFile

WORD_START = "▁"  # stands for the space before a word
UNKNOWN_PENALTY = 10.0  # an unknown character costs so much more than the rarest piece
NO_DIVISION = float("-inf")


class Segmenter:
    """Divides text into pieces of words. Thread-safe."""

    def __init__(self, file: WeightFile) -> None:
        self._table = PieceTable(file.pieces, file.unknown_piece)
        self._scores = array("f", file.scores.tobytes())
        self._unknown_score = min(self._scores) - UNKNOWN_PENALTY
        self._unknown = file.unknown_piece
        self._character_map = file.character_map
        self._limit = file.max_tokens - 2  # pieces: the start and the end are added
        self._edges = file.start_piece, file.end_piece

    def divide_text(self, text: str) -> list[int]:
        """The numbers of the pieces of `text` between those for start and end, at most as many as
        the model reads; what is longer is cut."""
        start, end = self._edges
        return [start, *self._find_pieces(self._normalise(text))[: self._limit], end]

    def _normalise(self, text: str) -> str:
        """`text` as the model was trained on it. One character may become 18, so it is cut before
        and after, at a length that holds at least the pieces the model reads."""
        longest = self._limit * self._table.longest
        written = text[:longest].translate(self._character_map)
        words = re.sub(" {2,}", " ", written)[:longest]
        return (words if words.startswith(" ") else f" {words}").replace(" ", WORD_START)

    def _find_pieces(self, text: str) -> list[int]:
        """The division with the highest sum of scores (Viterbi)."""
        size = len(text)
        best = [0.0] + [NO_DIVISION] * size
        pieces, starts = [self._unknown] * (size + 1), [0] * (size + 1)
        known = defaultdict[int, list[tuple[int, int]]](list)
        for start, end, number in self._table.find_pieces(text):
            known[start].append((end, number))
        for start in range(size):
            before = best[start]
            for end, number in known.get(start, ()):
                if before + self._scores[number] > best[end]:
                    best[end], pieces[end], starts[end] = before + self._scores[number], number, start  # fmt: skip
            if before + self._unknown_score > best[start + 1]:
                best[start + 1] = before + self._unknown_score
                pieces[start + 1], starts[start + 1] = self._unknown, start
        found = []
        end = size
        while end:
            found.append(pieces[end])
            end = starts[end]
        return found[::-1]
