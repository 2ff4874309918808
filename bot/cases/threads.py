"""The staff thread that a case gets: its first one, that of another room, one after its room had gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.card import build_thread_opening, create_staff_thread
from bot.cases.rooms import find_staff_room
from bot.cases.sealed import tell_readers
from bot.cases.translating import tell_meaning
from bot.context import Decision, Services
from bot.types import Binding, Case, CaseMessage


def begin_thread(
    services: Services, case: Case, room: Binding | None, record: Sequence[CaseMessage],
    decision: Decision, *, translated: bool = True,
) -> Decision:  # fmt: skip
    """The decision with a thread in `room` that opens with the case and its `record`; unchanged while
    there is no room. Not `translated` where many begin at once: each may wait seconds for a model."""
    if room is None:
        return decision
    thread = create_staff_thread(case, room, len(services.list_threads(case.number)))
    opening = build_thread_opening(case, thread, services.missions, record)
    opening += tell_meaning(services, case, thread) if translated else ()
    return replace(
        decision,
        new_threads=(*decision.new_threads, thread),
        outgoing=(*decision.outgoing, *opening),
    )


def add_thread(services: Services, case: Case, decision: Decision) -> Decision:
    """The decision that moves `case`, with a thread in the room of its mission that holds the whole
    record; its readers get a sealed one, also while there is no room."""
    room = find_staff_room(case.mission, services.bindings)
    record = services.list_lines(case.number)
    sealed = tell_readers(services, case, record)
    decision = replace(decision, outgoing=(*decision.outgoing, *sealed.outgoing))
    if room is not None:  # the record has moved, so it must be the one that was read
        seen = (*decision.lines_seen, (case.number, len(record)))
        decision = replace(decision, lines_seen=seen)
    return begin_thread(services, case, room, record, decision)
