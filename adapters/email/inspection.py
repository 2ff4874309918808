"""What `naru doctor` finds out about e-mail: both logins, marks, sent mails, and who is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.email.channel import EmailChannel
from adapters.email.mailbox import Mailbox
from adapters.email.servers import UNCHECKED
from adapters.messaging.messenger import MessengerCheck
from bot.errors import NotDelivered

if TYPE_CHECKING:
    from bot.types import Binding


async def inspect_email(channel: EmailChannel, rooms: Sequence[Binding]) -> list[MessengerCheck]:
    """Log in at both servers; nothing is sent, and nothing is changed there. `rooms` are the
    addresses that are bound to bodies."""
    return [await _check_imap(channel), await _check_smtp(channel), _check_senders(channel, rooms)]


async def _check_imap(channel: EmailChannel) -> MessengerCheck:
    mailbox = Mailbox(channel.account)

    def look() -> str | None:
        try:
            mailbox.connect()
            return mailbox.find_sent_folder()
        finally:
            mailbox.close()

    try:
        sent = await asyncio.to_thread(look)
    except NotDelivered as error:
        return MessengerCheck(False, f"E-mail: {error}")
    notes = [f"E-mail: {channel.account.address} reads its inbox"]
    if not mailbox.keeps_keywords:
        notes.append("its server keeps no keywords, so no one else may read mails there")
    if sent is None:
        notes.append("there is no folder of sent mails, so one of unknown outcome may go out twice")
    return MessengerCheck(True, "; ".join(notes))


async def _check_smtp(channel: EmailChannel) -> MessengerCheck:
    try:
        await channel.check_smtp()
    except NotDelivered as error:
        return MessengerCheck(False, f"E-mail: {error}")
    return MessengerCheck(True, f"E-mail: {channel.account.smtp.host} takes its mails")


def _check_senders(channel: EmailChannel, rooms: Sequence[Binding]) -> MessengerCheck:
    believed = channel.account.authserv_id
    if not believed and rooms:
        return MessengerCheck(False, f"E-mail: {len(rooms)} bodies are bound to addresses, but "
                              "NARU_EMAIL_AUTHSERV_ID is not set, so no mail counts as staff's. "
                              "docs/connect-email.md says how to find it.")  # fmt: skip
    if believed == UNCHECKED:
        return MessengerCheck(True, "E-mail: senders are not verified, so anybody can write in the "
                              "name of staff")  # fmt: skip
    return MessengerCheck(True, f"E-mail: senders as {believed or 'no server'} verifies them")
