"""Who is staff: admitted by a body's lead or an admin, in the body's room. Roles are given there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.admin.directory import Directory
from bot.admin.officers import deliver_waiting_cases, list_officer_chats
from bot.admin.people.leaving import release_cases
from bot.admin.people.roles import name_member, render_role
from bot.buttons import parse_staffing_key, write_role_key
from bot.cases.rooms import find_staff_language
from bot.context import Decision, Services
from bot.errors import NotDelivered
from bot.messages import Account, Address, Button, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import SEAT_ROLES, StaffMember, UnadmittedWriter
from knowledge.types import Language

STAFFING_COMMANDS = frozenset({"staff", "seat"})
NO_ROLE = "staff"
LEAD = "lead"
STAFF_ROLES = (*SEAT_ROLES, NO_ROLE)
_ACCOUNT = re.compile(r"-?\d{1,20}|[UW][A-Z0-9]{4,20}")
NAME_LIMIT_CHARACTERS = 200  # of a stored name


@dataclass(frozen=True, slots=True)
class StaffingTurn:
    """A message about who is staff, or by somebody who is not, in a room of the bodies of
    `missions`. `members` are these bodies' staff, `unadmitted` who wrote there without being."""

    services: Services
    message: Message
    is_admin: bool
    missions: tuple[str, ...]
    members: tuple[StaffMember, ...]
    unadmitted: tuple[UnadmittedWriter, ...]
    directory: Directory

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return self.message.account

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return find_staff_language(self.message)

    def list_managed(self) -> tuple[str, ...]:
        """The missions whose staff the sender may change: all for an admin, else those they lead."""
        if self.is_admin:
            return self.missions
        return tuple(one.mission for one in self.find_memberships(self.message.user) if one.is_lead)

    def find_memberships(self, person: Account | str) -> list[StaffMember]:
        """What a person, or an account of the sender's messenger, is in this room."""
        person = Account(person) if isinstance(person, str) else person
        channel, user = person.channel or self.message.channel, person.user
        return [one for one in self.members if (one.channel, one.user) == (channel, user)]

    def reply(self, key: str, *buttons: Button, **values: object) -> Decision:
        """Only the phrase `staff.KEY`, where the message was written."""
        here = Address(self.message.channel, self.message.chat, self.message.thread)
        text = render_phrase(f"staff.{key}", self.language, **values)
        content = Content(text, buttons=(buttons,) if buttons else ())
        return Decision(outgoing=(Outgoing(here, content),))


def is_about_staff(message: Message) -> bool:
    """Whether a message in a bound room is a command or a button about who is staff."""
    if message.kind == "command":
        return message.command in STAFFING_COMMANDS
    return message.kind == "button" and parse_staffing_key(message.text) is not None


def decide_staffing(turn: StaffingTurn) -> Decision:
    """Everything that a command or a button about who is staff leads to."""
    message = turn.message
    if press := parse_staffing_key(message.text) if message.kind == "button" else None:
        known = turn.find_memberships(press.user)
        if press.role and not known:
            return turn.reply("staff_unknown", who=press.user)
        return _change(turn, Account(press.user, _recall_name(turn, press.user)), press.role)
    if message.command == "seat":
        return _propose_role(turn, message.text.strip().lower())
    word, _, rest = message.text.strip().partition(" ")
    act = STAFFING_ACTIONS.get(word.lower() or "list")
    return act(turn, rest.strip()) if act else turn.reply("staff_how")


def find_sender_role(members: Iterable[StaffMember], mission: str) -> str:
    """The role in which somebody with these memberships speaks for `mission`, or for the body that
    stands in for it."""
    roles = {member.mission: member.role for member in members}
    return roles.get(mission) or next(iter(roles.values()), NO_ROLE)


def find_sender_name(members: Iterable[StaffMember], message: Message) -> str:
    """The name by which staff know the sender, without the handle; "" where it is not known."""
    names = (*(member.name for member in members), message.user_name)
    name = next((one for one in names if one and one != message.user), "")
    return re.sub(r"\s*\(@\w+\)$", "", name)[:NAME_LIMIT_CHARACTERS]


