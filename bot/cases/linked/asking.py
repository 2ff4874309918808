"""The mission's side: it asks the domestic desk, adds to what it asked, and withdraws it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.buttons import write_share_key
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import render_state
from bot.cases.linked.sharing import find_question
from bot.cases.linked.voices import close_desk_thread, go_on, tell_desk
from bot.cases.reminders.timers import find_case_due
from bot.cases.rooms import STAFF_LANGUAGE, build_desk_notice, find_staff_room
from bot.cases.sealed import tell_readers
from bot.cases.states import CaseStep, claim_case, is_held, is_open, open_case
from bot.cases.targets import describe_due
from bot.cases.threads import begin_thread
from bot.context import Decision, Services, quote_lines
from bot.messages import Button, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from bot.types import DOMESTIC, Case, CaseMessage, Place
from knowledge.text.personal_data import mask_personal_data

# In a row, without spaces, that are the founder's own words and not a term of both: in Hangul, and in
# other letters.
COPIED_SYLLABLES, COPIED_LETTERS = 20, 40
_WITHDRAWAL = re.compile(
    r"(?:철회|취소|withdraw|rút)\s*#?(\d{1,9})|#?(\d{1,9})\s*(?:철회|취소|withdraw)",
    re.IGNORECASE,
)
_ADDITION = re.compile(r"#(\d{1,9})[\s:]+(\S.*)", re.DOTALL)


def ask_desk(turn: StaffTurn, argument: str) -> Decision:
    """`/relay WHAT IS NEEDED`: a linked case at the domestic desk; `/relay #12 MORE` adds to one,
    `/relay withdraw 12` ends it, and `/relay` alone lists them. Raises ActNotAllowed for a case that
    has ended."""
    if not argument and turn.message.files:  # also of an album whose words were asked before
        return turn.reply_in_thread("relay_no_files")
    if not argument:
        return turn.reply_in_thread("relay_how", linked=_list_linked(turn))
    if match := _WITHDRAWAL.fullmatch(argument):
        return _withdraw(turn, int(match[1] or match[2]))
    is_copied = copies_founder(turn.services, turn.case, argument)
    if is_copied or (not turn.case.sealed and copies_sealed(turn.services, argument)):
        return turn.reply_in_thread("relay_founder_words")
    if match := _ADDITION.fullmatch(argument):
        return _add(turn, int(match[1]), match[2].strip())
    return _open_request(turn, argument)


def _open_request(turn: StaffTurn, argument: str) -> Decision:
    services, case, now = turn.services, turn.case, turn.services.now
    room = find_staff_room(DOMESTIC, services.bindings)
    if room and (room.channel, room.chat) == (turn.thread.channel, turn.thread.chat):
        return turn.reply_in_thread("relay_at_desk")
    if case.sealed and not services.find_duty_officers(DOMESTIC):
        refused = turn.tell_thread("relay_no_reader")
        desk = build_desk_notice(services.bindings, "relay_no_reader_desk", number=case.number)
        return Decision(outgoing=(refused, *desk))
    held = is_held(case)
    step = CaseStep(case) if held else claim_case(case, turn.actor, turn.role, now, turn.name)
    linked = _create_request(services, case, mask_personal_data(argument))
    step = step.take("relay", turn.actor, now, str(linked.number), wait_until=None)
    opened = open_case(linked, turn.actor, has_room=room is not None)
    due = find_case_due(opened.case, opened.log, services.missions) if room else None
    note = render_phrase(
        "staff.relay_note", STAFF_LANGUAGE, number=linked.number, text=linked.question
    )
    when = (
        describe_due(due, services.missions.get(case.mission), STAFF_LANGUAGE).text if due else ""
    )
    told = turn.tell_thread("relay_sent" if due else "relay_kept", number=linked.number, due=when)
    decision = Decision(
        new_case=opened.case,
        case=step.case,
        log=(*step.log, *opened.log),
        new_lines=((case.number, CaseMessage("note", note, now, turn.role)),),
        outgoing=(
            *_tell_founder(turn, opened.case, due is not None),
            told,
            *_say_what_was_left_out(turn, argument, linked.question),
            turn.refresh_card(step.case),
            *tell_readers(services, opened.case, ()).outgoing,
        ),
    )
    return begin_thread(services, opened.case, room, (), decision)


def _create_request(services: Services, parent: Case, text: str) -> Case:
    """The linked case of `parent`: what staff wrote, the topic, the country and the urgency, and
    nothing that tells who the founder is."""
    country = parent.place.country if parent.place else ""
    if not country and parent.competent != DOMESTIC:
        country = services.missions.get(parent.competent).country
    name = translate_country(country, STAFF_LANGUAGE) if country else ""
    topic = services.find_topic(text, STAFF_LANGUAGE)
    if not topic.is_found:
        question = find_question(parent, services.list_lines(parent.number))
        topic = services.find_topic(question, parent.language)
    return Case(
        number=services.reserve_case_number(),
        conversation="",
        language=STAFF_LANGUAGE,
        question=text,
        competent=DOMESTIC,
        mission=DOMESTIC,
        via="domestic",
        body=None,
        reason="",
        urgency=parent.urgency,
        opened_at=services.now,
        basis="staff",
        sealed=parent.sealed,
        place=Place(name, country) if country else None,
        found=topic.label,
        asked_at=services.now,
        parent=parent.number,
    )


def _tell_founder(turn: StaffTurn, linked: Case, is_seen: bool) -> tuple[Outgoing, ...]:
    """What the founder is told of a request: by when the desk answers, on the clock of the case's
    mission, and the question whether the desk may read their own words."""
    services, parent = turn.services, turn.case
    due = find_case_due(linked, (), services.missions) if is_seen else None
    mission, language = services.missions.get(parent.mission), turn.founder_language
    when = describe_due(due, mission, language).text if due else ""
    text = turn.render_founder_phrase("desk_asked" if due else "desk_asked_kept", due=when)
    told = turn.tell_founder(Content(text))
    question = find_question(parent, services.list_lines(parent.number))
    if turn.founder_conversation is None or not question:
        return told
    key, label = write_share_key(linked.number), render_phrase("founder.button_share", language)
    offer = f"{text}\n{render_phrase('founder.share_offer', language)}"
    content = Content(offer, buttons=((Button(key, label),),), protect=parent.sealed)
    to = turn.founder_conversation.personal_address
    return (Outgoing(to, content, case=parent.number), *told[1:])


def _say_what_was_left_out(turn: StaffTurn, written: str, sent: str) -> tuple[Outgoing, ...]:
    """What staff must know was not sent: personal data that is masked, files."""
    keys = ["relay_masked"] * (written != sent) + ["relay_no_files"] * bool(turn.message.files)
    return tuple(turn.tell_thread(key) for key in keys)


def _find_linked(turn: StaffTurn, number: int) -> Case | None:
    """The linked case of this case with that number, if it is open."""
    linked = turn.services.list_linked(turn.case.number)
    return next((one for one in linked if one.number == number and is_open(one)), None)


def _add(turn: StaffTurn, number: int, argument: str) -> Decision:
    services, linked = turn.services, _find_linked(turn, number)
    if linked is None:
        return turn.reply_in_thread("relay_unknown", number=number, linked=_list_linked(turn))
    if turn.case.sealed != linked.sealed:  # what is said from now on is for duty officers only
        return turn.reply_in_thread("relay_anew", number=number)
    text = mask_personal_data(argument)
    step = CaseStep(linked).take("add", turn.actor, services.now, str(turn.case.number))
    mission = mission_name(services.missions.get(turn.case.mission), STAFF_LANGUAGE)
    said = render_phrase(
        "staff.relay_added", STAFF_LANGUAGE, mission=mission, text=quote_lines(text)
    )
    note = render_phrase("staff.relay_note", STAFF_LANGUAGE, number=number, text=text)
    return Decision(
        case=step.case,
        log=step.log,
        new_lines=(
            (number, CaseMessage("note", text, services.now, turn.role)),
            (turn.case.number, CaseMessage("note", note, services.now, turn.role)),
        ),
        outgoing=(
            *tell_desk(services, linked, Content(said, relayed=True)),
            turn.tell_thread("relay_more_sent", number=number),
            *_say_what_was_left_out(turn, argument, text),
        ),
    )


def _withdraw(turn: StaffTurn, number: int) -> Decision:
    services, linked = turn.services, _find_linked(turn, number)
    if linked is None:
        return turn.reply_in_thread("relay_unknown", number=number, linked=_list_linked(turn))
    now = services.now
    ended = CaseStep(linked).take("withdraw", turn.actor, now, ended_at=now)
    others = [one for one in services.list_linked(turn.case.number) if one.number != number]
    step = CaseStep(turn.case)
    if not any(map(is_open, others)):
        step = go_on(services, turn.case, turn.actor, number)
    card = (turn.refresh_card(step.case),) if step.log else ()
    return Decision(
        case=ended.case,
        more_cases=(step.case,) if step.log else (),
        log=(*ended.log, *step.log),
        outgoing=(
            *turn.tell_founder(Content(turn.render_founder_phrase("desk_withdrawn"))),
            turn.tell_thread("relay_withdrawn", number=number),
            *card,
            *close_desk_thread(services, ended.case, "linked_withdrawn"),
        ),
    )


def _list_linked(turn: StaffTurn) -> str:
    missions = turn.services.missions
    lines = [
        f"\n#{one.number} · {render_state(one, missions.get(one.mission))}"
        for one in turn.services.list_linked(turn.case.number)
    ]
    return "".join(lines)


def copies_sealed(services: Services, text: str) -> bool:
    """Whether a text that rooms are to read has the own words of the founder of a sealed case."""
    return any(copies_founder(services, one, text) for one in services.list_sealed_cases())


def copies_founder(services: Services, case: Case, text: str) -> bool:
    """Whether a text has the own words of a case's founder: as many in a row as no term has."""
    record = services.list_lines(case.number)
    said = [case.question, *(one.text for one in record if one.author == "founder")]
    wanted = _flatten(text)
    return any(window in wanted for words in said for window in _cut(_flatten(words)))


def _cut(text: str) -> Iterable[str]:
    """Every run of a text that is long enough to be somebody's own words."""
    is_korean = any("가" <= letter <= "힣" for letter in text)
    length = COPIED_SYLLABLES if is_korean else COPIED_LETTERS
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _flatten(text: str) -> str:
    return "".join(text.split()).casefold()
