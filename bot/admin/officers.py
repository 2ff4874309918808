"""Who of the staff may read sealed cases, and what they get of the cases that waited for a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.admin.alerts import find_private_chat
from bot.cases.sealed import find_readers, tell_readers
from bot.context import Services
from bot.messages import Address, ChannelLimits, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Binding, Case, Conversation, StaffMember


def may_read_sealed(member: StaffMember) -> bool:
    """Whether a member may read sealed cases: the body's lead, and those an admin marked."""
    return member.is_lead or member.reads_sealed


def list_officer_chats(
    members: Iterable[StaffMember],
    list_conversations: Callable[[str], Sequence[Conversation]],
    limits: Mapping[str, ChannelLimits],
    rooms: Iterable[Binding] = (),
) -> list[Address]:
    """The private chats of `members`, and the mail addresses of those who have an account of the console
    only (what is sent there, `add_mail_notices` makes a mail without content). One who never wrote to Naru has none where a messenger does
    not let a bot write first: those are left out, and so is a mailbox that is bound as one of
    `rooms`, because several people read it."""
    chats = []
    shared = {(room.channel, room.chat) for room in rooms}
    for member in members:
        if (member.channel, member.user) in shared:
            continue
        own = [
            one
            for one in list_conversations(member.account)
            if (one.channel, one.user) == (member.channel, member.user)
        ]
        if chat := find_private_chat(own):
            chats.append(chat.address)
        elif member.channel in limits and limits[member.channel].only_to:
            chats.append(Address(member.channel, member.user))
    return list(dict.fromkeys(chats))


def deliver_waiting_cases(
    services: Services, members: Sequence[StaffMember]
) -> tuple[Outgoing, ...]:
    """What `members`, who are new or reachable for the first time, get of the open sealed cases
    that no one could read until now; their founders are told that somebody can read it.

    Raises UnknownMission for a mission no longer listed."""
    if not any(map(may_read_sealed, members)):
        return ()
    outgoing: list[Outgoing] = []
    for case in services.list_open_cases():
        theirs = [
            one
            for one in members
            if one.mission in (case.mission, DOMESTIC) and may_read_sealed(one)
        ]
        chats = list_officer_chats(
            theirs, services.list_conversations, services.limits, services.bindings
        )
        if case.sealed and chats and not find_readers(services, case):
            outgoing += _deliver_case(services, case, chats)
    return tuple(outgoing)


def _deliver_case(services: Services, case: Case, chats: Sequence[Address]) -> tuple[Outgoing, ...]:
    """The whole case for `chats`, and the word to its founder, who read that there was none, that they get it."""
    with_readers = replace(services, find_duty_officers=lambda _: chats)
    told = tell_readers(with_readers, case, services.list_lines(case.number))
    founder = services.find_conversation(case.conversation)
    if founder is None:
        return told.outgoing
    text = f"#{case.number} {render_phrase('founder.sealed_reader_found', founder.language)}"
    notice = Outgoing(founder.personal_address, Content(text, protect=True), case=case.number)
    return (*told.outgoing, notice)
