"""Mails to staff who have no messenger: that a case is offered or handed to them, that its founder wrote,
that a target is near. A mail has the case's number and a link, and nothing of what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision
from bot.errors import UnknownCase
from bot.messages import Address, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import CONSOLE_CHANNEL, Case

_PREFIX = f"{CONSOLE_CHANNEL}:"


def add_mail_notices(decision: Decision, get_case: Callable[[int], Case]) -> Decision:
    """The decision with its mails. `get_case` has cases as they were before it."""
    mails = []
    for number, case in _collect_cases(decision, get_case).items():
        before = _find_before(number, get_case)
        if (told := _choose_notice(decision, case, before)) is not None:
            account, key = told
            text = render_phrase(f"console.mail_{key}", STAFF_LANGUAGE, number=number)
            to = Address(CONSOLE_CHANNEL, account.removeprefix(_PREFIX), thread=str(number))
            mails.append(Outgoing(to, Content(text), case=number))
    return replace(decision, outgoing=(*decision.outgoing, *mails)) if mails else decision


def _collect_cases(decision: Decision, get_case: Callable[[int], Case]) -> dict[int, Case]:
    """The cases that a decision is about, as they are after it."""
    changed = (decision.new_case, *decision.new_asides, decision.case, *decision.more_cases)
    found = {case.number: case for case in changed if case is not None}
    for number, line in decision.new_lines:
        if line.author == "founder" and number not in found:
            case = _find_before(number, get_case)
            found |= {number: case} if case else {}
    return found


def _find_before(number: int, get_case: Callable[[int], Case]) -> Case | None:
    try:
        return get_case(number)
    except UnknownCase:
        return None


def _choose_notice(decision: Decision, case: Case, before: Case | None) -> tuple[str, str] | None:
    """Whom a case's mail goes to, and what it says; None if there is none."""
    holder = case.taken_by or (case.offer.account if case.offer else "")
    if not holder.startswith(_PREFIX):
        return None
    steps = [entry for entry in decision.log if entry.case == case.number]
    if case.taken_by is None and (before is None or before.offer != case.offer):
        return holder, "offered"
    if case.taken_by and (before is None or before.taken_by != holder):
        return None if any(entry.who == holder for entry in steps) else (holder, "assigned")
    if any(
        number == case.number and line.author == "founder" for number, line in decision.new_lines
    ):
        return holder, "replied"
    return (holder, "target") if any(entry.act == "remind" for entry in steps) else None
