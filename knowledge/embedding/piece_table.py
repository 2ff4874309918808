"""The pieces of words that the shipped encoder knows, found in a text without a dictionary of them.

A Python dictionary of 250,000 pieces takes 60 MB and a third of a second at every start; sorted
hashes take 8 MB and a tenth. See docs/decisions/0078-start-small-and-fast.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbedderMissing

_HASH_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]
Letters = NDArray[np.uint32]  # by their code


class Pieces(Sequence[bytes]):
    """Pieces of words by number, in UTF-8; kept as one text with the places where each begins."""

    def __init__(self, text: bytes, bounds: NDArray[np.uint32]) -> None:
        """Piece i is `text[bounds[i]:bounds[i + 1]]`."""
        self.text = text
        self.bounds = bounds

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if number < 0 or number >= len(self):
            raise IndexError(number)
        return self.text[int(self.bounds[number]) : int(self.bounds[number + 1])]

    def __len__(self) -> int:
        return len(self.bounds) - 1


def join_pieces(pieces: Sequence[bytes]) -> Pieces:
    """`pieces` in one text."""
    bounds = np.cumsum([0, *map(len, pieces)])
    return Pieces(b"".join(pieces), bounds.astype(np.uint32))


class PieceTable:
    """Finds the pieces in a text. `longest` is the length of the longest, in characters."""

    def __init__(self, pieces: Pieces, left_out: int) -> None:
        """`left_out` is the number of a piece that no text has.

        Raises EmbedderMissing where the pieces are no text, or two of them have one hash.
        """
        self._pieces = pieces
        try:
            letters = _read_letters(pieces.text.decode())
        except UnicodeDecodeError as error:
            raise EmbedderMissing(f"The pieces of the model are no text ({error}).") from error
        is_start = (np.frombuffer(pieces.text, np.uint8) & 0xC0) != 0x80  # of a character
        characters = np.zeros(len(is_start) + 1, np.int32)  # before each byte
        np.cumsum(is_start, out=characters[1:])
        bounds = characters[pieces.bounds]
        starts, lengths = bounds[:-1], np.diff(bounds)
        self.longest = int(lengths.max())
        hashes = np.zeros(len(pieces), np.uint64)
        for offset in range(self.longest):
            has_letter = np.flatnonzero(lengths > offset)
            hashes[has_letter] = _add_letter(hashes[has_letter], letters[starts[has_letter] + offset])  # fmt: skip
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._numbers = order[order != left_out]
        self._hashes = hashes[self._numbers]
        if (self._hashes[1:] == self._hashes[:-1]).any():
            raise EmbedderMissing("Two pieces of the model have the same hash.")

    def find_pieces(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Every place of a piece in `text`, as (start, end, number), by start and then by end."""
        size, letters = len(text), _read_letters(text)
        found: list[tuple[int, int]] = []
        rows: list[int] = []
        hashes = np.zeros(size, np.uint64)
        for length in range(1, min(self.longest, size) + 1):
            windows = size - length + 1
            hashes = _add_letter(hashes[:windows], letters[length - 1 :])
            at = np.searchsorted(self._hashes, hashes)
            at[at == len(self._hashes)] = 0
            starts = np.flatnonzero(self._hashes[at] == hashes)
            found += [(start, start + length) for start in starts.tolist()]
            rows += at[starts].tolist()
        for (start, end), row in sorted(zip(found, rows, strict=True)):
            number = int(self._numbers[row])
            if self._pieces[number].decode() == text[start:end]:  # not another text of its hash
                yield start, end, number


def _read_letters(text: str) -> Letters:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _add_letter(hashes: Hashes, letters: Letters) -> Hashes:
    """The hashes of texts that are one letter longer."""
    mixed: Hashes = (hashes ^ (letters + np.uint64(1))) * _HASH_FACTOR
    mixed ^= mixed >> np.uint64(29)
    return mixed
