"""Where a matter is, and which mission is competent there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.types.hours import BodyHours

BodyStatus = Literal["confirmed", "probable", "announced", "unconfirmed"]
Via = Literal["consular_area", "same_country", "domestic"]

# Why a mission is competent: a verified area, one announced in 2019, general knowledge, a border
# that no source draws, a country without a city, the embassy for the rest of its country, a
# country without a mission, Korea, no place, or a choice by staff.
Basis = Literal["area", "area_2019", "general", "line", "country", "rest",
                "unlisted", "home", "nowhere", "staff"]  # fmt: skip

DOMESTIC = "domestic"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a founder's matter is. `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2, `lat` and
    `lon` are degrees; `city` is None where only the country is known. `hint` is the id of the
    mission whose own list of place names matched, which wins over the gazetteer."""

    name: str
    country: str
    lat: float | None = None
    lon: float | None = None
    region: str | None = None
    city: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Mission:
    """An embassy or consulate, its consular area and its consultative body's status.
    `regions` are ISO 3166-2 codes named by a source, `unverified_regions` those from general knowledge;
    `city_vi` is "" where Vietnamese writes the city as English does; `hours` are what its body
    has set, None while they are assumed."""

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
    city_vi: str = ""
    hours: BodyHours | None = field(default=None, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The mission's clock."""
        return ZoneInfo(self.timezone)

    def find_day(self, moment: datetime) -> date:
        """The day of `moment` (aware) by the mission's clock."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Route:
    """Who is competent, who takes the case, and by which rule; `route_text` puts it into words.
    `competent` and `mission` (who takes the case) are mission ids; `body` is the taking body's
    status, None for the domestic desk. `opens_at` is the next moment the taking mission is open
    (its own zone, assumed hours)."""

    place: Place | None
    competent: str
    mission: str
    via: Via
    body: BodyStatus | None
    basis: Basis
    opens_at: datetime
