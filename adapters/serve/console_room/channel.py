"""The console as the room of a body whose staff have no messenger: what is sent there shows on its
pages, which read it from the outbox and the record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.messaging.previews import Preview
from bot.admin.console.mail_notices import is_mail_address
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused
from bot.messages import Account, Address, File, Message
from bot.types import CONSOLE_CHANNEL

if TYPE_CHECKING:
    from adapters.serve.console_room.staff_mail import StaffMail


def keep_nothing(_key: str, _account: str, _text: str) -> None:
    """Keeps nothing."""


class ConsoleChannel:
    """Takes everything; the card is its thread's id. `tell` keeps what is written to a person
    ("channel:user") under a key, for the next page that they open. What is for a mail address goes out
    as a mail, if there is a `mail`; nothing else leaves this machine."""

    name = CONSOLE_CHANNEL
    limits = None
    public_address = ""

    def __init__(
        self, tell: Callable[[str, str, str], None] = keep_nothing, mail: StaffMail | None = None
    ) -> None:
        self._tell = tell
        self._mail = mail

    async def start(self) -> str:
        """Nothing to connect to."""
        return self.name

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Take a message; its key is its id. What can be decided on has a page of its own: of that,
        the first line is told. Raises NotDelivered for a mail that does not go out."""
        if self._mail is not None and is_mail_address(parcel.address):
            return SentMessage(await self._mail.send(parcel))
        if ":" in parcel.address.chat and parcel.thread is None:
            said = parcel.content.text
            told = said.splitlines()[0] if parcel.content.buttons else said
            await asyncio.to_thread(self._tell, parcel.key[-80:], parcel.address.chat, told)
        return SentMessage(parcel.key[:80], thread=parcel.thread)

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """The page shows the case as it is."""
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """The staff thread's own id is the thread's name here."""
        return address.staff_thread

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """The page shows the case as it is."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """What was taken may be taken again, because it is the same row. Of a mail nothing is known:
        its next try has the same Message-ID."""
        return None if is_mail_address(parcel.address) else SentMessage(parcel.key[:80])

    async def mark_seen(self, message: Message) -> None:
        """The page says what became of an act."""

    async def show_preview(self, preview: Preview) -> None:
        """No one asks a question here."""

    async def fetch_file(self, file: File) -> bytes:
        """Raises DeliveryRefused: the console stores no files."""
        raise DeliveryRefused(f"{file.name} is not kept by the console")

    async def find_person(self, user: str) -> Account:
        """An account of the console is its mail address."""
        return Account(user, user)

    async def is_public_room(self, chat: str) -> bool:  # noqa: ARG002
        """No one comes in without an account."""
        return False
