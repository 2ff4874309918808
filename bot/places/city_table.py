"""The gazetteer's cities and their names in memory, from the shipped table that `make cities` makes.

The data are GeoNames', under CC BY 4.0, as the file says itself. Names are sorted hashes and the rest
columns: as dictionaries they would take 90 MB. See docs/decisions/0078-start-small-and-fast.md.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import Any, overload

import numpy as np

CITY_FILE = Path(__file__).with_name("cities.npz")
DEGREE_PARTS = 100_000  # GeoNames gives five decimals, so whole parts give the very same number

Arrays = Mapping[str, Any]  # as `city_source` builds them


def hash_key(key: str) -> int:
    """64 bits of a name's key. Two of 200,000 keys share them once in a thousand million tables."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


class _Column(Sequence[str]):
    """Texts by number, kept as one: each as an object of its own, scattered among those it was read
    with, would keep all that memory from being given back."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "".join(texts)
        self._ends = array("L", accumulate(map(len, texts)))

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._joined[start:end]
            start = end

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self._joined[self._ends[number - 1] if number else 0 : self._ends[number]]


class CityTable:
    """The cities by number, in columns: their main `names`, ISO 3166-1 codes of their `countries`,
    GeoNames' own codes of their first-level divisions (`admin1`), degrees and `populations`."""

    def __init__(self, arrays: Arrays) -> None:
        self.names = _Column(str(arrays["names"]).split("\n"))
        self.countries = _Column(str(arrays["countries"]).split("\n"))
        self.admin1 = _Column(str(arrays["admin1"]).split("\n"))
        self.lats = array("d", (arrays["lats"] / DEGREE_PARTS).tobytes())
        self.lons = array("d", (arrays["lons"] / DEGREE_PARTS).tobytes())
        self.populations = array("i", arrays["populations"].tobytes())

    def __len__(self) -> int:
        return len(self.names)


class SpellingTable:
    """The cities' numbers by the key of each of their names (see `normalise_name`).

    `longest_hangul` is the length of the longest key with Hangul in it.
    """

    def __init__(self, arrays: Arrays) -> None:
        self._hashes = array("q", arrays["hashes"].tobytes())
        self._numbers = arrays["numbers"]
        self.longest_hangul = int(arrays["longest_hangul"])

    def __contains__(self, key: str) -> bool:
        wanted = hash_key(key)
        start = bisect_left(self._hashes, wanted)
        return start < len(self._hashes) and self._hashes[start] == wanted

    def find_numbers(self, key: str) -> list[int]:
        """The numbers of the cities with a name of this key, ascending."""
        wanted = hash_key(key)
        start = bisect_left(self._hashes, wanted)
        end = bisect_right(self._hashes, wanted, start)
        numbers: list[int] = self._numbers[start:end].tolist()
        return numbers


def load_cities() -> tuple[CityTable, SpellingTable]:
    """The cities of 15,000 people and more, and their names."""
    with np.load(CITY_FILE) as arrays:
        return CityTable(arrays), SpellingTable(arrays)
