"""Index of place names in three languages: to cities, provinces and countries."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.missions.missions import Missions
from bot.places.cities import Cities, PlaceCandidate, Point
from bot.places.normalise import HANGUL_PATTERN, normalise_name, strip_marks
from bot.types import Mission
from knowledge.text.yaml_text import parse_yaml

PLACES_FILE = Path(__file__).with_name("places.yaml")
NAMING_LANGUAGES = ("ko", "en", "vi")
# Babel lists groups, test locales and parts of countries among the countries.
NOT_COUNTRY_CODES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
# Shorter names mean something else without diacritics: Mỹ is America, MY is Malaysia.
MIN_LETTERS_WITHOUT_MARKS = 4  # see docs/parameters.md
REMEMBERED_NAMES = 4_096  # whose meanings are kept; a text repeats its places


class NameIndex:
    """All known names; building it loads the gazetteer, which takes under a second.

    `look_up` gives all meanings of a key (see `normalise_name`), curated names first, and nothing
    for an unknown one. `longest_hangul` is the length of the longest name with Hangul in it: no
    text has to be read further for one.
    """

    def __init__(self, missions: Missions) -> None:
        """Raises LookupError if places.yaml names a city that the gazetteer does not have."""
        text = PLACES_FILE.read_text(encoding="utf-8")
        self.data: dict[str, Any] = parse_yaml(text)
        self._missions = missions
        self._hints: dict[int, str] = {}
        self._own_names: dict[str, list[PlaceCandidate | int]] = {}
        with _pause_garbage_collection():
            self._cities = Cities(self.data["admin1"], self.data["territories"])
            self._add_countries()
            self._add_regions()
            self._add_cities()
            self._add_hints()
        own = (len(key) for key in self._own_names if HANGUL_PATTERN.search(key))
        self.longest_hangul = max(*own, self._cities.longest_hangul)
        self.look_up = lru_cache(REMEMBERED_NAMES)(self._look_up)

    def _look_up(self, key: str) -> tuple[PlaceCandidate, ...]:
        """All meanings of a key (see `normalise_name`), curated names first; empty if unknown."""
        own = [self._to_candidate(item, is_curated=True) for item in self._own_names.get(key, ())]
        known = {item for item in self._own_names.get(key, ()) if isinstance(item, int)}
        others = [self._to_candidate(n) for n in self._cities.find_by_key(key) if n not in known]
        return (*own, *others)

    def has_key(self, key: str) -> bool:
        """Whether a key has any meaning."""
        return key in self._own_names or key in self._cities

    def has_own_name(self, key: str) -> bool:
        """Whether a key is a curated name."""
        return key in self._own_names

    def own_names(self) -> Iterator[str]:
        """The keys of the curated names, for suggestions."""
        return iter(self._own_names)

    def find_country(self, code: str) -> PlaceCandidate | None:
        """The country of an ISO 3166-1 code; None if it is unknown."""
        return self._countries.get(code)

    def find_region(self, code: str) -> PlaceCandidate | None:
        """The province of an ISO 3166-2 code, with its largest city's coordinates; None if unknown."""
        number = self._cities.largest_by_region.get(code)
        if number is None:
            return None
        return replace(self._cities.to_candidate(number), kind="region", region=code)

    def find_cities_near(self, centre: Point, km: float) -> list[tuple[float, PlaceCandidate]]:
        """The cities within `km` as (distance in km, city), nearest first."""
        return [
            (away, self._to_candidate(number))
            for away, number in self._cities.find_near(centre, km)
        ]

    def _to_candidate(self, item: PlaceCandidate | int, is_curated: bool = False) -> PlaceCandidate:
        if isinstance(item, PlaceCandidate):
            return item
        return self._cities.to_candidate(item, self._hints.get(item), is_curated)

    @cached_property
    def _countries(self) -> dict[str, PlaceCandidate]:
        territories = self.data["territories"]
        return {
            code: PlaceCandidate(name, "country", code, territories.get(code), is_curated=True)
            for code, name in _load_country_names("en").items()
            if code not in NOT_COUNTRY_CODES
        }

    def _add_names(
        self, names: list[str], meaning: PlaceCandidate | int, first: bool = False
    ) -> None:
        """Index names of a meaning: as written, without diacritics and without spaces."""
        for name in names:
            exact = normalise_name(name)
            bare = strip_marks(exact) if len(exact) >= MIN_LETTERS_WITHOUT_MARKS else exact
            for form in {exact, bare, exact.replace(" ", "")}:
                meanings = self._own_names.setdefault(form, [])
                if meaning not in meanings:
                    meanings.insert(0 if first else len(meanings), meaning)

    def _add_countries(self) -> None:
        for language in NAMING_LANGUAGES:
            names = _load_country_names(language)
            for code, spot in self._countries.items():
                if code in names:
                    self._add_names([names[code]], spot)
        for code, short in self.data["countries"].items():
            self._add_names(short, self._countries[code])

    def _add_regions(self) -> None:
        for code, names in self.data["regions"].items():
            spot = self.find_region(code)
            if spot is not None:
                self._add_names(names, replace(spot, name=names[-1], is_curated=True))

    def _add_cities(self) -> None:
        for country, cities in self.data["cities"].items():
            for name, names in cities.items():
                self._add_names([name.partition(",")[0], *names], self._find_city(country, name))
        for country, zones in self.data["zones"].items():
            for zone, (city, *names) in zones.items():
                there = self._cities.to_candidate(self._find_city(country, city), is_curated=True)
                self._add_names([zone, *names], replace(there, name=zone, population=0))

    def _find_city(self, country: str, name: str) -> int:
        """The largest city called "name" or "name, region" in a country.

        Raises LookupError if the gazetteer has none.
        """
        name, _, region = name.partition(", ")
        key = normalise_name(name)
        numbers = [
            number
            for number in self._cities.find_by_key(key)
            if self._cities.country_of(number) == country
            and (not region or self._cities.region_of(number) == region)
        ]
        if not numbers:
            raise LookupError(f"places.yaml: the gazetteer has no city {name!r} in {country}")
        return max(numbers, key=lambda number: self._cities.rank_match(number, key))

    def _add_hints(self) -> None:
        """Attach each mission to the places of its own list and to its seat."""
        for mission in self._missions:
            seats = (mission.city, mission.city_ko, mission.city_vi or mission.city)
            for name in dict.fromkeys((*mission.place_names, *seats)):
                self._add_hint(mission, name)

    def _add_hint(self, mission: Mission, name: str) -> None:
        """Attach a mission to the place in its country that `name` means, preferably in its area."""
        key = normalise_name(name)
        numbers = self._cities.find_by_key(key) or self._cities.find_by_key(strip_marks(key))
        options = [
            (self._to_candidate(item), item) for item in (*self._own_names.get(key, ()), *numbers)
        ]
        area = (*mission.regions, *mission.unverified_regions)
        in_country = [
            o for o in options if o[0].country == mission.country and o[0].kind != "country"
        ]
        nowhere = (
            PlaceCandidate(name, "city", mission.country, None, mission.lat, mission.lon),
            None,
        )
        spot, item = max(
            in_country, key=lambda o: (o[0].region in area, o[0].population), default=nowhere
        )
        if isinstance(item, int):
            self._hints[item] = mission.id
        hinted = replace(spot, hint=mission.id, is_mission_named=True, is_curated=True)
        self._add_names([name], hinted, first=True)


def _load_country_names(language: str) -> dict[str, str]:
    """Babel's names of countries by ISO 3166-1 code, without additions in brackets."""
    # Imported here: Babel is slow to load and most commands do not need places.
    from babel import Locale

    names = Locale(language).territories
    return {
        code: re.sub(r"\s*\(.*?\)", "", name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha()
    }


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Disable garbage collection while hundreds of thousands of small objects are created."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
