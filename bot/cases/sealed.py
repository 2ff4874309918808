"""Sealed cases: who may read what they say, and what the others are told instead.

The room of a mission is a group, so it gets a card without content; the content goes to the
private chats of the officers on duty; those who have an account of the console only read it there, and
get a mail that says that there is something. See docs/sealed.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cases.card import build_record, render_case
from bot.cases.rooms import STAFF_LANGUAGE, build_desk_notice
from bot.cases.states import is_open
from bot.context import Services
from bot.messages import Address, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, CaseMessage, Conversation
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class SealedDelivery:
    """The messages that carry what a sealed case says to its `readers`, or tell the desk that there
    are none."""

    readers: tuple[Address, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()

    def render_for_founder(
        self, language: Language, number: int | None = None, *, again: bool = False
    ) -> str:
        """Who has read it: the officers in private, or no one yet. With `number`, of one message
        in that case; `again`: the founder was told before that no one reads it yet."""
        text = render_phrase("founder.sealed_read", language)
        if not self.readers and again:
            text = render_phrase("founder.sealed_still_unread", language)
        elif not self.readers:
            desk = render_phrase("founder.sealed_desk_told", language) if self.outgoing else ""
            text = render_phrase("founder.sealed_unread", language, desk=desk)
        return f"#{number} {text}" if number is not None else text


def find_readers(services: Services, case: Case) -> tuple[Address, ...]:
    """Where the mission's officers on duty are told in private, else the desk's; () without any."""
    find = services.find_duty_officers
    return tuple(find(case.mission) or find(DOMESTIC))


def tell_readers(
    services: Services,
    case: Case,
    record: Sequence[CaseMessage],
) -> SealedDelivery:
    """The whole of a sealed case for its readers; nothing for a case that is not sealed.

    Raises UnknownMission for a mission no longer listed.
    """
    if not case.sealed:
        return SealedDelivery()
    head = render_case(case, services.missions)
    messages: list[Outgoing] = []
    for reader in find_readers(services, case):
        messages.append(Outgoing(reader, _protect_text(head), case=case.number))
        messages += build_record(case, reader, record)
    return _deliver(services, case, messages)


def remind_of_unread(
    services: Services, case: Case, founder: Conversation | None
) -> tuple[Outgoing, ...]:
    """What is said again, to the desk and to the `founder`, of an open sealed case that still no
    officer may read; () for any other case. The ladder of open cases asks for it.

    Raises UnknownMission for a mission no longer listed.
    """
    if not (case.sealed and is_open(case)) or find_readers(services, case):
        return ()
    told = _deliver(services, case, [])
    if founder is None:
        return told.outgoing
    text = told.render_for_founder(founder.language, number=case.number)
    notice = Outgoing(founder.personal_address, Content(text, protect=True), case=case.number)
    return (*told.outgoing, notice)


def tell_readers_more(services: Services, case: Case, content: Content) -> SealedDelivery:
    """One more message of a sealed case for its readers, with the number of the case."""
    text = render_phrase("staff.sealed_says", STAFF_LANGUAGE, number=case.number, text=content.text)
    more = replace(content, text=text, protect=True)
    readers = find_readers(services, case)
    return _deliver(services, case, [Outgoing(one, more, case=case.number) for one in readers])


def _deliver(services: Services, case: Case, messages: list[Outgoing]) -> SealedDelivery:
    """The messages; where there is no reader, a notice to the desk that says nothing of the
    content."""
    readers = tuple(dict.fromkeys(message.to for message in messages))
    if readers:
        return SealedDelivery(readers, tuple(replace(one, opens_seal=True) for one in messages))
    mission = mission_name(services.missions.get(case.mission), STAFF_LANGUAGE)
    notice = build_desk_notice(
        services.bindings, "sealed_unread", number=case.number, mission=mission
    )
    return SealedDelivery((), notice)


def _protect_text(text: str) -> Content:
    hint = render_phrase("staff.sealed_hint", STAFF_LANGUAGE)
    return Content(f"{text}\n\n{hint}", protect=True)
