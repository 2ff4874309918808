"""Where staff move a case to, the staff thread it gets there, and where its founder is."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import build_thread_opening, create_staff_thread
from bot.cases.rooms import find_staff_room
from bot.cases.sealed import tell_readers
from bot.cases.states import is_open
from bot.cases.translating import tell_meaning
from bot.context import Decision, Services
from bot.errors import UnknownMission, UnknownPlace
from bot.missions.office_hours import find_next_opening
from bot.routing.route import find_route
from bot.types import DOMESTIC, Case, Conversation, Route


def find_other_open_case(services: Services, founder: Conversation, number: int) -> int | None:
    """The number of the open case that a founder is in, if it is another than `number`: what they
    write goes there."""
    if founder.case in (None, number):
        return None
    return founder.case if is_open(services.get_case(founder.case)) else None


def find_new_route(services: Services, wanted: str) -> Route | None:
    """Where a case is to go: the mission with the id `wanted`, else the one that takes cases of the
    place `wanted`; None if it is neither."""
    try:
        mission = services.missions.get(wanted)
    except UnknownMission:
        return _find_place_route(services, wanted)
    opens_at = find_next_opening(mission, services.now)
    body = None if mission.id == DOMESTIC else mission.body
    return Route(None, mission.id, mission.id, "consular_area", body, "staff", opens_at)


def _find_place_route(services: Services, place: str) -> Route | None:
    try:
        return find_route(services.places.find_place(place), services.missions, services.now)
    except UnknownPlace:
        return None


def add_new_thread(services: Services, case: Case, decision: Decision) -> Decision:
    """The decision that moves `case`, with a thread that holds the whole record in the room of its
    new mission; unchanged while there is no room."""
    room = find_staff_room(case.mission, services.bindings)
    record = services.list_lines(case.number)
    sealed = tell_readers(services, case, record)
    decision = replace(decision, outgoing=(*decision.outgoing, *sealed.outgoing))
    if room is None:
        return decision
    thread = create_staff_thread(case, room, len(services.list_threads(case.number)))
    opening = build_thread_opening(case, thread, services.missions, record)
    opening += tell_meaning(services, case, thread)
    return replace(
        decision,
        new_threads=(thread,),
        lines_seen=((case.number, len(record)),),
        outgoing=(*decision.outgoing, *opening),
    )
