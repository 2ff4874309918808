"""What a staff member's message in a case's thread leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.cases import case as cases
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.context import Services
from bot.errors import UnknownMission, UnknownPlace
from bot.missions import mission_name
from bot.office_hours import find_next_opening
from bot.phrases import render_phrase
from bot.routing import find_route
from bot.types import (
    DOMESTIC,
    Address,
    Button,
    Case,
    CaseMessage,
    Content,
    Conversation,
    Decision,
    Message,
    Outgoing,
    Route,
    Seat,
    StaffThread,
)

NOTE_PREFIX = "//"
SEAT_ROLES = ("diplomat", "agency", "lawyer", "expert")


@dataclass(frozen=True, slots=True)
class StaffTurn:
    """One staff member's turn: the message, the case its thread is of, and the founder's talk
    (None when their records were erased). `role` is what they named themselves."""

    services: Services
    message: Message
    case: Case
    thread: StaffThread
    founder_conversation: Conversation | None
    role: str

    @property
    def account_and_role(self) -> str:
        """Whom a case is with: the account, and the role shown to others."""
        return f"{self.message.channel}:{self.message.user}|{self.role}"

    def tell_thread(self, key: str, **values: object) -> Outgoing:
        """A line in this thread."""
        body = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE, **values))
        return Outgoing(cases.thread_address(self.thread), body, case=self.case.number)

    def refresh_card(self, case: Case) -> Outgoing:
        return cases.build_card_update(case, self.thread, self.services.missions)

    def tell_founder(self, body: Content) -> tuple[Outgoing, ...]:
        if self.founder_conversation is None:
            return ()
        body = replace(body, protect=self.case.sealed)
        return (Outgoing(self.founder_conversation.address, body, case=self.case.number),)

    def render_founder_phrase(self, key: str, **values: object) -> str:
        """One of the founder's phrases, about this case."""
        language = (
            self.founder_conversation.language if self.founder_conversation else self.case.language
        )
        mission = mission_name(self.services.missions.get(self.case.mission), language)
        role = render_phrase(f"staff.role_{self.role}", language)
        values = {"number": self.case.number, "mission": mission, "role": role, **values}
        return render_phrase(f"founder.{key}", language, **values)


def decide_staff_turn(office: StaffTurn) -> Decision:
    """Everything one message of a staff member leads to."""
    message = office.message
    if not office.thread.current:
        mission = mission_name(office.services.missions.get(office.case.mission), STAFF_LANGUAGE)
        return Decision(outgoing=(office.tell_thread("moved_away", mission=mission),))
    if message.kind == "button":
        return _run_action(office, message.text.partition(":")[0], "")
    if message.kind == "command":
        return _run_action(office, message.command, message.text)
    if message.kind == "deleted" or not (message.text or message.files):
        return Decision()
    if message.text.lstrip().startswith(NOTE_PREFIX):
        return _keep_note(office)
    return _relay_to_founder(office)


def answer_outside_thread(message: Message) -> Decision:
    """A command of staff's in their room, but in no case's thread."""
    if message.kind != "command" or message.command not in STAFF_COMMANDS:
        return Decision()
    here = Address(message.channel, message.chat, message.thread)
    body = Content(render_phrase("staff.no_case_here", STAFF_LANGUAGE))
    return Decision(outgoing=(Outgoing(here, body),))


def _run_action(office: StaffTurn, word: str, argument: str) -> Decision:
    if word == "reassign":
        return _reassign_case(office, argument.strip())
    if word == "seat":
        return _set_seat_role(office, argument.strip().lower())
    act = CASE_ACTIONS.get(word)
    return act(office) if act else Decision(outgoing=(office.tell_thread("unknown_command"),))


def _relay_to_founder(office: StaffTurn) -> Decision:
    """To the founder with the sender's role; the first one takes the case."""
    message, case = office.message, office.case
    founder = office.founder_conversation
    limit = office.services.find_file_limit_megabytes(
        message.files, message.channel, founder.channel if founder else None
    )
    if limit is not None:
        return Decision(outgoing=(office.tell_thread("file_too_large", most=limit),))
    line = CaseMessage("staff", message.text, office.services.now, office.role, message.files)
    decision = Decision(new_lines=((case.number, line),))
    if office.founder_conversation is None:
        return replace(decision, outgoing=(office.tell_thread("founder_gone"),))
    corrected = office.render_founder_phrase("corrected") if message.kind == "edit" else ""
    head = office.render_founder_phrase("from_staff")
    body = Content(f"{head}\n{corrected}{message.text}".rstrip(), files=message.files)
    out = list(office.tell_founder(body))
    if case.state == "open":
        mine = cases.claimed(case, office.account_and_role, office.services.now)
        return replace(decision, case=mine, outgoing=(*out, office.refresh_card(mine)))
    if not cases.is_open(case):
        out.append(office.tell_thread("late_reply"))
    return replace(decision, outgoing=tuple(out))


def _keep_note(office: StaffTurn) -> Decision:
    text = office.message.text.lstrip().removeprefix(NOTE_PREFIX).strip()
    line = CaseMessage("note", text, office.services.now, office.role, office.message.files)
    return Decision(
        new_lines=((office.case.number, line),), outgoing=(office.tell_thread("note_kept"),)
    )


