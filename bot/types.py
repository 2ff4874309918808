"""The nouns of people: Place, Mission, Route, Message, Case, Outgoing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BodyStatus = Literal["confirmed", "probable", "announced", "unconfirmed"]
Via = Literal["consular_area", "same_country", "domestic"]

DOMESTIC = "domestic"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a founder's matter is. `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2.

    `hint` is the mission whose own list of place names matched, which wins over the gazetteer.
    `city` is empty where only the country is known.
    """

    name: str
    country: str
    lat: float | None = None
    lon: float | None = None
    region: str | None = None
    city: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Mission:
    """An embassy or consulate, its consular area and its consultative body's status."""

    id: str
    name_ko: str
    name_en: str
    kind: str
    city: str
    city_ko: str
    country: str
    lat: float
    lon: float
    timezone: str
    area: str
    area_status: str
    regions: tuple[str, ...]
    unverified_regions: tuple[str, ...]
    place_names: tuple[str, ...]
    body: BodyStatus


@dataclass(frozen=True, slots=True)
class Route:
    """Who is competent, who takes the case, by which rule, and the sentence that says why.

    `reason` is in the founder's language; `opens_at` is the next moment the taking mission is
    open (its own zone), assumed hours.
    """

    place: Place | None
    competent: str
    mission: str
    via: Via
    body: BodyStatus | None
    reason: str
    opens_at: datetime
