"""What `/bind` leads to: a room becomes the place where a body's staff sit."""

from __future__ import annotations

from bot.cases.case import build_thread_opening, create_staff_thread
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Services
from bot.errors import UnknownMission
from bot.messages import Address, Content, Message, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Binding, Case, Decision, StaffThread

BINDING_COMMANDS = frozenset({"bind"})


def decide_binding(
    message: Message, is_admin: bool, tools: Services, waiting: list[Case], held: int = 0
) -> Decision:
    """Everything one `/bind` leads to; `waiting` are the open cases that have no room yet, `held`
    counts those whose messages this room refused until now."""
    here = Address(message.channel, message.chat, message.thread)
    if not is_admin:
        account = f"{message.channel}:{message.user}"
        return _reply_text(here, render_phrase("staff.not_admin", STAFF_LANGUAGE, who=account))
    if message.private:
        return _reply_text(here, render_phrase("staff.bind_private", STAFF_LANGUAGE))
    wanted = message.text.strip()
    if not wanted:
        return _reply_text(here, render_phrase("staff.bind_how", STAFF_LANGUAGE))
    if not message.has_threads:
        return _reply_text(here, render_phrase("staff.bind_not_forum", STAFF_LANGUAGE))
    try:
        mission = tools.missions.get(wanted)
    except UnknownMission as error:
        text = render_phrase("staff.unknown_mission", STAFF_LANGUAGE, text=wanted, hint=error)
        return _reply_text(here, text)
    return bind_room(
        Binding(mission.id, message.channel, message.chat), tools, waiting, message.user, held
    )


def bind_room(
    binding: Binding, tools: Services, waiting: list[Case], who: str, held: int = 0
) -> Decision:
    """Bind the room, and open threads in it for the `waiting` cases of its mission, or of the
    domestic desk. `who` is the admin, for the audit; `held` as in `decide_binding`. Raises
    UnknownMission."""
    mission = tools.missions.get(binding.mission)
    theirs = [case for case in waiting if binding.mission in (case.mission, DOMESTIC)]
    text = render_phrase(
        "staff.bound",
        STAFF_LANGUAGE,
        mission=mission_name(mission, STAFF_LANGUAGE),
        waiting=len(theirs) + held,
    )
    out = [Outgoing(Address(binding.channel, binding.chat), Content(text))]
    threads: list[StaffThread] = []
    for case in theirs:
        thread = create_staff_thread(case, binding, len(tools.list_threads(case.number)))
        threads.append(thread)
        record = tools.list_lines(case.number)
        out += build_thread_opening(case, thread, tools.missions, record)
    return Decision(
        new_binding=binding,
        new_threads=tuple(threads),
        outgoing=tuple(out),
        audit=(who, f"bind {binding.mission} {binding.channel}:{binding.chat}"),
    )


def _reply_text(to: Address, text: str) -> Decision:
    return Decision(outgoing=(Outgoing(to, Content(text)),))
