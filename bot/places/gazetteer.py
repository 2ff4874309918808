"""Where a founder's matter is: a typed place, a shared location, or a place named in a question."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property
from math import isfinite

from bot.errors import UnknownPlace
from bot.missions import Missions
from bot.places.cities import Spot
from bot.places.extraction import Reader, Span
from bot.places.name_index import Atlas
from bot.places.normalise import key_of, plain
from bot.types import Place

HOME = "KR"
FARTHEST_KM = 200.0
# A shared location is called after the city around it, not after its suburb.
AROUND_KM, NEXT_DOOR_KM = 25.0, 5.0
KINDS = ("city", "region", "country")
LONGEST_TEXT = 300


class Gazetteer:
    """Finds places; the names are loaded at the first question, not before."""

    def __init__(self, missions: Missions) -> None:
        self._missions = missions

    def find(self, text: str) -> Place:
        """The place that `text` is, in Korean, English or Vietnamese; raise UnknownPlace."""
        text = " ".join(text.split())[:LONGEST_TEXT]
        whole = self._whole(text)
        if whole:
            return whole
        for free in (True, False):
            spans = self._reader.spans(text, free=free, codes=True)
            place = _chosen(spans)
            if place:
                return place
        raise UnknownPlace(self._unknown(text))

    def at(self, lat: float, lon: float) -> Place:
        """The place of a shared location; raise UnknownPlace for open sea or no coordinates."""
        if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            raise UnknownPlace(f"{lat}, {lon} are no coordinates: latitude ±90°, longitude ±180°")
        cities = self._atlas.near((lat, lon), FARTHEST_KM)
        if not cities:
            raise UnknownPlace(
                f"no city lies within {FARTHEST_KM:.0f} km of {lat:.3f}, {lon:.3f}; type the city"
            )
        nearest = cities[0][1]
        around = [
            (city.population / (1 + (away / NEXT_DOOR_KM) ** 2), city)
            for away, city in cities
            if away <= AROUND_KM
            and (city.country, city.region) == (nearest.country, nearest.region)
        ]
        city = max(around, key=lambda item: item[0], default=(0.0, nearest))[1]
        return Place(city.name, city.country, lat, lon, city.region, city.name, city.hint)

    def mentioned(self, text: str) -> Place | None:
        """The place a free question is about, or None. Korea is where the firm sits, not the matter."""
        place = _chosen(self._reader.spans(text, free=True), abroad=True)
        if place:
            return place
        office = self._reader.office(text)
        country = office and self._atlas.country(office[1])
        return _place(office[0], country) if office and country else None

    def cities(self) -> list[Place]:
        """Every city of the gazetteer as a place, for whoever wants to try them all."""
        return [_place(spot.name, spot) for spot in self._atlas.cities()]

    @cached_property
    def _atlas(self) -> Atlas:
        return Atlas(self._missions)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._atlas)

    def _whole(self, text: str) -> Place | None:
        """The text as one name, an ISO code or a name written without its spaces and marks."""
        key = key_of(text)
        code = self._atlas.country(text.upper()) if len(text) == 2 and text.isascii() else None
        if code and not self._atlas.keeps(key):
            return _place(text, code)
        for form in dict.fromkeys((key, key.replace(" ", ""), plain(key))):
            spots = self._atlas.look(form)
            if spots:
                return _place(text, _best(spots, frozenset(), frozenset()))
        return None

    def _unknown(self, text: str) -> str:
        near = get_close_matches(plain(key_of(text)), self._atlas.own_names(), n=2, cutoff=0.75)
        tip = f"; did you mean {' or '.join(near)}?" if near else ""
        return f'"{text}" is no place I know{tip or "; give a city and its country"}'


def _chosen(spans: list[Span], abroad: bool = False) -> Place | None:
    """The first city, else the first province, else the first country among the spans."""
    found: list[tuple[int, int, Place]] = []
    for order, span in enumerate(spans):
        others = [spot for other in spans if other is not span for spot in other.spots]
        countries = frozenset(spot.country for spot in others if spot.kind != "city")
        regions = frozenset(spot.region for spot in others if spot.kind == "region")
        spot = _best(span.spots, countries, regions)
        if not (abroad and spot.country == HOME):
            found.append((KINDS.index(spot.kind), order, _place(span.text, spot)))
    return min(found, key=lambda item: item[:2])[2] if found else None


def _best(
    spots: tuple[Spot, ...], countries: frozenset[str], regions: frozenset[str | None]
) -> Spot:
    """What a name means: where its province or country is named, that; else a hint, else the largest."""
    return max(
        spots,
        key=lambda spot: (
            spot.region in regions,
            spot.country in countries,
            spot.named,
            spot.sure,
            spot.population,
        ),
    )


def _place(name: str, spot: Spot) -> Place:
    """A meaning as the place a founder called `name`."""
    city = spot.name if spot.kind == "city" else None
    return Place(name, spot.country, spot.lat, spot.lon, spot.region, city, spot.hint)