def admit(
    mission: str, channel: str, person: Account, role: str, by: str, services: Services,
    known: StaffMember | None = None,
) -> StaffMember:  # fmt: skip
    """The member that `person` is from now on: `role` "" keeps what they had, LEAD makes them lead
    as well. `known` is what they were before, None for somebody new."""
    before = known or StaffMember(mission, channel, person.user, "", NO_ROLE, by, services.now)
    name = (person.name or before.name or person.user)[:NAME_LIMIT_CHARACTERS]
    return replace(
        before,
        name=name,
        role=before.role if role in ("", LEAD) else role,
        is_lead=before.is_lead or role == LEAD,
        removed_at=None,
    )


def _list_staff(turn: StaffingTurn, _: str) -> Decision:
    if not (turn.is_admin or turn.find_memberships(turn.message.user)):
        return turn.reply("staff_not_lead")
    lines = [f"{name_member(one)} — {render_role(one, turn.language)}" for one in turn.members]
    return turn.reply("staff_list", lines="\n".join(lines)) if lines else turn.reply("staff_none")


def _add(turn: StaffingTurn, rest: str) -> Decision:
    person, role = _read_target(turn, rest)
    return _change(turn, person, role) if person else turn.reply("staff_how")


def _give_role(turn: StaffingTurn, rest: str) -> Decision:
    person, role = _read_target(turn, rest)
    if person is None or not role:
        return turn.reply("staff_how")
    if not turn.find_memberships(person):
        return turn.reply("staff_unknown", who=person.name or person.user)
    return _change(turn, person, role)


def _remove(turn: StaffingTurn, rest: str) -> Decision:
    person, _ = _read_target(turn, rest)
    managed = turn.list_managed()
    if not managed:
        return turn.reply("staff_not_lead")
    if person is None:
        return turn.reply("staff_how")
    known = [one for one in turn.find_memberships(person) if one.mission in managed]
    if not known:
        return turn.reply("staff_unknown", who=person.name or person.user)
    if any(one.is_lead for one in known) and not turn.is_admin:
        return turn.reply("staff_lead_by_admin")
    now = turn.services.now
    gone = tuple(replace(one, is_lead=False, reads_sealed=False, removed_at=now) for one in known)
    audit = f"staff remove {','.join(one.mission for one in gone)} {known[0].account}"
    decision = turn.reply("staff_removed", who=name_member(known[0]))
    decision = replace(decision, new_staff=gone, audit=(turn.account, audit))
    return release_cases(decision, turn.services, gone)


def _let_read_sealed(turn: StaffingTurn, rest: str) -> Decision:
    """Let a member read this body's sealed cases, or no longer (`off`)."""
    if not turn.is_admin:
        return turn.reply("sealed_by_admin")
    person, _ = _read_target(turn, rest)
    if person is None:
        return turn.reply("staff_how")
    may = not rest.lower().endswith(" off")
    members = tuple(replace(one, reads_sealed=may) for one in turn.find_memberships(person))
    if not members:
        return turn.reply("staff_unknown", who=person.name or person.user)
    services = turn.services
    chats = list_officer_chats(
        members, services.list_conversations, services.limits, services.bindings
    )
    key = "sealed_withdrawn" if not may else "sealed_granted" if chats else "sealed_no_chat"
    told = turn.reply(key, who=name_member(members[0])).outgoing
    names = ",".join(one.mission for one in members)
    audit = f"staff sealed {names} {members[0].account} {'on' if may else 'off'}"
    waiting = deliver_waiting_cases(services, members)
    return Decision(outgoing=(*told, *waiting), new_staff=members, audit=(turn.account, audit))


def _change(turn: StaffingTurn, person: Account, role: str) -> Decision:
    """Admit a person or give them a role, in every body of this room that the sender leads."""
    managed = turn.list_managed()
    if not managed:
        return turn.reply("staff_not_lead")
    if role == LEAD and not turn.is_admin:
        return turn.reply("staff_lead_by_admin")
    if role not in ("", LEAD, *STAFF_ROLES):
        return turn.reply("staff_how")
    try:
        person = ask_directory(turn, person)
    except NotDelivered:
        return turn.reply("staff_cannot_check")
    if person.is_outsider:
        return turn.reply("staff_outsider", who=person.name or person.user)
    known = {one.mission: one for one in turn.find_memberships(person)}
    channel = person.channel or turn.message.channel
    members = tuple(
        admit(mission, channel, person, role, turn.account, turn.services, known.get(mission))
        for mission in managed
    )
    shown = {"who": name_member(members[0]), "role": render_role(members[0], turn.language)}
    key = "staff_role_given" if known else "staff_admitted"
    audit = f"staff add {','.join(managed)} {members[0].account} {role or NO_ROLE}"
    told = turn.reply(key, **shown).outgoing
    waiting = deliver_waiting_cases(turn.services, members)
    return Decision(outgoing=(*told, *waiting), new_staff=members, audit=(turn.account, audit))


