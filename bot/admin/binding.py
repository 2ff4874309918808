"""What an admin's command leads to: binding a room to a body."""

from __future__ import annotations

from bot.cases import case as cases
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Tools
from bot.errors import UnknownMission
from bot.missions import called
from bot.phrases import say
from bot.types import (
    DOMESTIC,
    Address,
    Binding,
    Body,
    Case,
    Decision,
    Message,
    Outgoing,
    StaffThread,
)

COMMANDS = frozenset({"bind"})


def decide(message: Message, is_admin: bool, tools: Tools, waiting: list[Case]) -> Decision:
    """Everything one admin command leads to; `waiting` are the open cases nobody is shown."""
    here = Address(message.channel, message.chat, message.thread)
    if not is_admin:
        who = f"{message.channel}:{message.user}"
        return _told(here, say("staff.not_admin", STAFF_LANGUAGE, who=who))
    if message.private:
        return _told(here, say("staff.bind_private", STAFF_LANGUAGE))
    wanted = message.text.strip()
    if not wanted:
        return _told(here, say("staff.bind_how", STAFF_LANGUAGE))
    if message.channel == "telegram" and not message.forum:
        return _told(here, say("staff.bind_not_forum", STAFF_LANGUAGE))
    try:
        mission = tools.missions.get(wanted)
    except UnknownMission as error:
        text = say("staff.unknown_mission", STAFF_LANGUAGE, text=wanted, hint=error)
        return _told(here, text)
    return bound(Binding(mission.id, message.channel, message.chat), tools, waiting, message.user)


def bound(binding: Binding, tools: Tools, waiting: list[Case], who: str) -> Decision:
    """The room is the body's from now on, and the cases that waited for one appear in it."""
    mission = tools.missions.get(binding.mission)
    theirs = [case for case in waiting if binding.mission in (case.mission, DOMESTIC)]
    text = say(
        "staff.bound",
        STAFF_LANGUAGE,
        mission=called(mission, STAFF_LANGUAGE),
        waiting=len(theirs),
    )
    out = [Outgoing(Address(binding.channel, binding.chat), Body(text))]
    threads: list[StaffThread] = []
    for case in theirs:
        thread = cases.thread_for(case, binding, len(tools.threads_of(case.number)))
        threads.append(thread)
        record = tools.lines_of(case.number)
        papers = cases.papers(record)
        out += cases.opening(case, thread, tools.missions, (), record[1:], papers)
    return Decision(
        bind=binding,
        new_threads=tuple(threads),
        outgoing=tuple(out),
        audit=(who, f"bind {binding.mission} {binding.channel}:{binding.chat}"),
    )


def _told(to: Address, text: str) -> Decision:
    return Decision(outgoing=(Outgoing(to, Body(text)),))
