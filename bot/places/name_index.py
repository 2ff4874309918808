"""What places are called: names in three languages → cities, provinces, countries."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.missions import Missions, yaml_loader
from bot.places.cities import Cities, Point, Spot
from bot.places.normalise import key_of, plain
from bot.types import Mission

DATA = Path(__file__).with_name("places.yaml")
NAMING_LANGUAGES = ("ko", "en", "vi")
# Babel lists groups, test locales and parts of countries among the countries.
NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
# Shorter names mean something else without their marks: Mỹ is America, MY is Malaysia.
SHORTEST_WITHOUT_MARKS = 4


class Atlas:
    """Every name we know; loads the gazetteer once, in under a second."""

    def __init__(self, missions: Missions) -> None:
        text = DATA.read_text(encoding="utf-8")
        self.data: dict[str, Any] = yaml.load(text, Loader=yaml_loader())  # noqa: S506 – safe
        self._missions = missions
        self._hints: dict[int, str] = {}
        self._known: dict[str, list[Spot | int]] = {}
        with _no_collection():
            self._cities = Cities(self.data["admin1"], self.data["territories"])
            self._name_countries()
            self._name_regions()
            self._name_cities()
            self._name_hints()

    def look(self, key: str) -> tuple[Spot, ...]:
        """Every meaning of a key (see `key_of`), our own names first."""
        own = [self._meaning(item, sure=True) for item in self._known.get(key, ())]
        known = {item for item in self._known.get(key, ()) if isinstance(item, int)}
        others = [self._meaning(n) for n in self._cities.called(key) if n not in known]
        return (*own, *others)

    def holds(self, key: str) -> bool:
        """Whether a key means anything."""
        return key in self._known or key in self._cities

    def keeps(self, key: str) -> bool:
        """Whether a key is one of our own names."""
        return key in self._known

    def own_names(self) -> Iterator[str]:
        """The keys of our own names, for suggestions."""
        return iter(self._known)

    def country(self, code: str) -> Spot | None:
        """The country of an ISO 3166-1 code."""
        return self._countries.get(code)

    def region(self, code: str) -> Spot | None:
        """The province of an ISO 3166-2 code, with its largest city's coordinates."""
        number = self._cities.largest.get(code)
        if number is None:
            return None
        return replace(self._cities.spot(number), kind="region", region=code)

    def cities(self) -> Iterator[Spot]:
        """Every city of the gazetteer."""
        return (self._meaning(number) for number in range(len(self._cities)))

    def near(self, here: Point, km: float) -> list[tuple[float, Spot]]:
        """The cities within `km`, nearest first, with their distance."""
        return [(away, self._meaning(number)) for away, number in self._cities.near(here, km)]

    def _meaning(self, item: Spot | int, sure: bool = False) -> Spot:
        if isinstance(item, Spot):
            return item
        return self._cities.spot(item, self._hints.get(item), sure)

    @cached_property
    def _countries(self) -> dict[str, Spot]:
        territories = self.data["territories"]
        return {
            code: Spot(name, "country", code, territories.get(code), sure=True)
            for code, name in _territories("en").items()
            if code not in NO_COUNTRIES
        }

    def _call(self, names: list[str], meaning: Spot | int, first: bool = False) -> None:
        """Add names for a meaning: as written, without marks, without spaces."""
        for name in names:
            exact = key_of(name)
            bare = plain(exact) if len(exact) >= SHORTEST_WITHOUT_MARKS else exact
            for form in {exact, bare, exact.replace(" ", "")}:
                meanings = self._known.setdefault(form, [])
                if meaning not in meanings:
                    meanings.insert(0 if first else len(meanings), meaning)

    def _name_countries(self) -> None:
        for language in NAMING_LANGUAGES:
            names = _territories(language)
            for code, spot in self._countries.items():
                if code in names:
                    self._call([names[code]], spot)
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
                there = self._cities.spot(self._city(country, city), sure=True)
                self._call([zone, *names], replace(there, name=zone, population=0))

    def _city(self, country: str, name: str) -> int:
        """The largest city called "name" or "name, region" in a country; raise LookupError."""
        name, _, region = name.partition(", ")
        key = key_of(name)
        found = [
            number
            for number in self._cities.called(key)
            if self._cities.country(number) == country
            and (not region or self._cities.region(number) == region)
        ]
        if not found:
            raise LookupError(f"places.yaml: the gazetteer has no city {name!r} in {country}")
        return max(found, key=lambda number: self._cities.fits(number, key))

    def _name_hints(self) -> None:
        """Attach each mission to the places of its own list, and to its seat."""
        for mission in self._missions:
            seats = (mission.city, mission.city_ko, mission.city_vi or mission.city)
            for name in dict.fromkeys((*mission.place_names, *seats)):
                self._hint(mission, name)

    def _hint(self, mission: Mission, name: str) -> None:
        """Attach a mission to what its list means: in its country, in its area before elsewhere."""
        key = key_of(name)
        numbers = self._cities.called(key) or self._cities.called(plain(key))
        options = [(self._meaning(item), item) for item in (*self._known.get(key, ()), *numbers)]
        area = (*mission.regions, *mission.unverified_regions)
        here = [o for o in options if o[0].country == mission.country and o[0].kind != "country"]
        nowhere = (Spot(name, "city", mission.country, None, mission.lat, mission.lon), None)
        spot, item = max(
            here, key=lambda o: (o[0].region in area, o[0].population), default=nowhere
        )
        if isinstance(item, int):
            self._hints[item] = mission.id
        hinted = replace(spot, hint=mission.id, named=True, sure=True)
        self._call([name], hinted, first=True)


def _territories(language: str) -> dict[str, str]:
    """Babel's names of countries, without what it says in brackets."""
    # Imported here: Babel is slow to load and most commands never ask for a place.
    from babel import Locale

    names = Locale(language).territories
    return {
        code: re.sub(r"\s*\(.*?\)", "", name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha()
    }


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
