"""What a staff member's message in a case's thread leads to: a reply, a note or an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.buttons import parse_case_action, write_case_key
from bot.cases.case import (
    build_card_update,
    claimed,
    is_holder_unknown,
    is_open,
    reassigned,
    render_holder,
    render_state,
    reopened,
    resolved,
    thread_address,
)
from bot.cases.phrase_evidence import find_staff_choice
from bot.cases.reassignment import add_new_thread, find_new_route, find_other_open_case
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.wording import (
    can_be_passed_on,
    has_unsupported,
    render_body,
    render_quote_for_founder,
    was_passed_on,
)
from bot.context import Decision, Services, mark_lines
from bot.messages import Button, Content, Message, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import begin_sentence, render_phrase
from bot.routing.route_text import render_reason
from bot.types import Case, CaseMessage, Conversation, Route, StaffThread
from knowledge.types import Language

NOTE_PREFIX = "//"
SEAT_ROLES = ("diplomat", "agency", "lawyer", "expert")


@dataclass(frozen=True, slots=True)
class StaffTurn:
    """One staff member's turn: their message, the thread it is in and that thread's case.

    `founder_conversation` is None when the founder's records were erased. `role` is one of
    SEAT_ROLES, or "staff" for somebody who named none; `name` is for staff only.
    """

    services: Services
    message: Message
    case: Case
    thread: StaffThread
    founder_conversation: Conversation | None
    role: str
    name: str = ""

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return self.message.account

    def tell_thread(self, key: str, **values: object) -> Outgoing:
        """A message in this thread: the phrase `staff.KEY`, in Korean."""
        content = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE, **values))
        return Outgoing(thread_address(self.thread), content, case=self.case.number)

    def reply_in_thread(self, key: str, **values: object) -> Decision:
        """Only the phrase `staff.KEY` in this thread."""
        return Decision(outgoing=(self.tell_thread(key, **values),))

    @property
    def founder_language(self) -> Language:
        """The language in which the founder reads about the case."""
        conversation = self.founder_conversation
        return conversation.language if conversation else self.case.language

    def refresh_card(self, case: Case) -> Outgoing:
        """The edit of this thread's card to the state of `case`."""
        return build_card_update(case, self.thread, self.services.missions)

    def tell_founder(self, content: Content) -> tuple[Outgoing, ...]:
        """A message to the founder; () when their records were erased."""
        if self.founder_conversation is None:
            return ()
        content = replace(content, protect=self.case.sealed)
        to = self.founder_conversation.personal_address
        return (Outgoing(to, content, case=self.case.number),)

    def render_quote(self) -> str:
        """The line above the message that says what it answers, as the founder may read it."""
        record = self.services.list_lines(self.case.number) if self.message.quoted else ()
        return render_quote_for_founder(self.message, record, self.founder_language)

    def render_founder_phrase(self, key: str, **values: object) -> str:
        """The phrase `founder.KEY` in the founder's language, about this case."""
        language = self.founder_language
        mission = mission_name(self.services.missions.get(self.case.mission), language)
        role = render_phrase(f"staff.role_{self.role}", language)
        values = {"number": self.case.number, "mission": mission, "role": role, **values}
        return begin_sentence(render_phrase(f"founder.{key}", language, **values))


def decide_staff_turn(turn: StaffTurn) -> Decision:
    """Everything that one message of a staff member leads to.

    Raises UnknownMission for a case whose mission is no longer listed.
    """
    message = turn.message
    if not turn.thread.current:
        return _refuse_in_retired_thread(turn)
    if message.kind == "button":
        return _run_action(turn, parse_case_action(message.text), "")
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
    return _relay_to_founder(turn)


def _refuse_in_retired_thread(turn: StaffTurn) -> Decision:
    """One line that says where the case is now: nothing of a retired thread is passed on."""
    if turn.message.kind in ("deleted", "other"):
        return Decision()
    mission = mission_name(turn.services.missions.get(turn.case.mission), STAFF_LANGUAGE)
    if turn.case.mission != turn.thread.mission:
        return turn.reply_in_thread("moved_away", mission=mission)
    elsewhere = turn.services.find_current_thread(turn.case.number)
    return turn.reply_in_thread("other_room" if elsewhere else "no_room", mission=mission)


def _run_action(turn: StaffTurn, word: str, argument: str) -> Decision:
    if word == "reassign":
        return _reassign_case(turn, argument.strip())
    act = CASE_ACTIONS.get(word)
    return act(turn) if act else turn.reply_in_thread("unknown_command")


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
    content = Content(f"{head}\n{turn.render_quote()}{text}".rstrip(), files=message.files,
                      headings=(head,), relayed=True)  # fmt: skip
    outgoing = list(turn.tell_founder(content))
    if has_unsupported(message):
        outgoing.append(turn.tell_thread("part_not_passed_on"))
    if case.state == "open":
        taken = claimed(case, turn.account, turn.role, turn.services.now, turn.name)
        return replace(decision, case=taken, outgoing=(*outgoing, turn.refresh_card(taken)))
    if not is_open(case):
        outgoing.append(turn.tell_thread("late_reply"))
    return replace(decision, outgoing=tuple(outgoing))


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
    head = turn.render_founder_phrase("from_staff")
    told = Content(f"{head}\n{turn.render_founder_phrase('staff_deleted')}", headings=(head,))
    deleted = render_phrase("staff.deleted", STAFF_LANGUAGE)
    line = CaseMessage("staff", deleted, turn.services.now, turn.role)
    return Decision(new_lines=((turn.case.number, line),), outgoing=turn.tell_founder(told))


