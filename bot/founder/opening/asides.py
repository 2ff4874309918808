"""Cases of their own for troubles that were told before the one whose case is opened.

An aside is grave, so it goes out at once as a rule, and the notice comes with its receipt. One that is
not urgent, because its founder said so, needs the founder's yes first like any other.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cases.receipt import (
    build_correction_buttons,
    list_labels,
    render_understood,
)
from bot.cases.rooms import find_staff_room
from bot.cases.threads import begin_thread
from bot.context import Decision, Turn
from bot.founder.opening.case_draft import draft_case
from bot.founder.talk.matter import find_gravest, render_question
from bot.messages import Content, Outgoing, select_words
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.recipient import tell_of_recipient
from bot.routing.route import find_route
from bot.types import URGENT, Mission, PendingQuestion, Place, Urgency


def list_recipients(
    turn: Turn, pending: PendingQuestion, place: Place | None
) -> list[tuple[Mission, Urgency]]:
    """Which missions get the matter at `place` and each trouble that was told before it, and how
    urgently."""
    services = turn.services
    places = (place, *(_find_place(turn, one, place) for one in pending.aside))
    routes = [find_route(one, services.missions, services.now) for one in places]
    urgencies = [find_gravest(one).urgency for one in (pending, *pending.aside)]
    found = (services.missions.get(route.mission) for route in routes)
    return list(zip(found, urgencies, strict=True))


def open_aside(
    turn: Turn, decision: Decision, pending: PendingQuestion, place: Place | None
) -> Decision:
    """The decision with a case of its own for a trouble that was told before the one whose case it
    opens: at the place that its own words name, else at `place`, and only as sealed as itself."""
    services, language = turn.services, turn.conversation.language
    own = _find_place(turn, pending, place)
    route = find_route(own, services.missions, services.now)
    draft = draft_case(turn, pending, find_gravest(pending), route, own)
    case, sealed = draft.case, draft.sealed
    assert decision.new_case is not None
    told = render_phrase(
        "founder.receipt_aside",
        language,
        number=case.number,
        mission=mission_name(services.missions.get(case.mission), language),
        understood=render_understood(case, language),
        current=decision.new_case.number,
    )
    if case.sealed:
        told = f"{told}\n{sealed.render_for_founder(language)}"
    content = Content(
        told, buttons=build_correction_buttons(case, language), protect=case.sealed,
        headings=list_labels(told),
    )  # fmt: skip
    to = turn.conversation.personal_address
    receipt = Outgoing(to, content, case=case.number)
    is_told = case.urgency in URGENT
    notice = tell_of_recipient(services, case, to, language, "notice_aside") if is_told else ()
    decision = replace(
        decision,
        new_asides=(*decision.new_asides, case),
        log=(*decision.log, *draft.log),
        new_lines=(*decision.new_lines, *draft.lines),
        outgoing=(*decision.outgoing, receipt, *notice, *sealed.outgoing),
    )
    room = find_staff_room(case.mission, services.bindings)
    return begin_thread(services, case, room, draft.record, decision)


def _find_place(turn: Turn, pending: PendingQuestion, place: Place | None) -> Place | None:
    """Where a trouble is: the place that its own words name, else `place`."""
    words = select_words(render_question(pending))
    return turn.services.places.find_mentioned_place(words) or place
