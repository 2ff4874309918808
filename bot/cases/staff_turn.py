"""What a staff member's message in a case's thread leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.cases import case as cases
from bot.cases.rooms import STAFF_LANGUAGE, room
from bot.context import Tools
from bot.errors import UnknownMission, UnknownPlace
from bot.missions import called
from bot.office_hours import opens_at
from bot.phrases import say
from bot.routing import route
from bot.types import (
    DOMESTIC,
    LARGEST_FILE,
    Address,
    Body,
    Button,
    Case,
    CaseMessage,
    Conversation,
    Decision,
    Message,
    Outgoing,
    Route,
    Seat,
    StaffThread,
)

NOTE = "//"
ROLES = ("diplomat", "agency", "lawyer", "expert")


@dataclass(frozen=True, slots=True)
class Office:
    """One staff member's turn: the message, the case its thread is of, and the founder's talk
    (None when their records were erased). `role` is what they named themselves."""

    tools: Tools
    message: Message
    case: Case
    thread: StaffThread
    founder: Conversation | None
    role: str

    @property
    def who(self) -> str:
        """Whom a case is with: the account, and the role shown to others."""
        return f"{self.message.channel}:{self.message.user}|{self.role}"

    def tell(self, key: str, **values: object) -> Outgoing:
        """A line in this thread."""
        body = Body(say(f"staff.{key}", STAFF_LANGUAGE, **values))
        return Outgoing(cases.thread_address(self.thread), body, case=self.case.number)

    def card(self, case: Case) -> Outgoing:
        return cases.recard(case, self.thread, self.tools.missions)

    def to_founder(self, body: Body) -> tuple[Outgoing, ...]:
        if self.founder is None:
            return ()
        body = replace(body, protect=self.case.sealed)
        return (Outgoing(self.founder.address, body, case=self.case.number),)

    def phrase(self, key: str, **values: object) -> str:
        """One of the founder's phrases, about this case."""
        language = self.founder.language if self.founder else self.case.language
        mission = called(self.tools.missions.get(self.case.mission), language)
        role = say(f"staff.role_{self.role}", language)
        values = {"number": self.case.number, "mission": mission, "role": role, **values}
        return say(f"founder.{key}", language, **values)


def decide(office: Office) -> Decision:
    """Everything one message of a staff member leads to."""
    message = office.message
    if not office.thread.current:
        mission = called(office.tools.missions.get(office.case.mission), STAFF_LANGUAGE)
        return Decision(outgoing=(office.tell("moved_away", mission=mission),))
    if message.kind == "button":
        return _act(office, message.text.partition(":")[0], "")
    if message.kind == "command":
        return _act(office, message.command, message.text)
    if message.kind == "deleted" or not (message.text or message.files):
        return Decision()
    if message.text.lstrip().startswith(NOTE):
        return _note(office)
    return _reply(office)


def outside(message: Message) -> Decision:
    """A command of staff's in their room, but in no case's thread."""
    if message.kind != "command" or message.command not in COMMANDS:
        return Decision()
    here = Address(message.channel, message.chat, message.thread)
    body = Body(say("staff.no_case_here", STAFF_LANGUAGE))
    return Decision(outgoing=(Outgoing(here, body),))


def _act(office: Office, word: str, argument: str) -> Decision:
    if word == "reassign":
        return _reassign(office, argument.strip())
    if word == "seat":
        return _seat(office, argument.strip().lower())
    act = ACTS.get(word)
    return act(office) if act else Decision(outgoing=(office.tell("unknown_command"),))


def _reply(office: Office) -> Decision:
    """To the founder with the sender's role; the first one takes the case."""
    message, case = office.message, office.case
    if any(file.size > LARGEST_FILE for file in message.files):
        return Decision(outgoing=(office.tell("file_too_large"),))
    line = CaseMessage("staff", message.text, office.tools.now, office.role, message.files)
    decision = Decision(lines=((case.number, line),))
    if office.founder is None:
        return replace(decision, outgoing=(office.tell("founder_gone"),))
    corrected = office.phrase("corrected") if message.kind == "edit" else ""
    head = office.phrase("from_staff")
    body = Body(f"{head}\n{corrected}{message.text}".rstrip(), files=message.files)
    out = list(office.to_founder(body))
    if case.state == "open":
        mine = cases.taken(case, office.who, office.tools.now)
        return replace(decision, case=mine, outgoing=(*out, office.card(mine)))
    if not cases.is_open(case):
        out.append(office.tell("late_reply"))
    return replace(decision, outgoing=tuple(out))


def _note(office: Office) -> Decision:
    text = office.message.text.lstrip().removeprefix(NOTE).strip()
    line = CaseMessage("note", text, office.tools.now, office.role, office.message.files)
    return Decision(lines=((office.case.number, line),), outgoing=(office.tell("note_kept"),))


