"""A founder closes, settles and reopens a case of theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.cases.acts.satisfaction import ask_satisfaction
from bot.cases.card import build_card_update, thread_address
from bot.cases.linked.ending import withdraw_linked
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.states import CaseStep, is_open
from bot.cases.states import reopen_case as take_up_again
from bot.cases.threads import add_thread
from bot.context import Decision, Turn
from bot.founder.own_cases.ownership import find_own_case
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Case


def close_case(turn: Turn) -> Decision:
    """`/close`: the founder ends the case. Their next question starts without its exchanges."""
    if turn.conversation.case is None:
        return turn.reply_phrase("nothing_open")
    case = turn.services.get_case(turn.conversation.case)
    turn = turn.with_conversation(replace(turn.conversation, case=None, turns=()))
    if not is_open(case):
        return turn.reply_phrase("nothing_open")
    if find_own_case(turn, case.number) is None:  # theirs was merged into another founder's
        return turn.reply_phrase("left_case", number=case.number)
    return end_case(turn, case)


def end_case(turn: Turn, case: Case) -> Decision:
    """An open case of the founder's is closed, and they are asked once whether it helped."""
    if turn.conversation.case == case.number:
        turn = turn.with_conversation(replace(turn.conversation, case=None, turns=()))
    now = turn.services.now
    step = CaseStep(case).take("close", turn.actor, now, ended_at=now)
    decision = turn.reply_phrase("closed", number=case.number)
    told, records = ask_satisfaction(turn.services, step.case, turn.conversation, decision.outgoing)
    decision = replace(decision, outgoing=told, founder_records=records)
    decision = _tell_staff_thread(turn, decision, step, "founder_closed", "close")
    return withdraw_linked(turn.services, case, decision)


def reopen_case(turn: Turn, number: int) -> Decision:
    """The button "not solved yet" under a resolved case: the case is open again, for who opened
    it and no one else. Somebody who is in another open case is told which."""
    case, current = find_own_case(turn, number), turn.conversation.case
    if case is None:
        return turn.reply_phrase("stale_button")
    if current not in (None, number) and is_open(turn.services.get_case(current)):
        text = render_phrase(
            "own.reopen_elsewhere", turn.conversation.language, number=number, other=current
        )
        return turn.reply_content(Content(text))
    if case.merged_into is not None:
        return turn.reply_phrase("already_merged", number=number, target=case.merged_into)
    if is_open(case):
        return turn.reply_phrase("already_open", number=number)
    turn = turn.with_conversation(replace(turn.conversation, case=number, asking_place=False))
    decision = turn.reply_phrase("reopened", number=number)
    has_room = find_staff_room(case.mission, turn.services.bindings) is not None
    here = replace(case, conversation=turn.conversation.key)
    step = take_up_again(here, turn.actor, turn.services.now, has_room=has_room)
    return _tell_staff_thread(turn, decision, step, "founder_reopened", "reopen")


def settle_case(turn: Turn, number: int) -> Decision:
    """The button "it is settled" under a resolved case: its founder has ended it as well. The staff
    thread is closed already, so only its card says so."""
    case = find_own_case(turn, number)
    if case is None:
        return turn.reply_phrase("stale_button")
    if is_open(case):
        return turn.reply_phrase("already_open", number=number)
    decision = turn.reply_phrase("closed", number=number)
    if case.state == "closed":
        return decision
    step = CaseStep(case).take("close", turn.actor, turn.services.now)
    thread = turn.services.find_current_thread(number)
    card = (build_card_update(step.case, thread, turn.services.missions),) if thread else ()
    outgoing = (*decision.outgoing, *card)
    return replace(decision, case=step.case, log=step.log, outgoing=outgoing)


def _tell_staff_thread(
    turn: Turn, decision: Decision, step: CaseStep, note: str, act: Literal["close", "reopen"]
) -> Decision:
    """The decision with the case's new state and the messages to its thread: the phrase
    `staff.NOTE` and the card. A thread is reopened before them and closed after them."""
    case, outgoing = step.case, list(decision.outgoing)
    decision = replace(decision, log=step.log)
    thread = turn.services.find_current_thread(case.number)
    if thread is None and act == "reopen":  # its room was unbound after the case had ended
        return add_thread(turn.services, case, replace(decision, case=case))
    if thread:
        to = thread_address(thread)
        content = Content(render_phrase(f"staff.{note}", STAFF_LANGUAGE))
        messages = [
            Outgoing(to, content, case=case.number),
            build_card_update(case, thread, turn.services.missions),
        ]
        thread_act = Outgoing(to, Content(""), act, case.number)
        outgoing += [*messages, thread_act] if act == "close" else [thread_act, *messages]
    return replace(decision, case=case, outgoing=tuple(outgoing))
