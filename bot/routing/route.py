"""Which mission is competent for a place, which one takes the case, and by which rule.

The rules, in order: the mission whose consular area holds the place is competent; where its
consultative body takes no cases, the nearest body of the same country does; else the domestic
desk. `route_text` puts a Route into words.
"""

from __future__ import annotations

from datetime import datetime

from bot.missions.missions import DOMESTIC_DESK, Missions
from bot.missions.office_hours import find_next_opening
from bot.places.cities import distance_km
from bot.types import DOMESTIC, Basis, BodyStatus, Mission, Place, Route, Via

# Which bodies take cases, in the order in which another mission's case is offered to them.
CASE_TAKING_STATUSES: tuple[BodyStatus, ...] = ("confirmed", "probable", "announced")

# No source draws the line between Los Angeles and San Francisco: north of Kern and San Luis Obispo.
CALIFORNIA, CALIFORNIA_SPLIT_LATITUDE = "US-CA", 35.8  # degrees north
ONTARIO, OTTAWA_REGION_KM = "CA-ON", 60.0
MISSION_CITY_RADIUS_KM = 20.0  # within it a place counts as the mission's own city
# Da Nang is 607 km from Hanoi and 608 from Ho Chi Minh City: then the embassy takes the case.
NEAREST_TOLERANCE_KM = 50.0


def find_route(place: Place | None, missions: Missions, now: datetime) -> Route:
    """The competent and the taking mission of a place (None: unknown); `opens_at` counts from
    `now`."""
    competent, basis = _find_competent_mission(place, missions)
    taking, via = choose_taking_mission(competent, missions)
    return Route(
        place=place,
        competent=competent.id,
        mission=taking.id,
        via=via,
        body=None if taking.id == DOMESTIC else taking.body,
        basis=basis,
        opens_at=find_next_opening(missions.get(taking.id), now),
    )


def _find_competent_mission(place: Place | None, missions: Missions) -> tuple[Mission, Basis]:
    """The mission whose consular area holds the place, and what that rests on."""
    if place is None:
        return DOMESTIC_DESK, "nowhere"
    if place.country == DOMESTIC_DESK.country:
        return DOMESTIC_DESK, "home"
    mission = _find_hinted_mission(place, missions) or _find_in_shared_region(place, missions)
    if mission is None and place.region:
        mission = missions.find_by_region(place.region)
    if mission is not None:
        return mission, _determine_basis(place, mission)
    return _fall_back_to_embassy(place, missions)


def _find_hinted_mission(place: Place, missions: Missions) -> Mission | None:
    """The mission whose own list names the place; None for a hint to a mission no longer listed."""
    return next((mission for mission in missions if mission.id == place.hint), None)


def _find_in_shared_region(place: Place, missions: Missions) -> Mission | None:
    """The mission of this part of a province that two missions share; None elsewhere."""
    if place.lat is None or place.lon is None:
        return None
    if place.region == CALIFORNIA:
        south = place.lat < CALIFORNIA_SPLIT_LATITUDE
        return missions.get("us-los-angeles" if south else "us-san-francisco")
    if place.region == ONTARIO:
        ottawa = missions.get("ca-ottawa")
        return (
            ottawa
            if _distance_to_mission_km(place, ottawa) <= OTTAWA_REGION_KM
            else missions.get("ca-toronto")
        )
    return None


def _determine_basis(place: Place, mission: Mission) -> Basis:
    """What the mission's competence for the place rests on."""
    if place.region in mission.regions:
        return "area_2019" if mission.area_status == "verified_as_of_2019" else "area"
    if mission.area_status == "whole_country" or (
        place.city and _distance_to_mission_km(place, mission) <= MISSION_CITY_RADIUS_KM
    ):
        return "area"
    return "line" if place.region in (CALIFORNIA, ONTARIO) else "general"


def _fall_back_to_embassy(place: Place, missions: Missions) -> tuple[Mission, Basis]:
    """The embassy of the place's country (or of a territory's country) where no area holds it; the
    domestic desk where there is none."""
    country = place.country
    mission = missions.find_embassy(country) or (
        place.region and missions.find_embassy(place.region[:2])
    )
    if not mission:
        return DOMESTIC_DESK, "unlisted"
    if place.city is None and place.region is None:
        return mission, "country"
    return mission, "area" if _determine_basis(place, mission) == "area" else "rest"


def choose_taking_mission(competent: Mission, missions: Missions) -> tuple[Mission, Via]:
    """The competent body if it takes cases, else the nearest of its country that does, else the
    domestic desk."""
    if competent.id == DOMESTIC:
        return DOMESTIC_DESK, "domestic"
    if competent.body in CASE_TAKING_STATUSES:
        return competent, "consular_area"
    for status in CASE_TAKING_STATUSES:
        bodies = [m for m in missions.in_country(competent.country) if m.body == status]
        if bodies:
            return _choose_nearest_body(competent, bodies), "same_country"
    return DOMESTIC_DESK, "domestic"


def _choose_nearest_body(competent: Mission, bodies: list[Mission]) -> Mission:
    """The nearest body; of those nearly as near, the embassy's."""
    here = (competent.lat, competent.lon)
    away = {body.id: distance_km(here, (body.lat, body.lon)) for body in bodies}
    within = min(away.values()) + NEAREST_TOLERANCE_KM
    near = [body for body in bodies if away[body.id] <= within]
    return min(near, key=lambda body: (body.kind != "embassy", away[body.id]))


def _distance_to_mission_km(place: Place, mission: Mission) -> float:
    """Kilometres from the place to the mission's city; infinite for a place without coordinates."""
    if place.lat is None or place.lon is None:
        return float("inf")
    return distance_km((place.lat, place.lon), (mission.lat, mission.lon))
