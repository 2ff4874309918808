"""Mails to staff who have no messenger: that a case is new, is offered or handed to them, that its founder
wrote, that a target is near. A mail has the case's number and a link, and nothing of what it is about:
what others are told in private is never in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.admin.officers import may_read_sealed
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.seats.roster import list_seats
from bot.context import Decision, Services
from bot.errors import UnknownCase
from bot.messages import Address, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import CONSOLE_CHANNEL, Case

_PREFIX = f"{CONSOLE_CHANNEL}:"
_CASE_KEYS = ("new", "offered", "assigned", "replied", "target", "sealed", "case")
_ROOM_KEY = "inbox"  # of what is about no case
_ROOM_KEYS = ("signed_in", _ROOM_KEY)


def is_mail_address(to: Address) -> bool:
    """Whether a message is for the mail address of a person, not for the room of a body."""
    return to.channel == CONSOLE_CHANNEL and "@" in to.chat and ":" not in to.chat


def add_mail_notices(decision: Decision, services: Services) -> Decision:
    """The decision with its mails, in place of what it tells staff without a messenger in private:
    of that, what is about no case waits for them on the console. `services` have cases as they were
    before the decision; without a console there is no one to tell."""
    if not services.can_show_to_one(CONSOLE_CHANNEL):
        return decision
    kept = [one for one in decision.outgoing if not is_mail_address(one.to)]
    private = [one for one in decision.outgoing if is_mail_address(one.to)]
    mails: dict[tuple[str, int | None], str] = {}
    cases = _collect_cases(decision, services)
    for number, case in cases.items():
        for account, key in _list_notices(decision, services, case, _find_before(number, services)):
            mails.setdefault((account.removeprefix(_PREFIX), number), key)
    for one in private:
        mails.setdefault((one.to.chat, one.case), _name_private(decision, services, cases, one))
        if one.case is None and not one.content.protect:
            kept.append(replace(one, to=Address(CONSOLE_CHANNEL, f"{_PREFIX}{one.to.chat}")))
    if not mails and not private:
        return decision
    sent = [_write_mail(chat, number, key) for (chat, number), key in mails.items()]
    return replace(decision, outgoing=(*kept, *sent))


def withhold(text: str, number: str | None) -> str:
    """The text of a mail about case `number` (None: of none): `text` if it is one of the notices, else
    the one that says least. Whatever else was meant for the address does not leave by mail."""
    keys = _CASE_KEYS if number else _ROOM_KEYS
    known = [_render(key, number) for key in keys]
    return text if text in known else known[-1]


def _write_mail(chat: str, number: int | None, key: str) -> Outgoing:
    thread = str(number) if number else None
    to = Address(CONSOLE_CHANNEL, chat, thread=thread)
    return Outgoing(to, Content(_render(key, thread)), case=number)


def _render(key: str, number: str | None) -> str:
    return render_phrase(f"console.mail_{key}", STAFF_LANGUAGE, number=number or "")


def _name_private(
    decision: Decision, services: Services, cases: Mapping[int, Case], one: Outgoing
) -> str:
    """Which mail stands for a private message."""
    if one.case is None:
        return _ROOM_KEY
    case = cases.get(one.case) or _find_before(one.case, services)
    if case is None or case.sealed:
        return "sealed"
    return "target" if _is_reminded(decision, case) else "case"


def _collect_cases(decision: Decision, services: Services) -> dict[int, Case]:
    """The cases that a decision is about, as they are after it."""
    changed = (decision.new_case, *decision.new_asides, decision.case, *decision.more_cases)
    found = {case.number: case for case in changed if case is not None}
    for number, line in decision.new_lines:
        if line.author == "founder" and number not in found:
            case = _find_before(number, services)
            found |= {number: case} if case else {}
    return found


def _find_before(number: int, services: Services) -> Case | None:
    try:
        return services.get_case(number)
    except UnknownCase:
        return None


def _list_notices(
    decision: Decision, services: Services, case: Case, before: Case | None
) -> Iterator[tuple[str, str]]:
    """Whom a case's mails go to, and what they say: to who has it or is offered it; without either to
    all of its body, who would read it in their room if they had one."""
    holder = case.taken_by or (case.offer.account if case.offer else "")
    if holder.startswith(_PREFIX) and (key := _choose_notice(decision, case, before, holder)):
        yield holder, key
    if holder or not (key := _choose_call(decision, case)):
        return
    room = find_staff_room(case.mission, services.bindings)
    for seat in list_seats(services, room.mission if room else case.mission):
        may_read = not case.sealed or may_read_sealed(seat.member)
        if seat.account.startswith(_PREFIX) and may_read:
            yield seat.account, "sealed" if case.sealed else key


def _choose_notice(decision: Decision, case: Case, before: Case | None, holder: str) -> str | None:
    steps = [entry for entry in decision.log if entry.case == case.number]
    if case.taken_by is None and (before is None or before.offer != case.offer):
        return "offered"
    if case.taken_by and (before is None or before.taken_by != holder):
        return None if any(entry.who == holder for entry in steps) else "assigned"
    if any(
        number == case.number and line.author == "founder" for number, line in decision.new_lines
    ):
        return "replied"
    return "target" if _is_reminded(decision, case) else None


def _choose_call(decision: Decision, case: Case) -> str | None:
    """What a body is told of a case that none of it has."""
    acts = {entry.act for entry in decision.log if entry.case == case.number}
    if case.state == "routed" and acts & {"route", "offer"}:
        return "new"
    return "target" if _is_reminded(decision, case) else None


def _is_reminded(decision: Decision, case: Case) -> bool:
    return any(one.act == "remind" for one in decision.log if one.case == case.number)
