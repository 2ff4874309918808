"""`/hand`: another seat of the body takes a case, in the same thread and with its record."""

from __future__ import annotations

from bot.buttons import write_hand_key
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import build_card_update, render_holder, thread_address
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.seats.choice import count_open_cases, list_there, pick_first
from bot.cases.seats.offering import mention, tell_seat
from bot.cases.seats.roster import Seat, find_role, find_working_day, list_seats
from bot.cases.states import CaseStep, name_holder
from bot.context import Decision, Services
from bot.messages import Button, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import begin_sentence, render_phrase
from bot.types import Actor, Case, Conversation


def hand_case(turn: StaffTurn, wanted: str) -> Decision:
    """`/hand lawyer`, `/hand @kim` or the button of a seat; without a name, a button for each seat.
    Raises ActNotAllowed for a case that has ended."""
    services, case = turn.services, turn.case
    seats = list_case_seats(services, case)
    if not (wanted or turn.message.named):
        return _offer_buttons(turn, seats)
    seat = _find_seat(turn, wanted, seats)
    if seat is None:
        away = [one for one in seats if one.role == find_role(wanted)]
        return turn.reply_in_thread("hand_away" if away else "hand_unknown", text=wanted)
    if seat.account == case.taken_by:
        return turn.reply_in_thread("hand_same", who=seat.name_in(turn.language))
    if case.sealed and not (seat.member.is_lead or seat.member.reads_sealed):
        return turn.reply_in_thread("hand_sealed", who=seat.name_in(turn.language))
    founder = turn.founder_conversation
    readers = (*((founder,) if founder else ()), *turn.joined)
    step, outgoing = hand_over(services, case, turn.actor, seat, readers)
    return Decision(case=step.case, log=step.log, outgoing=outgoing)


def hand_over(
    services: Services, case: Case, actor: Actor, seat: Seat, readers: tuple[Conversation, ...]
) -> tuple[CaseStep, tuple[Outgoing, ...]]:
    """The case with who sits in `seat`, and who is told: its `readers` (the founder, and those whose
    cases were merged into it), its thread and the new holder. Raises ActNotAllowed."""
    step = CaseStep(case).take(
        "hand", actor, services.now, seat.role, taken_by=seat.account, taken_role=seat.role,
        taken_name=name_holder(seat.member.name), taken_at=case.taken_at or services.now, offer=None,
    )  # fmt: skip
    outgoing = [_tell_founder(services, step.case, one) for one in readers]
    if thread := services.find_current_thread(case.number):
        text = render_phrase("staff.handed", STAFF_LANGUAGE, who=render_holder(step.case))
        content = Content(text, mentions=mention(seat, thread))
        outgoing.append(Outgoing(thread_address(thread), content, case=case.number))
        outgoing.append(build_card_update(step.case, thread, services.missions))
    if seat.account != actor.account:
        outgoing += tell_seat(services, seat, "handed_private", case)
    return step, tuple(outgoing)


def list_case_seats(services: Services, case: Case) -> list[Seat]:
    """The seats of the body whose room works on a case."""
    room = find_staff_room(case.mission, services.bindings)
    return list_seats(services, room.mission) if room else []


def _find_seat(turn: StaffTurn, wanted: str, seats: list[Seat]) -> Seat | None:
    """The seat that is named: by an account, a mention, a handle, or a role, of which the one is meant
    that is there and has the fewest cases."""
    accounts = {wanted, f"{turn.message.channel}:{wanted}"}
    accounts |= {f"{turn.message.channel}:{one.user}" for one in turn.message.named}
    named = [one for one in seats if one.account in accounts]
    if not named and wanted.startswith("@"):
        named = [one for one in seats if f"({wanted.lower()})" in one.member.name.lower()]
    if named:
        return named[0]
    role = find_role(wanted)
    others = [one for one in seats if role == one.role and one.account != turn.case.taken_by]
    mission = turn.services.missions.get(turn.case.mission)
    there = list(list_there(others, seats, find_working_day(mission, turn.services.now)))
    if not there:
        return None
    return pick_first(there, count_open_cases(turn.services.list_open_cases())).person


def _offer_buttons(turn: StaffTurn, seats: list[Seat]) -> Decision:
    others = [one for one in seats if one.account != turn.case.taken_by]
    if not others:
        return turn.reply_in_thread("hand_no_other")
    rows = tuple(
        (Button(write_hand_key(turn.case.number, one.account), one.label),) for one in others
    )
    text = render_phrase("staff.hand_which", turn.language)
    to = thread_address(turn.thread)
    return Decision(outgoing=(Outgoing(to, Content(text, buttons=rows), case=turn.case.number),))


def _tell_founder(services: Services, case: Case, reader: Conversation) -> Outgoing:
    language = reader.language
    text = render_phrase(
        "founder.handed", language, number=case.number,
        mission=mission_name(services.missions.get(case.mission), language),
        role=render_phrase(f"staff.role_{case.taken_role or 'staff'}", language),
    )  # fmt: skip
    content = Content(begin_sentence(text), protect=case.sealed)
    return Outgoing(reader.personal_address, content, case=case.number)