def _claim_case(office: StaffTurn) -> Decision:
    case = office.case
    if case.state == "taken":
        return Decision(
            outgoing=(office.tell_thread("already_taken", who=cases.render_holder(case)),)
        )
    if case.state != "open":
        return Decision(outgoing=(office.tell_thread("not_open", state=cases.render_state(case)),))
    mine = cases.claimed(case, office.account_and_role, office.services.now)
    told = office.tell_founder(Content(office.render_founder_phrase("taken")))
    here = office.tell_thread("taken", who=cases.render_holder(mine))
    return Decision(case=mine, outgoing=(*told, here, office.refresh_card(mine)))


def _resolve_case(office: StaffTurn) -> Decision:
    if not cases.is_open(office.case):
        state = cases.render_state(office.case)
        return Decision(outgoing=(office.tell_thread("not_open", state=state),))
    done = cases.resolved(office.case, office.services.now)
    again = Button(f"reopen:{done.number}", office.render_founder_phrase("button_reopen"))
    told = office.tell_founder(
        Content(office.render_founder_phrase("resolved"), buttons=((again,),))
    )
    to = cases.thread_address(office.thread)
    here = (
        office.tell_thread("resolved"),
        office.refresh_card(done),
        Outgoing(to, Content(""), "close", done.number),
    )
    return Decision(
        conversation=_release_founder(office.founder_conversation, done.number),
        case=done,
        outgoing=(*told, *here),
    )


def _reopen_case(office: StaffTurn) -> Decision:
    if cases.is_open(office.case):
        state = cases.render_state(office.case)
        return Decision(outgoing=(office.tell_thread("not_open", state=state),))
    case = cases.reopened(office.case)
    told = office.tell_founder(Content(office.render_founder_phrase("reopened")))
    to = cases.thread_address(office.thread)
    here = (
        Outgoing(to, Content(""), "reopen", case.number),
        office.tell_thread("reopened"),
        office.refresh_card(case),
    )
    founder = office.founder_conversation
    if founder and founder.case is None:
        founder = replace(founder, case=case.number, pending=None)
    return Decision(conversation=founder, case=case, outgoing=(*told, *here))


def _reassign_case(office: StaffTurn, wanted: str) -> Decision:
    """To another mission: a new thread there with the whole record, this one says so."""
    if not wanted:
        return Decision(outgoing=(office.tell_thread("reassign_how"),))
    way = _find_new_route(office, wanted)
    if way is None:
        return Decision(outgoing=(office.tell_thread("reassign_unknown", text=wanted),))
    missions, tools = office.services.missions, office.services
    there = mission_name(missions.get(way.mission), STAFF_LANGUAGE)
    if way.mission == office.case.mission:
        return Decision(outgoing=(office.tell_thread("reassign_same", mission=there),))
    case = cases.reassigned(office.case, way)
    mission = mission_name(missions.get(case.mission), case.language)
    told = office.tell_founder(
        Content(office.render_founder_phrase("moved", mission=mission, reason=way.reason))
    )
    leaving = (
        office.tell_thread("moved", mission=there),
        Outgoing(cases.thread_address(office.thread), Content(""), "close", case.number),
    )
    decision = Decision(case=case, retired_thread=office.thread.id, outgoing=(*told, *leaving))
    staff = find_staff_room(case.mission, tools.bindings)
    if staff is None:
        return decision
    thread = cases.create_staff_thread(case, staff, len(tools.list_threads(case.number)))
    record = tools.list_lines(case.number)
    opening = cases.build_thread_opening(
        case, thread, missions, (), record, cases.collect_files(record)
    )
    return replace(decision, new_threads=(thread,), outgoing=(*decision.outgoing, *opening))


def _find_new_route(office: StaffTurn, wanted: str) -> Route | None:
    """Where a case is to go: a mission by its id, else whoever is competent for a place."""
    tools, language = office.services, office.case.language
    try:
        mission = tools.missions.get(wanted)
    except UnknownMission:
        pass
    else:
        reason = render_phrase("founder.moved_by_staff", language)
        opens = find_next_opening(mission, tools.now)
        body = None if mission.id == DOMESTIC else mission.body
        return Route(None, mission.id, mission.id, "consular_area", body, reason, opens)
    try:
        return find_route(tools.places.find_place(wanted), tools.missions, language, tools.now)
    except UnknownPlace:
        return None


def _set_seat_role(office: StaffTurn, role: str) -> Decision:
    if role not in SEAT_ROLES:
        return Decision(outgoing=(office.tell_thread("seat_how"),))
    message = office.message
    shown = render_phrase(f"staff.role_{role}", STAFF_LANGUAGE)
    seat = Seat(message.channel, message.chat, message.user, role)
    return Decision(new_seat=seat, outgoing=(office.tell_thread("seated", role=shown),))


def _release_founder(founder: Conversation | None, number: int) -> Conversation | None:
    """The founder's talk without the case: what was said in it opens no other."""
    if founder is None or founder.case != number:
        return None
    return replace(founder, case=None, turns=(), pending=None, asking_place=False)


CASE_ACTIONS: dict[str, Callable[[StaffTurn], Decision]] = {
    "claim": _claim_case,
    "resolve": _resolve_case,
    "reopen": _reopen_case,
}
STAFF_COMMANDS = frozenset({*CASE_ACTIONS, "reassign", "seat"})
