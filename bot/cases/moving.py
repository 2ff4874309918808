"""What moves when a room is bound or unbound: every case to the room that serves it from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE, build_desk_notice, find_staff_room
from bot.cases.states import CaseStep, is_open, route_case, unroute_case
from bot.cases.threads import begin_thread
from bot.context import Decision, Services
from bot.messages import Address, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Binding, Case, StaffThread


def move_cases(
    services: Services, after: Sequence[Binding], waiting: Sequence[Case], bound: str | None
) -> Decision:
    """The part of a decision that brings every case to its room of `after`, the bindings from now
    on. `bound` is the mission that was bound, None if bindings were removed.

    Threads in rooms that no longer serve their case are retired, those of ended cases as well.
    Open cases get a new thread with the whole record where there is a room. Rooms that were left,
    founders for whom something changes and the desk are told.
    """
    places = {(one.channel, one.chat) for one in after}
    current = services.list_current_threads()
    left = [(case, thread) for case, thread in current if not _is_served(case, thread, after)]
    decision = Decision(retired_threads=tuple(thread.id for _, thread in left))
    for case, thread in left:
        decision = _move_case(services, after, case, thread, decision)
    for case in waiting:
        room = find_staff_room(case.mission, after)
        if room is None or room.mission != bound:
            continue
        unseen = services.find_current_thread(case.number)
        if unseen is None or unseen.id not in decision.retired_threads:
            retired = (*decision.retired_threads, *([unseen.id] if unseen else ()))
            decision = replace(decision, retired_threads=retired)
            decision = _open_thread(services, after, case, decision)
    told = _tell_rooms(services, places)
    desk = _tell_desk(services, after, [case for case, _ in left if is_open(case)], bound)
    return replace(decision, outgoing=(*told, *decision.outgoing, *desk))


def list_moved(decision: Decision, binding: Binding) -> set[int]:
    """The numbers of the cases that get a thread in the room of `binding`."""
    room = binding.channel, binding.chat
    return {one.case for one in decision.new_threads if (one.channel, one.chat) == room}


def _is_served(case: Case, thread: StaffThread, after: Sequence[Binding]) -> bool:
    """Whether a thread is in the room of its case's mission or of the domestic desk."""
    return any(
        (one.channel, one.chat) == (thread.channel, thread.chat)
        and one.mission in (case.mission, DOMESTIC)
        for one in after
    )


def _move_case(
    services: Services, after: Sequence[Binding], case: Case, thread: StaffThread,
    decision: Decision,
) -> Decision:  # fmt: skip
    """The decision with the end of one thread, and with the next one of an open case."""
    room = find_staff_room(case.mission, after)
    key = "thread_moved" if room and is_open(case) else "thread_closed"
    text = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE))
    old = thread_address(thread)
    if thread.thread is not None:  # else nothing of the case was ever shown there
        told = Outgoing(old, text, case=case.number)
        close = Outgoing(old, Content(""), "close", case.number)
        decision = replace(decision, outgoing=(*decision.outgoing, told, close))
    if not is_open(case):
        return decision
    decision = _tell_founder(services, case, room, decision)
    return _open_thread(services, after, case, decision)


def _open_thread(
    services: Services, after: Sequence[Binding], case: Case, decision: Decision
) -> Decision:
    """The decision with a new thread in the case's room, which gets everything that was said;
    without one, the case is new again."""
    record = services.list_lines(case.number)
    seen = (*decision.lines_seen, (case.number, len(record)))
    room = find_staff_room(case.mission, after)
    if room is None:
        return _add_step(replace(decision, lines_seen=seen), unroute_case(case, services.now))
    step = route_case(case, services.now)
    decision = replace(_add_step(decision, step), lines_seen=seen)
    return begin_thread(services, step.case, room, record, decision, translated=False)


def _add_step(decision: Decision, step: CaseStep) -> Decision:
    if not step.log:
        return decision
    cases, log = (*decision.more_cases, step.case), (*decision.log, *step.log)
    return replace(decision, more_cases=cases, log=log)


def _tell_founder(
    services: Services, case: Case, room: Binding | None, decision: Decision
) -> Decision:
    """A founder is told that other people take over, or that their case waits; where the same body
    only sits in another room, nothing changes for them."""
    founder = services.find_conversation(case.conversation)
    if founder is None or (room is not None and room.mission == case.mission):
        return decision
    mission = mission_name(services.missions.get(case.mission), founder.language)
    key = "room_waits" if room is None else "room_at_desk"
    text = render_phrase(f"founder.{key}", founder.language, number=case.number, mission=mission)
    told = Outgoing(founder.address, Content(text, protect=case.sealed), case=case.number)
    return replace(decision, outgoing=(*decision.outgoing, told))


def _tell_rooms(services: Services, places: set[tuple[str, str]]) -> list[Outgoing]:
    """One line to each room that is none of the `places` that are bound from now on."""
    left = dict.fromkeys((one.channel, one.chat) for one in services.bindings)
    text = render_phrase("staff.room_left", STAFF_LANGUAGE)
    return [Outgoing(Address(*room), Content(text)) for room in left if room not in places]


def _tell_desk(
    services: Services, after: Sequence[Binding], cases: Sequence[Case], bound: str | None
) -> tuple[Outgoing, ...]:
    """What the domestic desk is told when bindings were removed."""
    removed = {one.mission for one in services.bindings} - {one.mission for one in after}
    if bound is not None or not removed:
        return ()
    names = [
        mission_name(services.missions.get(mission), STAFF_LANGUAGE) for mission in sorted(removed)
    ]
    return build_desk_notice(after, "room_unbound", mission=", ".join(names), count=len(cases))
