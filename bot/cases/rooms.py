"""Whose room a case goes to: the mission's own, else the domestic desk's, else nobody's yet."""

from __future__ import annotations

from collections.abc import Iterable

from bot.phrases import say
from bot.types import DOMESTIC, Address, Binding, Body, Outgoing
from knowledge.types import Language

STAFF_LANGUAGE: Language = "ko"  # staff of Korean missions and of the desk read Korean


def room(mission: str, bindings: Iterable[Binding]) -> Binding | None:
    """Where staff answer for `mission`: its room, or the desk's in its place."""
    rooms = {binding.mission: binding for binding in bindings}
    return rooms.get(mission) or rooms.get(DOMESTIC)


def notice(bindings: Iterable[Binding], key: str, **values: object) -> tuple[Outgoing, ...]:
    """A line to the domestic desk about something that only people can mend; () without a desk."""
    desk = room(DOMESTIC, bindings)
    if desk is None:
        return ()
    text = say(f"staff.{key}", STAFF_LANGUAGE, **values)
    return (Outgoing(Address(desk.channel, desk.chat), Body(text)),)
