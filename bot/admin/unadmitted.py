"""Somebody who is not staff writes in a case's thread: it stays there, and they are told why."""

from __future__ import annotations

from bot.admin.staffing import NAME_LIMIT_CHARACTERS, StaffingTurn, ask_directory
from bot.buttons import write_admit_key
from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision
from bot.errors import NotDelivered
from bot.messages import Account, Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import StaffThread, UnadmittedWriter


def hold_back(turn: StaffingTurn, thread: StaffThread) -> Decision:
    """The words of somebody who is not staff stay in the thread, nothing of them is kept here; one
    line says why, once per person and thread."""
    message = turn.message
    told = {(one.thread, one.user) for one in turn.unadmitted}
    if message.kind in ("deleted", "other") or (thread.id, message.user) in told:
        return Decision(forget_message=True)
    person = _look_up(turn, Account(message.user, message.user_name))
    name = (person.name or message.user)[:NAME_LIMIT_CHARACTERS]
    is_outsider = message.is_external or person.is_outsider
    key = "outsider_held" if is_outsider else "not_admitted"
    if message.is_anonymous:
        key = "anonymous_held"
    if message.is_unverified:
        key = "unverified_held"
    rows = () if is_outsider or message.is_unverified else ((_build_admit_button(message.user),),)
    text = render_phrase(f"staff.{key}", STAFF_LANGUAGE, who=name)
    writer = UnadmittedWriter(
        thread.id, message.channel, message.chat, message.user, name, turn.services.now
    )
    line = Outgoing(thread_address(thread), Content(text, buttons=rows), case=thread.case)
    return Decision(new_unadmitted=writer, outgoing=(line,), forget_message=True)


def _look_up(turn: StaffingTurn, person: Account) -> Account:
    """The person as their messenger knows them; as they are where it cannot be asked now."""
    try:
        return ask_directory(turn, person)
    except NotDelivered:
        return person


def _build_admit_button(user: str) -> Button:
    label = render_phrase("staff.button_admit", STAFF_LANGUAGE)
    return Button(write_admit_key(user), label, style="primary")