def _claim_case(turn: StaffTurn) -> Decision:
    case = turn.case
    if case.state == "taken":
        key = "already_taken_unnamed" if is_holder_unknown(case) else "already_taken"
        return turn.reply_in_thread(key, who=render_holder(case))
    if case.state != "open":
        return turn.reply_in_thread("not_open", state=render_state(case))
    taken = claimed(case, turn.account, turn.role, turn.services.now, turn.name)
    key = "taken_unnamed" if is_holder_unknown(taken) else "taken"
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase("taken"))),
        turn.tell_thread(key, who=render_holder(taken)),
        turn.refresh_card(taken),
    )
    return Decision(case=taken, outgoing=outgoing)


def _resolve_case(turn: StaffTurn) -> Decision:
    if not is_open(turn.case):
        state = render_state(turn.case)
        return turn.reply_in_thread("not_open", state=state)
    ended = resolved(turn.case, turn.services.now)
    reopen = Button(
        write_case_key("reopen", ended.number), turn.render_founder_phrase("button_reopen")
    )
    notice = Content(turn.render_founder_phrase("resolved"), buttons=((reopen,),))
    outgoing = (
        *turn.tell_founder(notice),
        turn.tell_thread("resolved" if turn.founder_conversation else "resolved_untold"),
        turn.refresh_card(ended),
        Outgoing(thread_address(turn.thread), Content(""), "close", ended.number),
    )
    released = _release_founder(turn.founder_conversation, ended.number)
    return Decision(conversation=released, case=ended, outgoing=outgoing)


def _reopen_case(turn: StaffTurn) -> Decision:
    if is_open(turn.case):
        state = render_state(turn.case)
        return turn.reply_in_thread("not_open", state=state)
    founder = turn.founder_conversation
    other = founder and find_other_open_case(turn.services, founder, turn.case.number)
    if other:  # no founder would read it
        return turn.reply_in_thread("reopen_elsewhere", number=other)
    case = reopened(turn.case)
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase("reopened"))),
        Outgoing(thread_address(turn.thread), Content(""), "reopen", case.number),
        turn.tell_thread("reopened" if turn.founder_conversation else "reopened_untold"),
        turn.refresh_card(case),
    )
    if founder and founder.case is None:
        founder = replace(founder, case=case.number, asking_place=False)
    return Decision(conversation=founder, case=case, outgoing=outgoing)


def _reassign_case(turn: StaffTurn, wanted: str) -> Decision:
    """Move the case to the mission or place that was named: a new thread there gets the record.
    An ended case is reopened first, so that its founder is in it when others take over."""
    if not is_open(turn.case):
        return turn.reply_in_thread("reassign_ended", state=render_state(turn.case))
    if not wanted:
        return turn.reply_in_thread("reassign_how")
    route = find_new_route(turn.services, wanted)
    if route is None:
        return turn.reply_in_thread("reassign_unknown", text=wanted)
    destination = mission_name(turn.services.missions.get(route.mission), STAFF_LANGUAGE)
    if route.mission == turn.case.mission:
        return turn.reply_in_thread("reassign_same", mission=destination)
    case = reassigned(turn.case, route)
    outgoing = (
        *turn.tell_founder(Content(_render_move_notice(turn, case, route))),
        turn.tell_thread("moved", mission=destination),
        Outgoing(thread_address(turn.thread), Content(""), "close", case.number),
    )
    decision = Decision(case=case, retired_threads=(turn.thread.id,), outgoing=outgoing)
    return add_new_thread(turn.services, case, decision)


def _render_move_notice(turn: StaffTurn, case: Case, route: Route) -> str:
    """What the founder is told about a move: where the case is now, and why."""
    missions, language = turn.services.missions, turn.founder_language
    mission = mission_name(missions.get(case.mission), language)
    reason = render_reason(route, missions, language)
    return turn.render_founder_phrase("moved", mission=mission, reason=reason)


def _release_founder(founder: Conversation | None, number: int) -> Conversation | None:
    """The founder's conversation without the case; its turns are dropped, so that none of them
    becomes part of a new case. None where the founder is in another case or erased."""
    if founder is None or founder.case != number:
        return None
    return replace(founder, case=None, turns=(), asking_place=False)


CASE_ACTIONS: dict[str, Callable[[StaffTurn], Decision]] = {
    "claim": _claim_case,
    "resolve": _resolve_case,
    "reopen": _reopen_case,
    "close": _resolve_case,
}
STAFF_COMMANDS = frozenset({*CASE_ACTIONS, "reassign"})
