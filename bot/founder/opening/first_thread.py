"""The first staff thread of a new case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.card import build_thread_opening, create_staff_thread
from bot.cases.rooms import find_staff_room
from bot.cases.translating import tell_meaning
from bot.context import Decision, Services
from bot.types import Case, CaseMessage


def add_first_thread(
    services: Services, decision: Decision, case: Case, record: Sequence[CaseMessage]
) -> Decision:
    """The decision with the staff thread of a new case; unchanged while there is no room."""
    room = find_staff_room(case.mission, services.bindings)
    if room is None:
        return decision
    thread = create_staff_thread(case, room, 0)
    opening = build_thread_opening(case, thread, services.missions, record)
    opening += tell_meaning(services, case, thread)
    return replace(
        decision,
        new_threads=(*decision.new_threads, thread),
        outgoing=(*decision.outgoing, *opening),
    )
