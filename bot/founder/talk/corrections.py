"""What a founder corrects of their own case by a button: its place, its urgency, its seal.

Staff see the same on the card; only here and by staff is urgency lowered or a seal taken off.
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import Correction
from bot.cases.card import build_card_update, build_record, thread_address
from bot.cases.receipt import build_correction_buttons, render_understood
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.sealed import tell_readers
from bot.cases.states import CaseStep, is_held, is_open, reassign_case
from bot.cases.threads import add_thread
from bot.cases.wording import render_body
from bot.context import Decision, Turn
from bot.errors import UnknownCase, UnknownPlace
from bot.founder.talk.place_reply import find_and_set_place
from bot.founder.talk.read_turn import read_turn
from bot.messages import Content, Outgoing, select_words
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.recipient import tell_of_new_country
from bot.routing.route import find_route
from bot.routing.route_text import render_reason
from bot.types import URGENCIES, Case, CaseMessage, Place


def correct_case(turn: Turn, number: int, correction: Correction) -> Decision | None:
    """What a button below the receipt leads to; None for a case that is not the founder's own or
    has ended. The place is asked for."""
    try:
        case = turn.services.get_case(number)
    except UnknownCase:
        return None
    if case.conversation != turn.conversation.key or not is_open(case):
        return None
    if correction == "place":
        language = turn.conversation.language
        share = render_phrase("founder.button_share_location", language)
        content = Content(render_phrase("founder.ask_where", language), ask_location=share)
        return turn.reply_content(content, awaited="place")
    changed = change_case(case, correction)
    if changed == case:
        return _tell_founder(turn, case)
    return _announce(turn, case, changed)


def change_case(case: Case, correction: Correction) -> Case:
    """The case one step more or less urgent, sealed or unsealed; as it is where there is no step."""
    if correction in ("seal", "unseal"):
        return replace(case, sealed=correction == "seal")
    step = {"raise": 1, "lower": -1}.get(correction, 0)
    level = min(max(URGENCIES.index(case.urgency) + step, 0), len(URGENCIES) - 1)
    return replace(case, urgency=URGENCIES[level])


def handle_place(turn: Turn, case: Case) -> Decision | None:
    """The place that was asked for to correct an open case, or that a case without one, which no one
    has taken, still lacks; None if the message names none: it is relayed like any other. What was
    written is kept in the record."""
    message = turn.message
    lacks_place = case.place is None and not is_held(case)
    asked = turn.conversation.awaited == "place" or lacks_place
    if not asked or message.kind not in ("text", "location"):
        return None
    place = _find_named_place(turn)
    if place is None or message.files or message.forwarded_from:
        return None
    decision = move_case(turn, case, place)
    line = CaseMessage("founder", render_body(message, STAFF_LANGUAGE), turn.services.now)
    return replace(decision, new_lines=((case.number, line), *decision.new_lines))


def _find_named_place(turn: Turn) -> Place | None:
    """The place of a shared location, or the one that is all that the message says."""
    message, places = turn.message, turn.services.places
    try:
        if message.location:
            return places.find_place_at(*message.location)
        reading = read_turn(turn, in_case=True, awaited="place")
        if reading.act != "place":
            return None
        return places.find_place(select_words(reading.place or message.text))
    except UnknownPlace:
        return places.find_mentioned_place(message.words)


def handle_place_button(turn: Turn, name: str) -> Decision:
    """The answer to which of two places of one name is meant, for the case or for the matter."""
    number = turn.conversation.case
    if number is not None and is_open(case := turn.services.get_case(number)):
        try:
            return move_case(turn, case, turn.services.places.find_place(name))
        except UnknownPlace:
            return turn.reply_phrase("unknown_place", text=name)
    return find_and_set_place(turn, name)


def move_case(turn: Turn, case: Case, place: Place) -> Decision:
    """The open case with another place: at the mission that takes cases of it, in a new thread if
    that is another one."""
    services, language = turn.services, turn.conversation.language
    conversation = replace(turn.conversation, place=place, place_fixed=True, awaited="")
    turn = turn.with_conversation(conversation)
    route = find_route(place, services.missions, services.now)
    if route.mission == case.mission:
        changed = replace(
            case, place=place, competent=route.competent, via=route.via, body=route.body,
            basis=route.basis, reason="",
        )  # fmt: skip
        return _announce(turn, case, changed)
    has_room = find_staff_room(route.mission, services.bindings) is not None
    step = reassign_case(case, route, turn.actor, services.now, has_room=has_room)
    moved = step.case
    mission = mission_name(services.missions.get(moved.mission), language)
    reason = render_reason(route, services.missions, language)
    told = turn.reply_phrase("moved", number=case.number, mission=mission, reason=reason)
    again = tell_of_new_country(services, case, moved, turn.address, language)
    outgoing = (*told.outgoing, *again)
    decision = replace(told, case=moved, log=step.log, outgoing=outgoing)
    if thread := services.find_current_thread(case.number):
        to = thread_address(thread)
        name = mission_name(services.missions.get(moved.mission), STAFF_LANGUAGE)
        note = Content(render_phrase("staff.moved", STAFF_LANGUAGE, mission=name))
        closing = (
            Outgoing(to, note, case=case.number),
            Outgoing(to, Content(""), "close", case.number),
        )
        decision = replace(
            decision, retired_threads=(thread.id,), outgoing=(*decision.outgoing, *closing)
        )
    return add_thread(services, moved, decision)


def _tell_founder(turn: Turn, case: Case, more: str = "") -> Decision:
    """How the case is understood now, with the buttons to correct that."""
    language = turn.conversation.language
    text = render_phrase(
        "founder.case_corrected",
        language,
        number=case.number,
        understood=render_understood(case, language),
    )
    buttons = build_correction_buttons(case, language)
    return turn.reply_content(
        Content(f"{text}\n{more}".strip(), buttons=buttons, protect=case.sealed)
    )


def _announce(turn: Turn, before: Case, case: Case) -> Decision:
    """The decision with the corrected case: founder and staff are told, the card shows it, and a
    line of the record says it."""
    services = turn.services
    record = services.list_lines(case.number)
    is_new_seal = case.sealed and not before.sealed
    note = _render_note(before, case)
    sealed = tell_readers(services, case, record) if is_new_seal else None
    if case.sealed:
        conversation = replace(turn.conversation, turns=(), why="", offered=())
        turn = turn.with_conversation(conversation)
    more = sealed.render_for_founder(turn.conversation.language) if sealed else ""
    decision = _tell_founder(turn, case, more)
    outgoing = [*decision.outgoing, *(sealed.outgoing if sealed else ())]
    if thread := services.find_current_thread(case.number):
        to = thread_address(thread)
        outgoing += [
            build_card_update(case, thread, services.missions),
            Outgoing(to, Content(note), case=case.number),
        ]
        if before.sealed and not case.sealed:  # the thread never had what was said under the seal
            outgoing += build_record(case, to, record)
    line = CaseMessage("bot", note, services.now)
    step = CaseStep(case).take("correct", turn.actor, services.now, _name_correction(before, case))
    return replace(
        decision, case=step.case, log=step.log, new_lines=((case.number, line),),
        outgoing=tuple(outgoing),
    )  # fmt: skip


def _name_correction(before: Case, case: Case) -> str:
    """What was corrected, as the case's log has it."""
    if before.sealed != case.sealed:
        return "seal" if case.sealed else "unseal"
    return case.urgency if before.urgency != case.urgency else "place"


def _render_note(before: Case, case: Case) -> str:
    """What staff read of a correction; of a sealed case's place nothing but that it was corrected."""
    if before.sealed != case.sealed:
        key = "founder_sealed" if case.sealed else "founder_unsealed"
        return render_phrase(f"staff.{key}", STAFF_LANGUAGE)
    if before.urgency != case.urgency:
        was, now = (
            render_phrase(f"staff.urgency_{one.urgency}", STAFF_LANGUAGE) for one in (before, case)
        )
        return render_phrase("staff.founder_weighed", STAFF_LANGUAGE, before=was, after=now)
    place = case.place.name if case.place and not case.sealed else ""
    return render_phrase("staff.founder_placed", STAFF_LANGUAGE, place=place).strip()
