"""Cases of their own for troubles that were told before the one whose case is opened."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.receipt import (
    build_correction_buttons,
    list_labels,
    render_understood,
)
from bot.cases.rooms import find_staff_room
from bot.cases.sealed import tell_readers
from bot.cases.states import create_case
from bot.cases.states import open_case as take_first_steps
from bot.context import Decision, Turn
from bot.founder.doors.reply import list_door_lines
from bot.founder.opening.first_thread import add_first_thread
from bot.founder.talk.matter import (
    find_gravest,
    list_matter,
    render_question,
)
from bot.messages import Content, Outgoing, select_words
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.types import PendingQuestion, Place


def open_aside(
    turn: Turn, decision: Decision, pending: PendingQuestion, place: Place | None
) -> Decision:
    """The decision with a case of its own for a trouble that was told before the one whose case it
    opens: at the place that its own words name, else at `place`, and only as sealed as itself."""
    services, language = turn.services, turn.conversation.language
    question = render_question(pending)
    own = services.places.find_mentioned_place(select_words(question))
    route = find_route(own or place, services.missions, services.now)
    gravest = find_gravest(pending)
    pending = replace(
        pending,
        question=question,
        earlier=(),
        urgency=gravest.urgency,
        sealed=pending.sealed or gravest.suspect,
    )
    number = services.reserve_case_number()
    new = create_case(number, turn.conversation.key, pending, route, services.now)
    has_room = find_staff_room(route.mission, services.bindings) is not None
    step = take_first_steps(new, turn.actor, has_room=has_room)
    case = step.case
    record = (
        *list_matter(pending, (), services.now),
        *list_door_lines(pending, own or place, services.now),
    )
    sealed = tell_readers(services, case, record)
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
    receipt = Outgoing(turn.conversation.personal_address, content, case=case.number)
    decision = replace(
        decision,
        new_asides=(*decision.new_asides, case),
        log=(*decision.log, *step.log),
        new_lines=(*decision.new_lines, *((case.number, line) for line in record)),
        outgoing=(*decision.outgoing, receipt, *sealed.outgoing),
    )
    return add_first_thread(services, decision, case, record)
