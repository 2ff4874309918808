"""Whether a text is about another mission than the one that is competent for a founder's place."""

from __future__ import annotations

from datetime import datetime

from bot.context import PlaceFinder
from bot.missions.inquiry import names_mission
from bot.missions.missions import Missions
from bot.routing.route import find_route
from bot.types import Place

MAX_PLACES_OF_TITLE = 5  # a title names few; each takes a look through the whole title


def find_far_place(
    title: str, asked: str, place: Place, places: PlaceFinder, missions: Missions, now: datetime
) -> Place | None:
    """The place whose mission the document `title` is about, if that is not the mission that is
    competent for `place` or takes its cases, and is not named in the question `asked` either; None
    for a title that names no mission, or the right one."""
    if not names_mission(title):
        return None
    route = find_route(place, missions, now)
    near = {route.competent, route.mission}
    near |= {find_route(one, missions, now).competent for one in list_places(asked, places)}
    named = list_places(title, places)
    for one in named:
        whole_country = one.city is None and one.region is None and one.country == place.country
        if whole_country or find_route(one, missions, now).competent in near:
            return None
    return named[0] if named else None


def list_places(text: str, places: PlaceFinder) -> list[Place]:
    """The places that a text mentions, the most exact ones first."""
    found: list[Place] = []
    while len(found) < MAX_PLACES_OF_TITLE and (place := places.find_mentioned_place(text)):
        found.append(place)
        if (
            place.name not in text
        ):  # an ambiguous name is given in full, and no other one is looked for
            break
        text = text.replace(place.name, " · ")
    return found
