"""The desk's side of a linked case: what it writes goes to the mission, which decides what its founder
is told of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.buttons import parse_forward_key, write_forward_key
from bot.cases.acts import holding, parking
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import render_state, thread_address
from bot.cases.linked.voices import go_on, refresh_parent, tell_founder, tell_mission
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.states import CaseStep, answer_case, is_open, reopen_case
from bot.cases.wording import render_body
from bot.context import Decision, mark_lines, quote_lines
from bot.errors import UnknownCase
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Case, CaseMessage

DESK_ROLE = "desk"


def answer_mission(turn: StaffTurn) -> Decision:
    """Pass on what the desk wrote: the mission reads it in its thread, and its case goes on. The
    founder learns only that an answer came."""
    services, message, linked = turn.services, turn.message, turn.case
    parent = _get_parent(turn)
    thread = services.find_current_thread(parent.number)
    limit = services.find_file_limit_megabytes(
        message.files, message.channel, thread.channel if thread else None
    )
    if limit is not None:
        return turn.reply_in_thread("file_too_large", most=limit)
    body = render_body(message, STAFF_LANGUAGE)
    if message.kind == "edit":
        body = f"{render_phrase('founder.corrected', STAFF_LANGUAGE)}{body}"
    line = CaseMessage("staff", body, services.now, turn.role, message.files)
    note = CaseMessage("note", f"#{linked.number} {body}", services.now, DESK_ROLE, message.files)
    step = answer_case(linked, turn.actor, turn.role, services.now, turn.name)
    resumed = go_on(services, parent, turn.actor, linked.number)
    content = Content(_render_answer(turn, body), files=message.files, relayed=True)
    at = len(services.list_lines(linked.number))
    label = render_phrase("staff.button_forward", STAFF_LANGUAGE)
    forward = Button(write_forward_key(linked.number, at), label, style="primary")
    return Decision(
        case=step.case,
        more_cases=(resumed.case,) if resumed.log else (),
        log=(*step.log, *resumed.log),
        new_lines=((linked.number, line), (parent.number, note)),
        lines_seen=((linked.number, at),),
        outgoing=(
            *tell_mission(services, parent, content, linked.number, (forward,)),
            *refresh_parent(services, resumed),
            *(tell_founder(services, parent, "desk_answered") if resumed.log else ()),
            *([turn.refresh_card(step.case)] if step.case.state != linked.state else []),
        ),
    )


def tell_of_deletion(turn: StaffTurn) -> Decision:
    """Tell the mission that words which it got are deleted in the desk's thread."""
    head = render_phrase("staff.linked_deleted", STAFF_LANGUAGE, number=turn.case.number)
    parent = _get_parent(turn)
    text = f"{head}\n{quote_lines(turn.message.text)}".strip()
    line = CaseMessage("note", text, turn.services.now, DESK_ROLE)
    content = Content(text, relayed=True)
    return Decision(
        new_lines=((parent.number, line),),
        outgoing=tell_mission(turn.services, parent, content, turn.case.number),
    )


def run_act(turn: StaffTurn, word: str, argument: str) -> Decision:
    """An act on a linked case, of which the mission is told. Raises ActNotAllowed if its state does
    not allow it."""
    act = LINKED_ACTS.get(word)
    if act is None:
        return turn.reply_in_thread("linked_no_act")
    decision = act(turn, argument)
    if decision.case is None or decision.case.state == turn.case.state:
        return decision
    parent = _get_parent(turn)
    resumed = CaseStep(parent)
    if not is_open(decision.case):
        resumed = go_on(turn.services, parent, turn.actor, turn.case.number)
    state = render_state(decision.case, turn.services.missions.get(decision.case.mission))
    text = render_phrase("staff.linked_state", STAFF_LANGUAGE, number=turn.case.number, state=state)
    told = tell_mission(turn.services, parent, Content(text), turn.case.number)
    return Decision(
        case=decision.case,
        more_cases=(resumed.case,) if resumed.log else (),
        log=(*decision.log, *resumed.log),
        outgoing=(*decision.outgoing, *told, *refresh_parent(turn.services, resumed)),
    )


def forward_answer(turn: StaffTurn, key: str) -> Decision:
    """The button "forward": the mission sends an answer of the desk on to its founder, once."""
    press, record = parse_forward_key(key), turn.services.list_lines
    line = None
    if press and _is_linked_to(turn, press[0]):
        lines = record(press[0])
        line = lines[press[1]] if press[1] < len(lines) else None
    if line is None or line.author != "staff":
        return turn.reply_in_thread("linked_stale")
    if turn.founder_conversation is None:
        return turn.reply_in_thread("founder_gone")
    said = [one for one in record(turn.case.number) if one.author == "staff"]
    if any((one.text, one.files) == (line.text, line.files) for one in said):
        return turn.reply_in_thread("linked_forwarded_before")
    head = turn.render_founder_phrase("from_staff")
    intro = f"{turn.render_founder_phrase('desk_says')}\n"
    content = Content(f"{head}\n{mark_lines(line.text, intro)}", files=line.files,
                      headings=(head,), relayed=True)  # fmt: skip
    now = turn.services.now
    step = answer_case(turn.case, turn.actor, turn.role, now, turn.name)
    passed = CaseMessage("staff", line.text, now, turn.role, line.files)
    return Decision(
        case=step.case,
        log=step.log,
        new_lines=((turn.case.number, passed),),
        outgoing=(
            *turn.tell_founder(content),
            turn.tell_thread("linked_forwarded"),
            turn.refresh_card(step.case),
        ),
    )


def _resolve(turn: StaffTurn) -> Decision:
    now = turn.services.now
    step = CaseStep(turn.case).take("resolve", turn.actor, now, ended_at=now)
    close = Outgoing(thread_address(turn.thread), Content(""), "close", step.case.number)
    told = turn.tell_thread("linked_resolved")
    return Decision(
        case=step.case, log=step.log, outgoing=(told, turn.refresh_card(step.case), close)
    )


def _reopen(turn: StaffTurn) -> Decision:
    if not is_open(_get_parent(turn)):
        return turn.reply_in_thread("linked_parent_ended")
    step = reopen_case(turn.case, turn.actor, turn.services.now, has_room=True)
    reopen = Outgoing(thread_address(turn.thread), Content(""), "reopen", step.case.number)
    told = turn.tell_thread("linked_reopened")
    return Decision(
        case=step.case, log=step.log, outgoing=(reopen, told, turn.refresh_card(step.case))
    )


def _render_answer(turn: StaffTurn, body: str) -> str:
    head = render_phrase(
        "staff.linked_answer", STAFF_LANGUAGE, number=turn.case.number,
        role=render_phrase(f"staff.role_{turn.role}", STAFF_LANGUAGE),
    )  # fmt: skip
    return mark_lines(body, f"{head}\n")


def _get_parent(turn: StaffTurn) -> Case:
    assert turn.case.parent is not None
    return turn.services.get_case(turn.case.parent)


def _is_linked_to(turn: StaffTurn, number: int) -> bool:
    try:
        return turn.services.get_case(number).parent == turn.case.number
    except UnknownCase:
        return False


LINKED_ACTS: dict[str, Callable[[StaffTurn, str], Decision]] = {
    "claim": lambda turn, _: holding.take_case(turn),
    "resolve": lambda turn, _: _resolve(turn),
    "close": lambda turn, _: _resolve(turn),
    "reopen": lambda turn, _: _reopen(turn),
    "authority": parking.wait_for_authority,
    "resume": lambda turn, _: parking.resume_case(turn),
}