def _claim(office: Office) -> Decision:
    case = office.case
    if case.state == "taken":
        return Decision(outgoing=(office.tell("already_taken", who=cases.holder(case)),))
    if case.state != "open":
        return Decision(outgoing=(office.tell("not_open", state=cases.state_called(case)),))
    mine = cases.taken(case, office.who, office.tools.now)
    told = office.to_founder(Body(office.phrase("taken")))
    here = office.tell("taken", who=cases.holder(mine))
    return Decision(case=mine, outgoing=(*told, here, office.card(mine)))


def _resolve(office: Office) -> Decision:
    if not cases.is_open(office.case):
        state = cases.state_called(office.case)
        return Decision(outgoing=(office.tell("not_open", state=state),))
    done = cases.resolved(office.case, office.tools.now)
    again = Button(f"reopen:{done.number}", office.phrase("button_reopen"))
    told = office.to_founder(Body(office.phrase("resolved"), buttons=((again,),)))
    to = cases.thread_address(office.thread)
    here = (
        office.tell("resolved"),
        office.card(done),
        Outgoing(to, Body(""), "close", done.number),
    )
    return Decision(
        conversation=_released(office.founder, done.number), case=done, outgoing=(*told, *here)
    )


def _reopen(office: Office) -> Decision:
    if cases.is_open(office.case):
        state = cases.state_called(office.case)
        return Decision(outgoing=(office.tell("not_open", state=state),))
    case = cases.reopened(office.case)
    told = office.to_founder(Body(office.phrase("reopened")))
    to = cases.thread_address(office.thread)
    here = (
        Outgoing(to, Body(""), "reopen", case.number),
        office.tell("reopened"),
        office.card(case),
    )
    founder = office.founder
    if founder and founder.case is None:
        founder = replace(founder, case=case.number, pending=None)
    return Decision(conversation=founder, case=case, outgoing=(*told, *here))


def _reassign(office: Office, wanted: str) -> Decision:
    """To another mission: a new thread there with the whole record, this one says so."""
    if not wanted:
        return Decision(outgoing=(office.tell("reassign_how"),))
    way = _way(office, wanted)
    if way is None:
        return Decision(outgoing=(office.tell("reassign_unknown", text=wanted),))
    missions, tools = office.tools.missions, office.tools
    there = called(missions.get(way.mission), STAFF_LANGUAGE)
    if way.mission == office.case.mission:
        return Decision(outgoing=(office.tell("reassign_same", mission=there),))
    case = cases.moved(office.case, way)
    mission = called(missions.get(case.mission), case.language)
    told = office.to_founder(Body(office.phrase("moved", mission=mission, reason=way.reason)))
    leaving = (
        office.tell("moved", mission=there),
        Outgoing(cases.thread_address(office.thread), Body(""), "close", case.number),
    )
    decision = Decision(case=case, retired_thread=office.thread.id, outgoing=(*told, *leaving))
    staff = room(case.mission, tools.bindings)
    if staff is None:
        return decision
    thread = cases.thread_for(case, staff, len(tools.threads_of(case.number)))
    record = tools.lines_of(case.number)
    opening = cases.opening(case, thread, missions, (), record, cases.papers(record))
    return replace(decision, new_threads=(thread,), outgoing=(*decision.outgoing, *opening))


def _way(office: Office, wanted: str) -> Route | None:
    """Where a case is to go: a mission by its id, else whoever is competent for a place."""
    tools, language = office.tools, office.case.language
    try:
        mission = tools.missions.get(wanted)
    except UnknownMission:
        pass
    else:
        reason = say("founder.moved_by_staff", language)
        opens = opens_at(mission, tools.now)
        body = None if mission.id == DOMESTIC else mission.body
        return Route(None, mission.id, mission.id, "consular_area", body, reason, opens)
    try:
        return route(tools.places.find(wanted), tools.missions, language, tools.now)
    except UnknownPlace:
        return None


def _seat(office: Office, role: str) -> Decision:
    if role not in ROLES:
        return Decision(outgoing=(office.tell("seat_how"),))
    message = office.message
    shown = say(f"staff.role_{role}", STAFF_LANGUAGE)
    seat = Seat(message.channel, message.chat, message.user, role)
    return Decision(seat=seat, outgoing=(office.tell("seated", role=shown),))


def _released(founder: Conversation | None, number: int) -> Conversation | None:
    """The founder's talk without the case: what was said in it opens no other."""
    if founder is None or founder.case != number:
        return None
    return replace(founder, case=None, turns=(), pending=None, asking_place=False)


ACTS: dict[str, Callable[[Office], Decision]] = {
    "claim": _claim,
    "resolve": _resolve,
    "reopen": _reopen,
}
COMMANDS = frozenset({*ACTS, "reassign", "seat"})
