"""What a staff member's message in a case's thread leads to: a reply, a note or an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.buttons import parse_case_action, parse_forward_key, parse_hand_account
from bot.cases.acts import holding, merging, parking, reassign
from bot.cases.acts.turn import StaffTurn
from bot.cases.linked import answering
from bot.cases.linked.asking import ask_desk
from bot.cases.phrase_evidence import find_staff_choice
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.seats import handing
from bot.cases.states import answer_case, is_open
from bot.cases.translating import render_meaning
from bot.cases.wording import can_be_passed_on, has_unsupported, render_body, was_passed_on
from bot.context import Decision, mark_lines
from bot.errors import ActNotAllowed
from bot.messages import Content
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import CaseMessage

NOTE_PREFIX = "//"


def decide_staff_turn(turn: StaffTurn) -> Decision:
    """Everything that one message of a staff member leads to.

    Raises UnknownMission for a case whose mission is no longer listed.
    """
    message = turn.message
    if not turn.thread.current:
        return _refuse_in_retired_thread(turn)
    if message.kind == "button" and parse_forward_key(message.text):
        return answering.forward_answer(turn, message.text)
    if message.kind == "button":
        return _run_action(turn, parse_case_action(message.text), parse_hand_account(message.text))
    if message.kind == "command":
        return _run_action(turn, message.command, message.text)
    if message.kind == "text" and message.command in CASE_ACTIONS and not message.files:
        return _run_action(turn, message.command, "")  # the plain word, alone
    if message.kind == "deleted":
        return _tell_of_deletion(turn)
    if not can_be_passed_on(message):
        return turn.reply_in_thread("not_passed_on")
    if (message.text or message.album_text).lstrip().startswith(NOTE_PREFIX):
        return _keep_note(turn)  # also a late part of an album whose words began as a note
    return _relay_to_founder(turn) if turn.case.parent is None else answering.answer_mission(turn)


def _refuse_in_retired_thread(turn: StaffTurn) -> Decision:
    """One line that says where the case is now: nothing of a retired thread is passed on."""
    if turn.message.kind in ("deleted", "other"):
        return Decision()
    mission = mission_name(turn.services.missions.get(turn.case.mission), turn.language)
    if turn.case.merged_into is not None:
        return turn.reply_in_thread("merged_away", number=turn.case.merged_into)
    if turn.case.mission != turn.thread.mission:
        return turn.reply_in_thread("moved_away", mission=mission)
    elsewhere = turn.services.find_current_thread(turn.case.number)
    return turn.reply_in_thread("other_room" if elsewhere else "no_room", mission=mission)


def _run_action(turn: StaffTurn, word: str, argument: str) -> Decision:
    act = CASE_ACTIONS.get(word)
    if act is None:
        return turn.reply_in_thread("unknown_command")
    try:
        if turn.case.parent is not None:
            return answering.run_act(turn, word, argument.strip())
        return act(turn, argument.strip())
    except ActNotAllowed as error:
        return turn.reply_in_thread(REFUSALS.get(error.act, "not_open"), state=turn.render_state())


def _relay_to_founder(turn: StaffTurn) -> Decision:
    """Pass the message on with the sender's role; the first one to reply takes the case."""
    message, case, founder = turn.message, turn.case, turn.founder_conversation
    limit = turn.services.find_file_limit_megabytes(
        message.files, message.channel, founder.channel if founder else None
    )
    if limit == 0:
        return turn.reply_in_thread("no_files_there")
    if limit is not None:
        return turn.reply_in_thread("file_too_large", most=limit)
    body = render_body(message, STAFF_LANGUAGE)
    line = CaseMessage("staff", body, turn.services.now, turn.role, message.files)
    choice = find_staff_choice(turn.services, message, case)
    decision = Decision(new_lines=((case.number, line),), choice=choice)
    if turn.founder_conversation is None:
        return replace(decision, outgoing=(turn.tell_thread("founder_gone"),))
    corrected = turn.render_founder_phrase("corrected") if message.kind == "edit" else ""
    head = turn.render_founder_phrase("from_staff")
    text = mark_lines(render_body(message, turn.founder_language), corrected)
    below = render_meaning(
        turn.services, message.text, turn.founder_language, turn.account, sealed=case.sealed
    )
    text = f"{text}\n{below}" if below else text
    content = Content(f"{head}\n{turn.render_quote()}{text}".rstrip(), files=message.files,
                      headings=(head,), relayed=True)  # fmt: skip
    outgoing = list(turn.tell_founder(content))
    if has_unsupported(message):
        outgoing.append(turn.tell_thread("part_not_passed_on"))
    step = answer_case(case, turn.actor, turn.role, turn.services.now, turn.name)
    if step.case.state != case.state:
        outgoing.append(turn.refresh_card(step.case))
    if not is_open(case):
        outgoing.append(turn.tell_thread("late_reply"))
    return replace(decision, case=step.case, log=step.log, outgoing=tuple(outgoing))


def _keep_note(turn: StaffTurn) -> Decision:
    text = turn.message.text.lstrip().removeprefix(NOTE_PREFIX).strip()
    line = CaseMessage("note", text, turn.services.now, turn.role, turn.message.files)
    return Decision(
        new_lines=((turn.case.number, line),), outgoing=(turn.tell_thread("note_kept"),)
    )


def _tell_of_deletion(turn: StaffTurn) -> Decision:
    """Tell the founder that words which were passed on to them are deleted in the thread; nothing
    for a note and for what was never passed on."""
    if not was_passed_on(turn.message, turn.services.list_lines(turn.case.number)):
        return Decision()
    if turn.case.parent is not None:
        return answering.tell_of_deletion(turn)
    head = turn.render_founder_phrase("from_staff")
    told = Content(f"{head}\n{turn.render_founder_phrase('staff_deleted')}", headings=(head,))
    deleted = render_phrase("staff.deleted", STAFF_LANGUAGE)
    line = CaseMessage("staff", deleted, turn.services.now, turn.role)
    return Decision(new_lines=((turn.case.number, line),), outgoing=turn.tell_founder(told))


CASE_ACTIONS: dict[str, Callable[[StaffTurn, str], Decision]] = {
    "claim": lambda turn, _: holding.take_case(turn),
    "resolve": lambda turn, _: holding.resolve_case(turn),
    "reopen": lambda turn, _: holding.open_again(turn),
    "close": lambda turn, _: holding.resolve_case(turn),
    "wait": parking.wait_for_founder,
    "authority": parking.wait_for_authority,
    "resume": lambda turn, _: parking.resume_case(turn),
    "reassign": reassign.move_case,
    "merge": merging.merge_case,
    "relay": ask_desk,
    "hand": handing.hand_case,
}
STAFF_COMMANDS = frozenset(CASE_ACTIONS)
# The phrase that says why an act is not allowed now, where the state alone does not say it.
REFUSALS = {"ask_founder": "park_unheld", "wait_authority": "park_unheld", "resume": "not_parked"}
