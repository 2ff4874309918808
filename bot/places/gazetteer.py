"""The gazetteer: finds the place of a typed name, a shared location or a question."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Set
from difflib import get_close_matches
from functools import cached_property
from math import isfinite

from bot.errors import AmbiguousPlace, UnknownPlace
from bot.missions.missions import Missions
from bot.places.cities import PlaceCandidate
from bot.places.extraction import PlaceExtractor, PlaceSpan
from bot.places.name_index import NameIndex
from bot.places.normalise import normalise_name, strip_marks
from bot.types import Place

HOME_COUNTRY = "KR"
MAX_CITY_DISTANCE_KM = 200.0  # of a shared location; see docs/parameters.md
# A shared location is called after the city around it, not after its suburb: the population counts
# half at the falloff distance. See docs/parameters.md.
CITY_RADIUS_KM, CITY_FALLOFF_KM = 25.0, 5.0
NEAR_NAME_MIN_SIMILARITY = 0.75  # of a name that is suggested; see docs/parameters.md
PLACE_KINDS = ("city", "region", "country")
PLACE_TEXT_LIMIT_CHARACTERS = 300


class Gazetteer:
    """Finds places. The names are loaded with the first question, which takes about a second."""

    def __init__(self, missions: Missions) -> None:
        self._missions = missions

    def find_place(self, text: str) -> Place:
        """The place that `text` names in Korean, English or Vietnamese.

        Raises UnknownPlace, suggesting similar names, if there is none, and AmbiguousPlace for a name
        of two places (조지아) that stands alone.
        """
        text = " ".join(unicodedata.normalize("NFC", text).split())[:PLACE_TEXT_LIMIT_CHARACTERS]
        self._refuse_ambiguous(text)
        whole = self._find_exact(text)
        if whole:
            return whole
        for free in (True, False):
            spans = self._extractor.extract_spans(text, free=free, codes=True)
            place = _choose_place(spans)
            if place:
                if len(spans) == 1:
                    self._refuse_ambiguous(spans[0].text)
                return place
        raise UnknownPlace(self._explain_unknown(text))

    def find_place_at(self, lat: float, lon: float) -> Place:
        """The place of a shared location in degrees.

        Raises UnknownPlace if no city is within 200 km or the coordinates are impossible.
        """
        if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            raise UnknownPlace(f"{lat}, {lon} are no coordinates: latitude ±90°, longitude ±180°")
        cities = self._name_index.find_cities_near((lat, lon), MAX_CITY_DISTANCE_KM)
        if not cities:
            raise UnknownPlace(
                f"no city lies within {MAX_CITY_DISTANCE_KM:.0f} km of {lat:.3f}, {lon:.3f}; type the city"
            )
        nearest = cities[0][1]
        around = [
            (city.population / (1 + (away / CITY_FALLOFF_KM) ** 2), city)
            for away, city in cities
            if away <= CITY_RADIUS_KM
            and (city.country, city.region) == (nearest.country, nearest.region)
        ]
        city = max(around, key=lambda item: item[0], default=(0.0, nearest))[1]
        return Place(city.name, city.country, lat, lon, city.region, city.name, city.hint)

    def find_mentioned_place(self, text: str) -> Place | None:
        """The place abroad that a free question names; None if there is none.

        Places in Korea do not count: the company is there, not its difficulty.
        """
        place = _choose_place(self._extractor.extract_spans(text, free=True), abroad=True)
        if place:
            return place
        office = self._extractor.find_office(text)
        country = office and self._name_index.find_country(office[1])
        return _to_place(office[0], country) if office and country else None

    @cached_property
    def _name_index(self) -> NameIndex:
        return NameIndex(self._missions)

    @cached_property
    def _extractor(self) -> PlaceExtractor:
        return PlaceExtractor(self._name_index)

    def _find_exact(self, text: str) -> Place | None:
        """The place of a text that is nothing but an ISO code or a name in any spelling."""
        key = normalise_name(text)
        code = (
            self._name_index.find_country(text.upper())
            if len(text) == 2 and text.isascii()
            else None
        )
        if code and not self._name_index.has_own_name(key):
            return _to_place(text, code)
        for form in dict.fromkeys((key, key.replace(" ", ""), strip_marks(key))):
            spots = self._name_index.look_up(form)
            if spots:
                return _to_place(text, _choose_candidate(spots, frozenset()))
        return None

    def _refuse_ambiguous(self, name: str) -> None:
        """Raise AmbiguousPlace for a name that a country shares with a province of another."""
        choices = self._name_index.data["ask_which"].get(normalise_name(name))
        if choices:
            raise AmbiguousPlace(name, tuple(choices))

    def _explain_unknown(self, text: str) -> str:
        near = get_close_matches(
            strip_marks(normalise_name(text)),
            self._name_index.own_names(),
            n=2,
            cutoff=NEAR_NAME_MIN_SIMILARITY,
        )
        tip = f"; did you mean {' or '.join(near)}?" if near else ""
        return f'"{text}" is no place I know{tip or "; give a city and its country"}'


def _choose_place(spans: list[PlaceSpan], abroad: bool = False) -> Place | None:
    """The first city, else the first province, else the first country of the spans; None if there
    is none. `abroad` leaves Korea out."""
    places: list[tuple[int, int, Place]] = []
    named = Counter(area for span in spans for area in _list_areas(span))
    for order, span in enumerate(spans):
        own = _list_areas(span)
        elsewhere = {
            area
            for spot in span.candidates
            for area in (spot.country, spot.region)
            if named[area] > (area in own)
        }
        spot = _choose_candidate(span.candidates, elsewhere)
        if not (abroad and spot.country == HOME_COUNTRY):
            places.append((PLACE_KINDS.index(spot.kind), order, _to_place(span.text, spot)))
    return min(places, key=lambda item: item[:2])[2] if places else None


def _list_areas(span: PlaceSpan) -> set[str | None]:
    """The codes of the countries and provinces that a span may name."""
    countries = {spot.country for spot in span.candidates if spot.kind != "city"}
    return {*countries, *(spot.region for spot in span.candidates if spot.kind == "region")}


def _choose_candidate(spots: tuple[PlaceCandidate, ...], named: Set[str | None]) -> PlaceCandidate:
    """The meaning in a province or country that is `named` as well (by its code), else that of a
    mission's list, else a curated one, else the largest."""
    return max(
        spots,
        key=lambda spot: (
            spot.region in named,
            spot.country in named,
            spot.is_mission_named,
            spot.is_curated,
            spot.population,
        ),
    )


def _to_place(name: str, spot: PlaceCandidate) -> Place:
    """A meaning as the place that the founder called `name`."""
    city = spot.name if spot.kind == "city" else None
    return Place(name, spot.country, spot.lat, spot.lon, spot.region, city, spot.hint)
