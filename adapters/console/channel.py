"""The console as the room of a body whose staff have no messenger: what is sent there shows on its
pages, which read it from the outbox and the record."""

from __future__ import annotations

from datetime import datetime

from adapters.messaging.previews import Preview
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused
from bot.messages import Account, Address, File, Message
from bot.types import CONSOLE_CHANNEL


class ConsoleChannel:
    """Takes everything: nothing leaves this machine. The card is its thread's id."""

    name = CONSOLE_CHANNEL
    limits = None
    public_address = ""

    async def start(self) -> str:
        """Nothing to connect to."""
        return self.name

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Take a message; its key is its id."""
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
        """Whatever was taken may be taken again: it is the same row."""
        return SentMessage(parcel.key[:80])

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
