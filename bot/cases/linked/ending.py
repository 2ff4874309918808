"""What becomes of linked cases when the case that they were made for ends or is merged."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.linked.voices import close_desk_thread
from bot.cases.states import NARU, CaseStep, is_open
from bot.context import Decision, Services
from bot.types import Actor, Case, LogEntry


def withdraw_linked(services: Services, parent: Case, decision: Decision) -> Decision:
    """The decision that ends `parent`, with its open linked cases withdrawn."""
    now = services.now
    for linked in filter(is_open, services.list_linked(parent.number)):
        step = CaseStep(linked).take("withdraw", NARU, now, str(parent.number), ended_at=now)
        closing = close_desk_thread(services, step.case, "linked_over")
        decision = replace(
            decision,
            more_cases=(*decision.more_cases, step.case),
            log=(*decision.log, *step.log),
            outgoing=(*decision.outgoing, *closing),
        )
    return decision


def relink(
    services: Services, source: Case, target: Case, actor: Actor
) -> tuple[tuple[Case, ...], tuple[LogEntry, ...]]:
    """The linked cases of `source` as those of `target`, which it is merged into, and the steps in
    the logs of those that are open."""
    moved: list[Case] = []
    log: list[LogEntry] = []
    for linked in services.list_linked(source.number):
        step = CaseStep(linked)
        if is_open(linked):
            step = step.take("relink", actor, services.now, str(target.number))
        moved.append(replace(step.case, parent=target.number))
        log += step.log
    return tuple(moved), tuple(log)
