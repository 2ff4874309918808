"""What hangs on a case is sealed with it: what the desk was asked for it, and the cases merged into it."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import build_card_update, thread_address
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.sealed import tell_readers
from bot.cases.states import CaseStep, is_open
from bot.context import Decision, Services
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Actor, Case, LogEntry


def seal_what_hangs_on(decision: Decision, services: Services) -> Decision:
    """The decision that seals a case, with the seal on its requests to the desk and on the cases that
    were merged into it, ended ones too. Of an open request the desk's thread learns that it is sealed,
    and its duty officers get it in private, as those of the case get the case.

    Raises UnknownMission for a case whose mission is no longer listed.
    """
    known = {one.number for one in (decision.case, *decision.more_cases) if one is not None}
    for entry in decision.log:
        if (entry.act, entry.detail) != ("correct", "seal"):
            continue
        for one in (*services.list_linked(entry.case), *services.list_merged(entry.case)):
            if not one.sealed and one.number not in known:
                known.add(one.number)
                decision = _seal(decision, services, one, entry)
    return decision


def _seal(decision: Decision, services: Services, case: Case, entry: LogEntry) -> Decision:
    if not is_open(case):
        return replace(decision, more_cases=(*decision.more_cases, replace(case, sealed=True)))
    actor = Actor(entry.who, entry.role)
    step = CaseStep(case).take("correct", actor, services.now, "seal", sealed=True)
    record = services.list_lines(case.number)
    outgoing = list(tell_readers(services, step.case, record).outgoing)
    if thread := services.find_current_thread(case.number):
        text = render_phrase("staff.linked_now_sealed", STAFF_LANGUAGE, number=case.number)
        outgoing += [
            build_card_update(step.case, thread, services.missions),
            Outgoing(thread_address(thread), Content(text), case=case.number),
        ]
    return replace(
        decision,
        more_cases=(*decision.more_cases, step.case),
        log=(*decision.log, *step.log),
        lines_seen=(*decision.lines_seen, (case.number, len(record))),
        outgoing=(*decision.outgoing, *outgoing),
    )
