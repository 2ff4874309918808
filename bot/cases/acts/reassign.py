"""Moving a case to another mission."""

from __future__ import annotations

from bot.cases.acts.turn import StaffTurn
from bot.cases.card import thread_address
from bot.cases.rooms import find_staff_room
from bot.cases.states import is_open, reassign_case
from bot.cases.threads import add_thread
from bot.context import Decision, Services
from bot.errors import UnknownMission, UnknownPlace
from bot.messages import Content, Outgoing
from bot.missions.missions import mission_name
from bot.missions.office_hours import find_next_opening
from bot.routing.recipient import tell_of_new_country
from bot.routing.route import find_route
from bot.routing.route_text import render_reason
from bot.types import DOMESTIC, Case, Route


def move_case(turn: StaffTurn, wanted: str) -> Decision:
    """Move the case to the mission or place that was named: a new thread there gets the record.
    An ended case is reopened first, so that its founder is in it when others take over."""
    if not is_open(turn.case):
        return turn.reply_in_thread("reassign_ended", state=turn.render_state())
    if not wanted:
        return turn.reply_in_thread("reassign_how")
    route = _find_new_route(turn.services, wanted)
    if route is None:
        return turn.reply_in_thread("reassign_unknown", text=wanted)
    destination = mission_name(turn.services.missions.get(route.mission), turn.language)
    if route.mission == turn.case.mission:
        return turn.reply_in_thread("reassign_same", mission=destination)
    services = turn.services
    has_room = find_staff_room(route.mission, services.bindings) is not None
    step = reassign_case(turn.case, route, turn.actor, services.now, has_room=has_room)
    case = step.case
    outgoing = (
        *turn.tell_founder(Content(_render_move_notice(turn, case, route))),
        *_tell_of_new_country(turn, case),
        turn.tell_thread("moved", mission=destination),
        Outgoing(thread_address(turn.thread), Content(""), "close", case.number),
    )
    retired = (turn.thread.id,)
    decision = Decision(case=case, log=step.log, retired_threads=retired, outgoing=outgoing)
    return add_thread(turn.services, case, decision)


def _tell_of_new_country(turn: StaffTurn, case: Case) -> tuple[Outgoing, ...]:
    """The founder is told again whom the case goes to, where that is another country."""
    founder = turn.founder_conversation
    if founder is None:
        return ()
    to = founder.personal_address
    return tell_of_new_country(turn.services, turn.case, case, to, founder.language)


def _render_move_notice(turn: StaffTurn, case: Case, route: Route) -> str:
    """What the founder is told about a move: where the case is now, and why."""
    missions, language = turn.services.missions, turn.founder_language
    mission = mission_name(missions.get(case.mission), language)
    reason = render_reason(route, missions, language)
    return turn.render_founder_phrase("moved", mission=mission, reason=reason)


def _find_new_route(services: Services, wanted: str) -> Route | None:
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
