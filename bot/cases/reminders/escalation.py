"""What a timer of a case leads to when it runs out: who is told of what, a step of the ladder after
the other, and the founder when a target slips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cases.card import render_state, thread_address
from bot.cases.reminders.timers import (
    OFFER,
    Look,
    build_timer,
    find_case_due,
    list_looks,
    parse_step,
    parse_timer,
    read_case_clocks,
)
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.sealed import remind_of_unread
from bot.cases.seats.offering import offer_to_all
from bot.cases.states import NARU, CaseStep
from bot.cases.targets import LADDERS, Step, StepKey, Target, describe_due
from bot.context import Decision, Services
from bot.errors import UnknownCase
from bot.messages import Address, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, LogEntry


@dataclass(frozen=True, slots=True)
class _Ringing:
    """A look at a case whose time has come, with the case's log."""

    services: Services
    case: Case
    log: list[LogEntry]
    look: Look


def decide_case_timer(services: Services, key: str) -> Decision:
    """What the timer `key` of a case leads to: nothing but the timers that are due now if the case
    has moved on since it was set. Raises UnknownMission for a mission no longer listed."""
    timer = parse_timer(key)
    assert timer is not None
    number, reason = timer
    try:
        case = services.get_case(number)
    except UnknownCase:
        return Decision()
    log = services.list_log(number)
    looks = list_looks(case, log, services.missions, services.now)
    for look in looks:
        if look.reason == reason and look.at <= services.now:
            return _ring(_Ringing(services, case, log, look))
    return Decision(timers=tuple(build_timer(number, look) for look in looks))


def _ring(ringing: _Ringing) -> Decision:
    case, look = ringing.case, ringing.look
    if look.reason.startswith(f"{OFFER}:"):
        return offer_to_all(ringing.services, case)
    step = CaseStep(case).take("remind", NARU, ringing.services.now, look.reason)
    outgoing = _take_step(ringing, look.step) if look.step else _look_again(ringing)
    return Decision(case=step.case, log=step.log, outgoing=tuple(outgoing))


def _take_step(ringing: _Ringing, key: StepKey) -> list[Outgoing]:
    """The messages of a step of the ladder, and to the founder the one that says that it slips."""
    services, case = ringing.services, ringing.case
    due = find_case_due(case, ringing.log, services.missions)
    assert due is not None
    mission = services.missions.get(case.mission)
    when = describe_due(due, mission, STAFF_LANGUAGE).text
    late = key.step in late_steps(case)
    told = "target_late" if late else "target_near"
    text = render_phrase(
        f"staff.{told}" if case.parent is None else f"staff.{told}_linked", STAFF_LANGUAGE,
        number=case.number, mission=mission_name(mission, STAFF_LANGUAGE), due=when,
        target=render_phrase(f"staff.{key.target}", STAFF_LANGUAGE), state=render_state(case, mission),
    )  # fmt: skip
    outgoing = [
        Outgoing(to, Content(text), case=case.number)
        for to in find_receivers(services, case, key.step)
    ]
    if [key.step] == late_steps(case)[:1] and not _was_told(ringing, key.target, due):
        outgoing += _tell_founder(ringing, key.target, due)
    return [*outgoing, *_remind_of_unread(ringing)]


def _was_told(ringing: _Ringing, target: Target, due: datetime) -> bool:
    """Whether the founder knows already that what was promised for `due` is late: a move begins the
    ladder again, and their wait goes on."""
    case, log = ringing.case, ringing.log
    started = read_case_clocks(case, log).started
    return any(
        entry.act == "remind"
        and entry.at >= due
        and (step := parse_step(entry.detail)) is not None
        and (step.target, step.step != "thread") == (target, True)
        and read_case_clocks(case, log[:number]).started == started
        for number, entry in enumerate(log)
    )


def _remind_of_unread(ringing: _Ringing) -> tuple[Outgoing, ...]:
    """What is said with each step and look of a sealed case that no officer may read."""
    founder = ringing.services.find_conversation(ringing.case.conversation)
    return remind_of_unread(ringing.services, ringing.case, founder)


def late_steps(case: Case) -> list[Step]:
    """The steps of a case's ladder that come when its target has slipped; with the first of them
    its founder is told."""
    return [rung.step for rung in LADDERS[case.urgency] if rung.offset.amount >= 0]


def find_receivers(services: Services, case: Case, step: Step) -> tuple[Address, ...]:
    """Where a step of the ladder goes: where there is no one for it, to the domestic desk, and
    without a desk to the case's thread. () where no one is bound at all."""
    thread = services.find_current_thread(case.number)
    in_thread = (thread_address(thread),) if thread else ()
    room = find_staff_room(DOMESTIC, services.bindings)
    at_desk = (Address(room.channel, room.chat),) if room else ()
    if step == "thread":
        return in_thread or at_desk
    if step == "lead":
        return tuple(services.find_leads(case.mission)) or at_desk or in_thread
    route = (services.emergency_route,) if services.emergency_route else ()
    return (route if step == "emergency" else ()) or at_desk or in_thread


def _tell_founder(ringing: _Ringing, target: Target, due: datetime) -> list[Outgoing]:
    """That what was promised for `due` has slipped, and who has been told; nothing to an erased founder. Of
    a linked case the mission that asked is told."""
    services, case = ringing.services, ringing.case
    if case.parent is not None:
        return _tell_mission(services, case.parent, case.number)
    founder = services.find_conversation(case.conversation)
    if founder is None:
        return []
    mission = services.missions.get(case.mission)
    text = render_phrase(
        f"founder.{target}_slipped", founder.language, number=case.number,
        mission=mission_name(mission, founder.language),
        due=describe_due(due, mission, founder.language).text,
    )  # fmt: skip
    content = Content(text, protect=case.sealed)
    return [Outgoing(founder.personal_address, content, case=case.number)]


def _tell_mission(services: Services, parent: int, number: int) -> list[Outgoing]:
    """That the desk's answer is late, in the thread of the case that it was asked for."""
    thread = services.find_current_thread(parent)
    text = render_phrase("staff.linked_late", STAFF_LANGUAGE, number=number)
    return [Outgoing(thread_address(thread), Content(text), case=parent)] if thread else []


def _look_again(ringing: _Ringing) -> list[Outgoing]:
    """A reminder of a case that no clock wakes: in its thread, and to the desk if it is late or no
    room has it."""
    services, case = ringing.services, ringing.case
    mission = services.missions.get(case.mission)
    is_wait = ringing.look.reason.startswith("wait:")
    key = "wait_over" if is_wait else "look_again"
    text = render_phrase(
        f"staff.{key}", STAFF_LANGUAGE, number=case.number, state=render_state(case, mission),
        mission=mission_name(mission, STAFF_LANGUAGE),
    )  # fmt: skip
    due = find_case_due(case, ringing.log, services.missions)
    is_late = due is not None and services.now > due
    to = [*find_receivers(services, case, "thread")]
    to += find_receivers(services, case, "desk") if is_late else ()
    told = [Outgoing(one, Content(text), case=case.number) for one in dict.fromkeys(to)]
    return [*told, *_remind_of_unread(ringing)]
