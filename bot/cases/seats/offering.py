"""Offering a case to the seat that fits when a room first sees it, and later to all."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import build_card_update, render_card, render_place_name, thread_address
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.seats.choice import choose_seat, count_open_cases
from bot.cases.seats.roster import Seat, find_working_day, list_seats
from bot.cases.states import NARU, CaseStep
from bot.context import Decision, Services
from bot.messages import Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import Binding, Case, SeatOffer, StaffThread


def offer_cases(decision: Decision, services: Services) -> Decision:
    """The decision in which every case that a room sees from now on is offered to a seat, so that no
    act can forget it; a case that has become sealed or critical is offered to one no longer. Without
    a step of a case, unchanged."""
    routed = {entry.case for entry in decision.log if entry.act == "route"}
    for case in _list_cases(decision):
        if case.state != "routed":
            continue
        if case.number in routed:
            decision = _offer(services, decision, case)
        elif case.offer and (case.sealed or case.urgency == "critical"):
            decision = _replace_case(services, decision, _withdraw(services, case))
    return decision


def offer_to_all(services: Services, case: Case) -> Decision:
    """What the end of the time leads to in which only one seat was offered the case."""
    step = _withdraw(services, case)
    thread = services.find_current_thread(case.number)
    outgoing: tuple[Outgoing, ...] = ()
    if thread:
        text = render_phrase("seats.offered_to_all", STAFF_LANGUAGE, number=case.number)
        told = Outgoing(
            thread_address(thread), Content(text), case=case.number, unless_taken=case.number
        )
        outgoing = (told, build_card_update(step.case, thread, services.missions))
    return Decision(case=step.case, log=step.log, outgoing=outgoing)


def tell_seat(
    services: Services, seat: Seat, key: str, case: Case, **values: object
) -> list[Outgoing]:
    """A private message to who sits in a seat, where they can be reached: the phrase `seats.KEY` about
    a case. [] for a sealed case, of which only its readers are told in private."""
    if case.sealed:
        return []
    text = render_phrase(
        f"seats.{key}", STAFF_LANGUAGE, number=case.number, place=render_place_name(case.place),
        mission=mission_name(services.missions.get(case.mission), STAFF_LANGUAGE),
        urgency=render_phrase(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE), **values,
    )  # fmt: skip
    chats = services.find_private_chats((seat.member,))
    return [Outgoing(chat, Content(text), case=case.number) for chat in chats]


def _offer(services: Services, decision: Decision, case: Case) -> Decision:
    bindings = _list_bindings(services, decision)
    room = find_staff_room(case.mission, bindings)
    seats = list_seats(services, room.mission) if room else []
    others = [one for one in services.list_open_cases() if one.number != case.number]
    offer = None
    if room and any(seat.topics for seat in seats):  # else no topic is looked for
        today = find_working_day(services.missions.get(room.mission), services.now)
        topic = services.find_topic(case.question, case.language)
        offer = choose_seat(case, topic.id, seats, count_open_cases(others), today)
        offer = offer and replace(offer, topic=topic.label)
    if offer is None:
        return decision if case.offer is None else _replace_case(
            services, decision, CaseStep(replace(case, offer=None))
        )  # fmt: skip
    step = CaseStep(case).take("offer", NARU, services.now, offer.role, offer=offer)
    decision = _replace_case(services, decision, step)
    seat = next(one for one in seats if one.account == offer.account)
    told = _tell(services, decision, step.case, seat, offer)
    return replace(decision, outgoing=(*decision.outgoing, *told))


def _tell(
    services: Services, decision: Decision, case: Case, seat: Seat, offer: SeatOffer
) -> list[Outgoing]:
    """The mention in the thread, and the private message."""
    role = render_phrase(f"staff.role_{offer.role}", STAFF_LANGUAGE)
    thread = _find_thread(services, decision, case)
    outgoing = tell_seat(services, seat, "offered_private", case, role=role)
    if thread is None:
        return outgoing
    key = "offered_stand_in" if offer.stands_in else "offered"
    text = render_phrase(f"seats.{key}", STAFF_LANGUAGE, role=role, who=seat.label)
    content = Content(text, mentions=mention(seat, thread))
    to = thread_address(thread)
    return [Outgoing(to, content, case=case.number, unless_taken=case.number), *outgoing]


def mention(seat: Seat, thread: StaffThread) -> tuple[str, ...]:
    """Whom a message in a thread calls: the holder of a seat, on the thread's own messenger."""
    return (seat.member.user,) if seat.member.channel == thread.channel else ()


def _withdraw(services: Services, case: Case) -> CaseStep:
    return CaseStep(case).take("offer", NARU, services.now, "all", offer=None)


def _list_cases(decision: Decision) -> list[Case]:
    cases = (decision.new_case, *decision.new_asides, decision.case, *decision.more_cases)
    return [case for case in cases if case is not None]


def _replace_case(services: Services, decision: Decision, step: CaseStep) -> Decision:
    """The decision with a case of it after one more step, on its cards too."""
    after, number = step.case, step.case.number

    def swap(case: Case) -> Case:
        return after if case.number == number else case

    def redraw(one: Outgoing) -> Outgoing:
        if one.case != number or one.act not in ("card", "recard"):
            return one
        return replace(one, content=render_card(after, services.missions))

    return replace(
        decision,
        new_case=decision.new_case and swap(decision.new_case),
        new_asides=tuple(map(swap, decision.new_asides)),
        case=decision.case and swap(decision.case),
        more_cases=tuple(map(swap, decision.more_cases)),
        log=(*decision.log, *step.log),
        outgoing=tuple(map(redraw, decision.outgoing)),
    )


def _list_bindings(services: Services, decision: Decision) -> list[Binding]:
    """The bindings after the decision."""
    new = decision.new_binding
    gone = {*decision.removed_bindings, *([new.mission] if new else ())}
    kept = [one for one in services.bindings if one.mission not in gone]
    return [*kept, *([new] if new else ())]


def _find_thread(services: Services, decision: Decision, case: Case) -> StaffThread | None:
    new = (one for one in decision.new_threads if one.case == case.number)
    return next(new, None) or services.find_current_thread(case.number)