def _propose_role(turn: StaffingTurn, role: str) -> Decision:
    """`/seat`: a member proposes a role for themselves, which the lead or an admin gives by a
    button; those give themselves one at once."""
    message = turn.message
    if role not in SEAT_ROLES:
        return turn.reply("seat_how")
    if turn.list_managed():
        person = Account(message.user, message.user_name)
        decision = _change(turn, person, role)
        shown = render_phrase(f"staff.role_{role}", turn.language)
        told = turn.reply("seated", role=shown).outgoing
        return replace(decision, outgoing=told) if decision.new_staff else decision
    mine = turn.find_memberships(message.user)
    if not mine:
        return turn.reply("staff_not_lead")
    shown = render_phrase(f"staff.role_{role}", turn.language)
    label = render_phrase("staff.button_give_role", turn.language)
    button = Button(write_role_key(role, message.user), label)
    return turn.reply("seat_proposed", button, who=name_member(mine[0]), role=shown)


def _read_target(turn: StaffingTurn, rest: str) -> tuple[Account | None, str]:
    """Whom a command names (by id, mention, reply or the handle they write under), and the role."""
    words = rest.split()
    role = next((word.lower() for word in words if word.lower() in (*STAFF_ROLES, LEAD)), "")
    others = [word for word in words if word.lower() != role]
    for word in others:
        if person := _find_by_account(turn, word):
            return person, role
        user = word.removeprefix(f"{turn.message.channel}:").removeprefix("@")
        if _ACCOUNT.fullmatch(user):
            return Account(user, _recall_name(turn, user)), role
    if turn.message.named:
        return turn.message.named[0], role
    for word in others:
        if word.startswith("@") and (person := _find_by_handle(turn, word)):
            return person, role
    return None, role


def _find_by_account(turn: StaffingTurn, word: str) -> Account | None:
    """Somebody of any messenger by their whole account, "channel:user": who is staff here, or anybody
    of the messenger of the body's room."""
    channel, _, user = word.partition(":")
    known = next((one.name for one in turn.members if one.account == word), None)
    rooms = {one.channel for one in turn.services.bindings if one.mission in turn.missions}
    if known is None and not (channel in rooms and _ACCOUNT.fullmatch(user)):
        return None
    return Account(user, known or _recall_name(turn, user), channel=channel)


def _find_by_handle(turn: StaffingTurn, handle: str) -> Account | None:
    """Somebody who is staff here or has written here, by a handle like "@kim"."""
    marked = f"({handle})".lower()
    return next((one for one in _list_known(turn) if marked in one.name.lower()), None)


def _recall_name(turn: StaffingTurn, user: str) -> str:
    return next((one.name for one in _list_known(turn) if one.user == user), "")


def _list_known(turn: StaffingTurn) -> list[Account]:
    """The staff of this room, and who wrote here without being staff."""
    channel = turn.message.channel
    staff = [Account(one.user, one.name) for one in turn.members if one.channel == channel]
    return staff + [Account(one.user, one.name) for one in turn.unadmitted]


def ask_directory(turn: StaffingTurn, person: Account) -> Account:
    """The person as their messenger knows them; a name that is known already stays. Raises what is
    below NotDelivered if the messenger cannot be asked."""
    found = turn.directory.find_person(person.channel or turn.message.channel, person.user)
    return replace(person, name=person.name or found.name, is_outsider=found.is_outsider)


STAFFING_ACTIONS: dict[str, Callable[[StaffingTurn, str], Decision]] = {
    "add": _add,
    "remove": _remove,
    "list": _list_staff,
    "role": _give_role,
    "sealed": _let_read_sealed,
}
