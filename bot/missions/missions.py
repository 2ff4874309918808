"""Korea's missions abroad as listed in `missions.yaml`, and the domestic desk in Seoul."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import yaml

from bot.errors import MissionsBroken, UnknownMission
from bot.phrases import render_phrase
from bot.types import DOMESTIC, BodyHours, BodyStatus, Mission
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

MISSIONS_FILE = Path(__file__).with_name("missions.yaml")

MISSION_KINDS = ("embassy", "consulate_general", "branch", "representative_office")
AREA_STATUSES = (
    "verified",
    "verified_single_source",
    "verified_as_of_2019",
    "verified_by_remainder",
    "partly_verified",
    "whole_country",
    "unverified",
    "not_found",
)
# A representative office covers the whole country where there is no embassy (Taipei).
WHOLE_COUNTRY_KINDS = ("embassy", "representative_office")
NEAR_ID_MIN_SIMILARITY = 0.5  # of an id that is suggested; see docs/parameters.md
REGION_CODE_PATTERN = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
COUNTRY_CODE_PATTERN = re.compile(r"[A-Z]{2}")

DOMESTIC_DESK = Mission(
    id=DOMESTIC,
    name_ko="국내 협의체 창구",
    name_en="domestic consultative body's desk",
    kind=DOMESTIC,
    city="Seoul",
    city_ko="서울",
    country="KR",
    lat=37.57,
    lon=126.98,
    timezone="Asia/Seoul",
    area="Korea, and every case no mission's body can take",
    area_status="whole_country",
    regions=(),
    unverified_regions=(),
    place_names=(),
    body="confirmed",
)


class Missions:
    """The missions by id. The domestic desk can be looked up; iteration and length leave it out."""

    def __init__(self, missions: Iterable[Mission]) -> None:
        """Raises MissionsBroken if the missions contradict each other."""
        listed = tuple(missions)
        _check_consistency(listed)
        self._missions = listed
        self._by_id = {mission.id: mission for mission in (*listed, DOMESTIC_DESK)}

    @classmethod
    def load(cls, path: Path = MISSIONS_FILE) -> Missions:
        """Read the missions from a YAML file like the shipped one.

        Raises MissionsBroken, naming entry and field, if it cannot be read or is wrong.
        """
        try:
            text = path.read_text(encoding="utf-8")
            entries = parse_yaml(text)
        except (OSError, yaml.YAMLError) as error:
            raise MissionsBroken(f"{path} cannot be read as YAML: {error}") from error
        if not isinstance(entries, list):
            raise MissionsBroken(f"{path} must be a list of missions")
        return cls(_parse_mission(number, entry) for number, entry in enumerate(entries, start=1))

    def with_hours(self, hours: Iterable[BodyHours]) -> Missions:
        """The same missions, with the hours that their bodies have set."""
        kept = {one.mission: one for one in hours}
        if not kept:
            return self
        changed = copy(self)
        changed._by_id = {
            id: replace(mission, hours=kept.get(id)) for id, mission in self._by_id.items()
        }
        changed._missions = tuple(changed._by_id[mission.id] for mission in self._missions)
        return changed

    def list_hours(self) -> list[BodyHours]:
        """The hours of every body that has set some."""
        return [one.hours for one in self._by_id.values() if one.hours]

    def __iter__(self) -> Iterator[Mission]:
        return iter(self._missions)

    def __len__(self) -> int:
        return len(self._missions)

    def get(self, id: str) -> Mission:
        """The mission with this id, also the domestic desk.

        Raises UnknownMission, suggesting similar ids, if there is none.
        """
        if id in self._by_id:
            return self._by_id[id]
        near = get_close_matches(id.lower(), self._by_id, n=3, cutoff=NEAR_ID_MIN_SIMILARITY)
        tip = f"; did you mean {', '.join(near)}?" if near else "; see bot/missions/missions.yaml"
        raise UnknownMission(f"no mission has the id {id!r}{tip}")

    def in_country(self, country: str) -> tuple[Mission, ...]:
        """The missions seated in a country (ISO 3166-1 alpha-2), in the file's order."""
        return tuple(mission for mission in self._missions if mission.country == country)

    def find_embassy(self, country: str) -> Mission | None:
        """The mission for a whole country: its embassy, else its only mission; None otherwise."""
        missions = self.in_country(country)
        if len(missions) == 1:
            return missions[0]
        return next((mission for mission in missions if mission.kind in WHOLE_COUNTRY_KINDS), None)

    def find_by_region(self, region: str) -> Mission | None:
        """The mission whose consular area, verified or not, includes a region (ISO 3166-2), if any."""
        for mission in self._missions:
            if region in mission.regions or region in mission.unverified_regions:
                return mission
        return None


def mission_name(mission: Mission, language: Language) -> str:
    """The mission's name in `language`, as it stands within a sentence."""
    if mission.id != DOMESTIC:
        if language == "ko":
            return mission.name_ko
        if language == "en":
            return f"the {mission.name_en}"
    return render_phrase(
        f"routing.kind_{mission.kind}", language, city=mission_city_name(mission, language)
    )


def mission_city_name(mission: Mission, language: Language) -> str:
    """The name of the mission's city in `language`."""
    if language == "ko":
        return mission.city_ko
    return (mission.city_vi or mission.city) if language == "vi" else mission.city


