"""Claiming, resolving and reopening a case in its thread."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import write_case_key, write_settled_key
from bot.cases.acts.satisfaction import ask_satisfaction
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import is_holder_unknown, render_holder, thread_address
from bot.cases.linked.ending import withdraw_linked
from bot.cases.states import CaseStep, claim_case, is_held, is_open, reopen_case
from bot.context import Decision, Services
from bot.messages import Button, Content, Outgoing
from bot.types import Conversation


def take_case(turn: StaffTurn) -> Decision:
    """`/claim`: the case is theirs, unless somebody has it. Raises ActNotAllowed for one that has
    ended."""
    case = turn.case
    if is_held(case) and case.taken_by == turn.account:
        return turn.reply_in_thread("already_yours")
    if is_held(case):
        key = "already_taken_unnamed" if is_holder_unknown(case) else "already_taken"
        return turn.reply_in_thread(key, who=render_holder(case, turn.language))
    step = claim_case(case, turn.actor, turn.role, turn.services.now, turn.name)
    taken = step.case
    key = "taken_unnamed" if is_holder_unknown(taken) else "taken"
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase("taken"))),
        turn.tell_thread(key, who=render_holder(taken)),
        turn.refresh_card(taken),
    )
    return Decision(case=taken, log=step.log, outgoing=outgoing)


def resolve_case(turn: StaffTurn) -> Decision:
    """`/resolve`: the case has ended; its founder may reopen it. Raises ActNotAllowed for one that
    has ended."""
    now = turn.services.now
    step = CaseStep(turn.case).take("resolve", turn.actor, now, ended_at=now)
    ended = step.case
    reopen = Button(
        write_case_key("reopen", ended.number), turn.render_founder_phrase("button_reopen")
    )
    settled = Button(write_settled_key(ended.number), turn.render_founder_phrase("button_settled"))
    notice = Content(turn.render_founder_phrase("resolved"), buttons=((settled, reopen),))
    told, records = ask_satisfaction(
        turn.services, ended, turn.founder_conversation, turn.tell_founder(notice)
    )
    outgoing = (
        *told,
        turn.tell_thread("resolved" if turn.founder_conversation else "resolved_untold"),
        turn.refresh_card(ended),
        Outgoing(thread_address(turn.thread), Content(""), "close", ended.number),
    )
    released = release_founder(turn.founder_conversation, ended.number)
    decision = Decision(
        conversation=released, case=ended, log=step.log, outgoing=outgoing, founder_records=records
    )
    return withdraw_linked(turn.services, ended, decision)


def open_again(turn: StaffTurn) -> Decision:
    """`/reopen`, unless its founder is in another case. Raises ActNotAllowed for an open case."""
    if turn.case.merged_into is not None:
        return turn.reply_in_thread("merged_away", number=turn.case.merged_into)
    founder = turn.founder_conversation
    other = founder and _find_other_open_case(turn.services, founder, turn.case.number)
    if other:  # no founder would read it
        return turn.reply_in_thread("reopen_elsewhere", number=other)
    step = reopen_case(turn.case, turn.actor, turn.services.now, has_room=True)
    case = step.case
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase("reopened"))),
        Outgoing(thread_address(turn.thread), Content(""), "reopen", case.number),
        turn.tell_thread("reopened" if turn.founder_conversation else "reopened_untold"),
        turn.refresh_card(case),
    )
    if founder and founder.case is None:
        founder = replace(founder, case=case.number, asking_place=False)
    return Decision(conversation=founder, case=case, log=step.log, outgoing=outgoing)


def release_founder(founder: Conversation | None, number: int) -> Conversation | None:
    """The founder's conversation without the case; its turns are dropped, so that none of them
    becomes part of a new case. None where the founder is in another case or erased."""
    if founder is None or founder.case != number:
        return None
    return replace(founder, case=None, turns=(), asking_place=False)


def _find_other_open_case(services: Services, founder: Conversation, number: int) -> int | None:
    """The number of the open case that a founder is in, if it is another than `number`: what they
    write goes there."""
    if founder.case in (None, number):
        return None
    return founder.case if is_open(services.get_case(founder.case)) else None
