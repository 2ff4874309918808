"""Merging a case into another one: its record, its founder and its work go there.

Nothing is copied: the lines stay under their own number, so that an erasure finds them, and are read
with those of the case they were merged into.
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import is_number
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import build_record, render_card, thread_address
from bot.cases.linked.ending import relink
from bot.cases.reminders.timers import read_case_clocks, write_wait
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.sealed import find_readers
from bot.cases.states import CaseStep, is_open
from bot.context import Decision, quote_lines
from bot.errors import UnknownCase
from bot.messages import Address, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import URGENCIES, Case, CaseMessage, Conversation
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data

CONFIRMED = frozenset(
    {"!", "확인", "ok", "yes"}
)  # after the number: merge other founders' cases too


def merge_case(turn: StaffTurn, argument: str) -> Decision:
    """`/merge NUMBER`: the case goes on as the open case of that number. Another founder's case is
    merged only when that is confirmed (`/merge NUMBER 확인`). Raises ActNotAllowed for a case that has
    ended."""
    number, _, word = argument.lstrip("#").partition(" ")
    if not is_number(number) or int(number) == turn.case.number:
        return turn.reply_in_thread("merge_how")
    target = _find_target(turn, int(number))
    if target is None:
        return turn.reply_in_thread("merge_unknown", number=int(number))
    if target.parent is not None:
        return turn.reply_in_thread("merge_linked", number=target.number)
    if target.merged_into is not None:
        return turn.reply_in_thread(
            "merge_into_merged", number=target.number, target=target.merged_into
        )
    if not is_open(target):
        return turn.reply_in_thread("merge_ended", number=target.number)
    if target.sealed != turn.case.sealed:  # sealed words never come into an open thread
        return turn.reply_in_thread("merge_sealed", number=target.number)
    if not _is_of_same_founder(turn, target) and word.strip().lower() not in CONFIRMED:
        return turn.reply_in_thread("merge_other_founder", number=target.number)
    return _merge(turn, target)


def _find_target(turn: StaffTurn, number: int) -> Case | None:
    """The case of a number. One of another body is as if it were not there, unless it is the same
    founder's or the sender belongs to the domestic body: numbers can be guessed."""
    try:
        target = turn.services.get_case(number)
    except UnknownCase:
        return None
    thread = turn.services.find_current_thread(number)
    is_near = target.mission == turn.case.mission or (
        thread is not None and thread.mission == turn.thread.mission
    )
    is_known = is_near or turn.rank == "desk" or _is_of_same_founder(turn, target)
    return target if is_known else None


def _is_of_same_founder(turn: StaffTurn, target: Case) -> bool:
    other = turn.services.find_conversation(target.conversation)
    return is_same_person(turn.founder_conversation, other)


def is_same_person(one: Conversation | None, other: Conversation | None) -> bool:
    """Whether two conversations are one account's."""
    if one is None or other is None:
        return False
    return (one.channel, one.user) == (other.channel, other.user)


def _merge(turn: StaffTurn, target: Case) -> Decision:
    services, case, now = turn.services, turn.case, turn.services.now
    ended = CaseStep(case).take(
        "merge", turn.actor, now, str(target.number), merged_into=target.number, ended_at=now,
    )  # fmt: skip
    urgency = max(case.urgency, target.urgency, key=URGENCIES.index)
    since = write_wait(read_case_clocks(case, services.list_log(case.number)))
    received = CaseStep(target)
    if target.state == "waiting_founder":  # people have to look at what comes in
        received = received.take("resume", turn.actor, now)
    received = received.take(
        "receive", turn.actor, now, f"{case.number} {since}".strip(), urgency=urgency
    )
    merged_before = tuple(
        replace(one, merged_into=target.number) for one in services.list_merged(case.number)
    )
    relinked, relinks = relink(services, case, target, turn.actor)
    record = services.list_lines(case.number)
    conversation = turn.founder_conversation
    if conversation and conversation.case == case.number:
        conversation = replace(conversation, case=target.number)
    here = thread_address(turn.thread)
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase("merged", target=target.number))),
        *_hand_over(turn, received.case, record),
        turn.tell_thread("merged", number=target.number),
        turn.refresh_card(ended.case),
        Outgoing(here, Content(""), "close", case.number),
    )
    return Decision(
        conversation=conversation,
        case=ended.case,
        more_cases=(received.case, *merged_before, *relinked),
        log=(*ended.log, *received.log, *relinks),
        retired_threads=(turn.thread.id,),
        lines_seen=((case.number, len(record)),),
        outgoing=outgoing,
    )


def _hand_over(turn: StaffTurn, target: Case, record: list[CaseMessage]) -> list[Outgoing]:
    """What those who work on the target get of the case: its question, record and files; for a sealed
    one only its readers."""
    services, case = turn.services, turn.case
    head = render_phrase(
        "staff.merged_here", STAFF_LANGUAGE, number=case.number,
        question=quote_lines(mask_personal_data(case.question, NEVER_KEPT)),
    )  # fmt: skip
    thread = services.find_current_thread(target.number)
    to: list[Address] = []
    outgoing: list[Outgoing] = []
    if case.sealed:
        to += find_readers(services, target)
        if thread:
            note = render_phrase("staff.merged_here_sealed", STAFF_LANGUAGE, number=case.number)
            outgoing.append(Outgoing(thread_address(thread), Content(note), case=target.number))
    elif thread:
        to.append(thread_address(thread))
    for one in to:
        content = Content(head, protect=case.sealed, relayed=True)
        outgoing.append(Outgoing(one, content, case=target.number))
        moved = build_record(case, one, record)
        outgoing += [replace(each, case=target.number) for each in moved]
    if thread:
        card = render_card(target, services.missions)
        outgoing.append(Outgoing(thread_address(thread), card, "recard", target.number))
    return outgoing