def _parse_mission(number: int, entry: object) -> Mission:
    """The mission of one entry. Raises MissionsBroken, naming entry and field."""
    if not isinstance(entry, Mapping):
        raise MissionsBroken(f"entry {number} of the missions must be a mapping")
    name = str(entry.get("id") or f"entry {number}")
    field = _MissionFields(name, entry)
    return Mission(
        id=field.read_text("id"),
        name_ko=field.read_text("name_ko"),
        name_en=field.read_text("name_en"),
        kind=field.check_choice("kind", field.require("kind"), MISSION_KINDS),
        city=field.read_text("city"),
        city_ko=field.read_text("city_ko"),
        city_vi=field.read_text("city_vi") if "city_vi" in entry else "",
        country=field.check_code("country", field.read_text("country"), COUNTRY_CODE_PATTERN),
        lat=field.read_degrees("latitude", 90),
        lon=field.read_degrees("longitude", 180),
        timezone=field.read_time_zone(),
        area=field.read_text("area"),
        area_status=field.check_choice("area_status", field.require("area_status"), AREA_STATUSES),
        regions=field.read_region_codes("regions"),
        unverified_regions=field.read_region_codes("unverified_regions"),
        place_names=field.read_texts("place_names"),
        body=field.read_body_status(),
    )


class _MissionFields:
    """Reads the fields of one entry; each error (MissionsBroken) names the entry and the field."""

    def __init__(self, name: str, entry: Mapping[str, Any]) -> None:
        self._name, self._entry = name, entry

    def make_error(self, field: str, wrong: str) -> MissionsBroken:
        """The error that says what is wrong with a field."""
        return MissionsBroken(f"mission {self._name}: `{field}` {wrong}")

    def require(self, field: str) -> Any:
        """The raw value of a field. Raises MissionsBroken if it is missing."""
        if field not in self._entry:
            raise self.make_error(field, "is missing")
        return self._entry[field]

    def read_text(self, field: str) -> str:
        """A text that is not blank. Raises MissionsBroken for anything else."""
        value = self.require(field)
        if not isinstance(value, str) or not value.strip():
            raise self.make_error(field, f"must be a text, not {value!r}")
        return value.strip()

    def read_texts(self, field: str) -> tuple[str, ...]:
        """A list of texts. Raises MissionsBroken for anything else."""
        value = self.require(field)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.make_error(field, "must be a list of texts")
        return tuple(value)

    def check_choice(self, field: str, value: object, known: tuple[str, ...]) -> str:
        """`value` if it is one of `known`; otherwise raises MissionsBroken."""
        if value not in known:
            raise self.make_error(field, f"is {value!r}, not one of {', '.join(known)}")
        return str(value)

    def check_code(self, field: str, value: str, shape: re.Pattern[str]) -> str:
        """`value` if it has the shape of the ISO code; otherwise raises MissionsBroken."""
        if not shape.fullmatch(value):
            raise self.make_error(field, f"is {value!r}, not an ISO 3166 code")
        return value

    def read_region_codes(self, field: str) -> tuple[str, ...]:
        """A list of ISO 3166-2 codes. Raises MissionsBroken for anything else."""
        return tuple(
            self.check_code(field, code, REGION_CODE_PATTERN) for code in self.read_texts(field)
        )

    def read_degrees(self, field: str, limit: int) -> float:
        """A number of degrees within ±`limit`. Raises MissionsBroken for anything else."""
        value = self.require(field)
        if (
            not isinstance(value, (int, float))
            or isinstance(value, bool)
            or not abs(value) <= limit
        ):
            raise self.make_error(field, f"is {value!r}, not between -{limit} and {limit} degrees")
        return float(value)

    def read_time_zone(self) -> str:
        """The name of an IANA time zone. Raises MissionsBroken for anything else."""
        name = self.read_text("timezone")
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError) as error:
            raise self.make_error("timezone", f"is {name!r}, not an IANA time zone") from error

    def read_body_status(self) -> BodyStatus:
        """The status of the mission's consultative body. Raises MissionsBroken for an unknown one."""
        body = self.require("body")
        status = body.get("status") if isinstance(body, Mapping) else None
        self.check_choice("body.status", status, get_args(BodyStatus))
        return status  # type: ignore[return-value]


def _check_consistency(missions: tuple[Mission, ...]) -> None:
    """Raise MissionsBroken if two entries claim the same id, region or role of embassy, or a
    country with several missions has no embassy."""
    _check_unique("id", ((mission.id, mission.id) for mission in (*missions, DOMESTIC_DESK)))
    regions = ((code, m.id) for m in missions for code in (*m.regions, *m.unverified_regions))
    _check_unique("regions", regions)
    embassies = ((m.country, m.id) for m in missions if m.kind in WHOLE_COUNTRY_KINDS)
    _check_unique("kind", embassies)
    standing = {mission.country for mission in missions if mission.kind in WHOLE_COUNTRY_KINDS}
    for country, number in Counter(mission.country for mission in missions).items():
        if number > 1 and country not in standing:
            raise MissionsBroken(f"`kind`: {country} has {number} missions, but no embassy")


def _check_unique(field: str, claims: Iterable[tuple[str, str]]) -> None:
    """Raise MissionsBroken if two of the (value, mission id) claims have the same value."""
    owners: dict[str, str] = {}
    for value, mission in claims:
        if value in owners:
            raise MissionsBroken(
                f"mission {mission}: `{field}` claims {value}, which {owners[value]} has already"
            )
        owners[value] = mission
