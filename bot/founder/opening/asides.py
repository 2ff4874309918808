"""Cases of their own for troubles that were told before the one whose case is opened."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.receipt import (
    build_correction_buttons,
    list_labels,
    render_understood,
)
from bot.context import Decision, Turn
from bot.founder.opening.case_draft import draft_case
from bot.founder.opening.first_thread import add_first_thread
from bot.founder.talk.matter import find_gravest, render_question
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
    own = services.places.find_mentioned_place(select_words(render_question(pending)))
    route = find_route(own or place, services.missions, services.now)
    draft = draft_case(turn, pending, find_gravest(pending), route, own or place)
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
    receipt = Outgoing(turn.conversation.personal_address, content, case=case.number)
    decision = replace(
        decision,
        new_asides=(*decision.new_asides, case),
        log=(*decision.log, *draft.log),
        new_lines=(*decision.new_lines, *draft.lines),
        outgoing=(*decision.outgoing, receipt, *sealed.outgoing),
    )
    return add_first_thread(services, decision, case, draft.record)
