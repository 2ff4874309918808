"""What `/bind` and `/unbind` lead to: which room the staff of a body sit in, and what moves with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.admin.directory import Directory
from bot.admin.officers import deliver_waiting_cases
from bot.admin.staffing import LEAD, admit
from bot.cases.moving import list_moved, move_cases
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Services
from bot.errors import NotDelivered, UnknownMission
from bot.messages import Account, Address, Content, Message, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.route import choose_taking_mission
from bot.types import Binding, Case, StaffMember

BINDING_COMMANDS = frozenset({"bind", "unbind"})


@dataclass(frozen=True, slots=True)
class BindingTurn:
    """An admin's (or somebody else's) command about a room. `waiting` are the open cases that no
    room shows, `list_members` gives the staff of a mission, `held` are the numbers of the cases
    whose messages this room refused until now."""

    services: Services
    message: Message
    is_admin: bool
    waiting: Sequence[Case]
    directory: Directory
    list_members: Callable[[str], list[StaffMember]]
    held: Sequence[int] = ()

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return self.message.account

    def reply(self, key: str, **values: object) -> Decision:
        """Only the phrase `staff.KEY`, where the message was written."""
        here = Address(self.message.channel, self.message.chat, self.message.thread)
        text = render_phrase(f"staff.{key}", STAFF_LANGUAGE, **values)
        return Decision(outgoing=(Outgoing(here, Content(text)),))


def decide_binding(turn: BindingTurn) -> Decision:
    """Everything that one `/bind` or `/unbind` leads to."""
    if turn.message.command == "unbind":
        return _decide_unbinding(turn)
    message = turn.message
    if not turn.is_admin:
        return turn.reply("not_admin", who=turn.account)
    if message.private:
        return turn.reply("bind_private")
    wanted = message.text.strip()
    if not wanted:
        return turn.reply("bind_how")
    if not message.has_threads:
        return turn.reply("bind_not_forum")
    try:
        mission = turn.services.missions.get(wanted)
        if turn.directory.is_public_room(message.channel, message.chat):
            return turn.reply("bind_public")
        found = turn.directory.find_person(message.channel, message.user)
    except UnknownMission as error:
        return turn.reply("unknown_mission", text=wanted, hint=error)
    except NotDelivered:
        return turn.reply("bind_cannot_check")
    binding = Binding(mission.id, message.channel, message.chat)
    members = turn.list_members(mission.id)
    person = Account(message.user, message.user_name or found.name)
    lead = choose_lead(binding, members, person, turn.services)
    return bind_room(binding, turn.services, turn.waiting, turn.account, lead, turn.held)


def choose_lead(
    binding: Binding, members: Sequence[StaffMember], person: Account, services: Services
) -> StaffMember | None:
    """Who binds a room leads its body, unless somebody among its `members` does; None then."""
    if any(member.is_lead for member in members):
        return None
    mine = (binding.channel, person.user)
    known = next((one for one in members if (one.channel, one.user) == mine), None)
    account = f"{binding.channel}:{person.user}"
    return admit(binding.mission, binding.channel, person, LEAD, account, services, known)


def bind_room(
    binding: Binding,
    services: Services,
    waiting: Sequence[Case],
    who: str,
    lead: StaffMember | None = None,
    held: Sequence[int] = (),
) -> Decision:
    """Bind the room. The `waiting` cases that belong there get threads in it, and what is worked
    on in a room that this replaces moves. `who` is named in the audit; a new `lead` gets the sealed
    cases that waited for a reader. `held` as in BindingTurn. Raises UnknownMission."""
    mission = services.missions.get(binding.mission)
    after = (*(one for one in services.bindings if one.mission != binding.mission), binding)
    moved = move_cases(services, after, waiting, binding.mission)
    taking, _ = choose_taking_mission(mission, services.missions)
    elsewhere = {"taking": mission_name(taking, STAFF_LANGUAGE)} if taking.id != mission.id else {}
    text = render_phrase(
        "staff.bound_without_body" if elsewhere else "staff.bound",
        STAFF_LANGUAGE,
        mission=mission_name(mission, STAFF_LANGUAGE),
        waiting=len(list_moved(moved, binding) | set(held)),
        **elsewhere,
    )
    bound = Outgoing(Address(binding.channel, binding.chat), Content(text))
    sealed = deliver_waiting_cases(services, (lead,) if lead else ())
    return replace(
        moved,
        new_binding=binding,
        new_staff=(lead,) if lead else (),
        outgoing=(bound, *moved.outgoing, *sealed),
        audit=(who, f"bind {binding.mission} {binding.channel}:{binding.chat}"),
    )


def unbind_rooms(
    bindings: Sequence[Binding], services: Services, waiting: Sequence[Case], who: str
) -> Decision:
    """Undo `bindings`. Their open cases go to the domestic desk or, without one, wait for a room;
    their founders and the desk are told. Raises UnknownMission."""
    gone = {binding.mission for binding in bindings}
    after = tuple(one for one in services.bindings if one.mission not in gone)
    moved = move_cases(services, after, waiting, None)
    return replace(
        moved,
        removed_bindings=tuple(sorted(gone)),
        audit=(who, f"unbind {','.join(sorted(gone))}"),
    )


def _decide_unbinding(turn: BindingTurn) -> Decision:
    """`/unbind` in a room, by an admin or the body's lead; a mission can be named where the room
    is that of several."""
    message = turn.message
    here = [
        binding
        for binding in turn.services.bindings
        if (binding.channel, binding.chat) == (message.channel, message.chat)
        and message.text.strip() in ("", binding.mission)
    ]
    mine = [one for one in here if turn.is_admin or _leads(turn, one.mission)]
    if not mine and (here or not turn.is_admin):
        return turn.reply("not_admin", who=turn.account)
    if not mine:
        return turn.reply("unbind_nothing")
    return unbind_rooms(mine, turn.services, turn.waiting, turn.account)


def _leads(turn: BindingTurn, mission: str) -> bool:
    if turn.message.is_unverified:
        return False
    me = turn.message.channel, turn.message.user
    return any(one.is_lead and (one.channel, one.user) == me for one in turn.list_members(mission))
