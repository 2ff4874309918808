"""Which chat a case is worked on in: its mission's room, else the domestic desk's, else none yet."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Binding
from knowledge.types import Language

STAFF_LANGUAGE: Language = "ko"  # staff of Korean missions and of the desk read Korean


def find_staff_language(message: Message) -> Language:
    """The language in which the sender of a staff member's message is answered: that of their session
    in the console, in a room that of all its staff."""
    return (message.locale if message.from_console else None) or STAFF_LANGUAGE


def find_staff_room(mission: str, bindings: Iterable[Binding]) -> Binding | None:
    """The room bound to the mission id, else the domestic desk's; None while neither is bound."""
    rooms = {binding.mission: binding for binding in bindings}
    return rooms.get(mission) or rooms.get(DOMESTIC)


def build_desk_notice(
    bindings: Iterable[Binding], key: str, **values: object
) -> tuple[Outgoing, ...]:
    """One message to the domestic desk: the phrase `staff.KEY` with `values`; () without a desk."""
    desk = find_staff_room(DOMESTIC, bindings)
    if desk is None:
        return ()
    text = render_phrase(f"staff.{key}", STAFF_LANGUAGE, **values)
    return (Outgoing(Address(desk.channel, desk.chat), Content(text)),)
