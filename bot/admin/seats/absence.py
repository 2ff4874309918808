"""The open cases of somebody who is away: the lead is told, and hands them to who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from bot.buttons import write_stand_in_key
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.seats.handing import hand_over
from bot.cases.seats.roster import Seat, find_stand_in, find_working_day, list_seats
from bot.context import Decision, Services
from bot.errors import NoWorkingTime
from bot.messages import Address, Button, Content, Outgoing, Timer
from bot.missions.office_hours import build_working_hours
from bot.missions.working_time import next_working
from bot.phrases import render_phrase
from bot.types import Actor, Case

AWAY_KEY_PREFIX = "away:"


def list_own_cases(services: Services, seat: Seat) -> list[Case]:
    """The open cases of a body that the holder of a seat has."""
    mission = seat.member.mission
    return [
        case
        for case in services.list_open_cases()
        if case.taken_by == seat.account
        and (room := find_staff_room(case.mission, services.bindings))
        and room.mission == mission
    ]


def tell_lead(services: Services, seat: Seat) -> tuple[Outgoing, ...]:
    """What the room and the leads in private are told of the open cases of somebody away, with a
    button in the room if somebody stands in; () where there is no such case."""
    cases = list_own_cases(services, seat)
    room = find_staff_room(seat.member.mission, services.bindings)
    if not cases or room is None:
        return ()
    seats = list_seats(services, seat.member.mission)
    other = find_present_stand_in(services, seat, seats)
    text = render_phrase(
        "seats.away_cases" if other else "seats.away_cases_alone", STAFF_LANGUAGE,
        who=seat.label, count=len(cases), numbers=", ".join(f"#{one.number}" for one in cases),
        first=seat.rules.away_from, last=seat.rules.away_until,
        stand_in=other.label if other else "",
    )  # fmt: skip
    buttons: tuple[tuple[Button, ...], ...] = ()
    if other:
        label = render_phrase("seats.button_stand_in", STAFF_LANGUAGE, count=len(cases))
        buttons = ((Button(write_stand_in_key(seat.account), label),),)
    leads = [one.member for one in seats if one.member.is_lead]
    called = tuple(one.user for one in leads if one.channel == room.channel)
    content = Content(text, buttons=buttons, mentions=called)
    private = [Outgoing(chat, Content(text)) for chat in services.find_private_chats(leads)]
    return (Outgoing(Address(room.channel, room.chat), content), *private)


def find_present_stand_in(services: Services, seat: Seat, seats: Sequence[Seat]) -> Seat | None:
    """Who stands in for the holder of a seat and is there themselves, now or when the absence begins;
    None without one."""
    other = find_stand_in(seat, seats)
    today = find_working_day(services.missions.get(seat.member.mission), services.now)
    first = max(today, seat.rules.away_from or today)
    return None if other is None or other.is_away(first) else other


def build_absence_timer(services: Services, seat: Seat) -> tuple[Timer, ...]:
    """The timer that looks at the cases again when the absence begins; () if it has begun."""
    first, mission = seat.rules.away_from, services.missions.get(seat.member.mission)
    if first is None or first <= mission.find_day(services.now):
        return ()
    midnight = datetime.combine(first, time(), mission.zone)
    try:
        at = next_working(midnight, build_working_hours(mission))
    except NoWorkingTime:
        at = midnight
    key = f"{AWAY_KEY_PREFIX}{mission.id}:{first}:{seat.account}"
    return (Timer(key, key, at),)


def decide_absence_timer(services: Services, key: str) -> Decision:
    """What the beginning of an absence leads to; nothing if it was changed since."""
    mission, first, account = key.removeprefix(AWAY_KEY_PREFIX).split(":", 2)
    for seat in list_seats(services, mission):
        if seat.account == account and seat.rules.away_from == date.fromisoformat(first):
            return Decision(outgoing=tell_lead(services, seat))
    return Decision()


def hand_to_stand_in(services: Services, seat: Seat, other: Seat, actor: Actor) -> Decision:
    """All open cases of a seat with who stands in, but for sealed ones that they may not read."""
    reads_sealed = other.member.is_lead or other.member.reads_sealed
    decision = Decision()
    for case in list_own_cases(services, seat):
        if case.sealed and not reads_sealed:
            continue
        founder = services.find_conversation(case.conversation)
        readers = (*((founder,) if founder else ()), *services.list_joined(case.number))
        step, outgoing = hand_over(services, case, actor, other, readers)
        decision = replace(
            decision, more_cases=(*decision.more_cases, step.case),
            log=(*decision.log, *step.log), outgoing=(*decision.outgoing, *outgoing),
        )  # fmt: skip
    return decision
