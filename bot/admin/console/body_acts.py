"""What a signed-in person did with a body as a whole (its seats, hours, staff, minutes, insights): the
command that they would have typed in its room. What the room would be told, they are told; it hears
of what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.admin.binding import BINDING_COMMANDS, bind_room, unbind_rooms
from bot.admin.desk.insight.answers import TELL_COMMAND
from bot.admin.desk.minutes_turn import MINUTES_COMMAND
from bot.admin.desk.notices import find_own_room
from bot.admin.people.blocking import BLOCK_COMMANDS, decide_block
from bot.admin.seats.seats_turn import SEAT_COMMANDS
from bot.admin.staff_rooms import StaffRooms
from bot.admin.staffing import find_sender_name
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_language
from bot.context import Decision
from bot.messages import Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.store import InboxEvent, name_form_event
from bot.types import CONSOLE_CHANNEL, DOMESTIC, Binding, ConsoleNotice, NoticeKind, StaffMember
from knowledge.types import Language

BODY_COMMANDS = frozenset({
    *SEAT_COMMANDS, "staff", MINUTES_COMMAND, "insight", TELL_COMMAND, *BINDING_COMMANDS,
    *BLOCK_COMMANDS,
})  # fmt: skip
_CHAT_PREFIX = f"{CONSOLE_CHANNEL}:"  # the body's room as the console has it


@dataclass(frozen=True, slots=True)
class BodyAct:
    """What `account`, "channel:user", did with the body of `mission`: one of BODY_COMMANDS and the
    words after it. `id` names the form that was sent, `language` is that of the session."""

    id: str
    account: str
    name: str
    mission: str
    command: str
    text: str
    language: Language = "ko"


def build_body_event(act: BodyAct) -> InboxEvent:
    """The inbox event of an act. Acts of one person are worked in the order they came. Sending the
    same twice does nothing more."""
    key = name_form_event(act.account, act.id, act.mission, act.command, act.text)
    return InboxEvent(
        CONSOLE_CHANNEL, key, f"{CONSOLE_CHANNEL}:{act.account}",
        json.dumps(asdict(replace(act, id=key)), ensure_ascii=False),
        person=act.account, sender=act.account,
    )  # fmt: skip


def parse_body_act(act: dict[str, Any]) -> Message:
    """The message in a stored act, as its sender would have written it in the body's room."""
    channel, _, user = act["account"].partition(":")
    return Message(
        channel=channel,
        chat=f"{_CHAT_PREFIX}{act['mission']}",
        user=user,
        id=act["id"],
        kind="command",
        text=act["text"],
        command=act["command"],
        private=False,
        user_name=act["name"],
        from_console=True,
        locale=act.get("language"),
    )


def find_body(message: Message) -> str:
    """The mission whose body a message from the console is about; "" for one about a case."""
    return message.chat.removeprefix(_CHAT_PREFIX) if message.chat.startswith(_CHAT_PREFIX) else ""


def decide_body_act(rooms: StaffRooms, message: Message, *, is_admin: bool) -> Decision:
    """What an act leads to, with a notice for its sender. The domestic body keeps the seats and hours
    of all bodies, as admins do; who is staff only a body's lead and admins decide."""
    mission = find_body(message)
    members = rooms.store.staff.list_memberships(message.channel, message.user)
    # The room hears of it in its own language, and the sender in theirs.
    decision = _decide(rooms, replace(message, locale=None), members, is_admin=is_admin)
    if decision is None:
        text = render_phrase("console.no_such_act", find_staff_language(message))
        return Decision(notice=ConsoleNotice(message.id, message.account, "refused", text))
    said = answer = _read_told(decision, message)
    rest = tuple(one for one in decision.outgoing if one.to.chat != message.chat)
    if find_staff_language(message) != STAFF_LANGUAGE:
        spoken = _decide(rooms, message, members, is_admin=is_admin) or decision
        answer = _read_told(spoken, message)
    is_refused = replace(decision, outgoing=()) == Decision()
    kind: NoticeKind = "refused" if is_refused else "done"
    notice = ConsoleNotice(message.id, message.account, kind, answer)
    if is_refused:
        return replace(decision, outgoing=rest, notice=notice)
    room = find_own_room(mission, rooms.services.bindings)
    is_of_body = message.command not in BLOCK_COMMANDS
    if is_of_body and room is not None and room.channel != CONSOLE_CHANNEL and said:
        own = [one for one in members if one.mission in (mission, DOMESTIC)]
        who = find_sender_name(own, message) or message.account
        text = render_phrase("console.mirror_body", STAFF_LANGUAGE, who=who, text=said)
        rest = (*rest, Outgoing(room, Content(text, relayed=True)))
    return replace(decision, outgoing=rest, notice=notice)


def _read_told(decision: Decision, message: Message) -> str:
    """What a decision says where the message was written."""
    return "\n".join(one.content.text for one in decision.outgoing if one.to.chat == message.chat)


def _decide(
    rooms: StaffRooms, message: Message, members: Sequence[StaffMember], *, is_admin: bool
) -> Decision | None:
    """What the command leads to; None for no command of a body's and for who may not give it."""
    mission, command = find_body(message), message.command
    known = {one.id for one in rooms.services.missions} | {DOMESTIC}
    if command not in BODY_COMMANDS or mission not in known:
        return None
    if command in BLOCK_COMMANDS:
        return decide_block(rooms.services, message, {message.account}) if is_admin else None
    if command in BINDING_COMMANDS:
        leads = any(one.is_lead and one.mission == mission for one in members)
        return _decide_binding(rooms, message, leads=leads, is_admin=is_admin)
    is_desk = any(one.mission == DOMESTIC for one in members)
    may_keep = is_admin or (is_desk and command in SEAT_COMMANDS)
    return rooms.decide_for_body(message, mission, is_admin=may_keep)


def _decide_binding(
    rooms: StaffRooms, message: Message, *, leads: bool, is_admin: bool
) -> Decision | None:
    """The body gets its room in the console, by an admin; or its room is freed, by its lead as well.
    None for who may not. A room of a messenger is bound there, which shows that Naru is in it."""
    services, mission = rooms.services, find_body(message)
    waiting = rooms.store.list_cases_without_room()
    if message.command == "bind":
        binding = Binding(mission, CONSOLE_CHANNEL, mission)
        return bind_room(binding, services, waiting, message.account) if is_admin else None
    own = [one for one in services.bindings if one.mission == mission]
    if not own or not (leads or is_admin):
        return None
    return unbind_rooms(own, services, waiting, message.account)
