"""What channels share on which founders alone write, each in a chat of their own."""

from __future__ import annotations

from datetime import datetime

from adapters.messaging.command_words import COMMAND_WORDS, ROOM_COMMANDS
from adapters.messaging.previews import Preview
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused
from bot.messages import Account, Address, File, Message, MessageKind


class FounderChannel:
    """The base of a channel without staff, threads, files and signs of writing, and with nothing to
    connect to. How a message is sent is the channel's own."""

    public_address = ""  # what people write to is shown elsewhere

    async def stop(self) -> None:
        """There is nothing to close."""

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Raises DeliveryRefused: no staff work here."""
        raise DeliveryRefused(f"{parcel.address.channel} has no cards")

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """None: a chat is one conversation."""
        return None

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Nothing: a chat is one conversation."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """None: what was shown cannot be asked for."""
        return None

    async def mark_seen(self, message: Message) -> None:
        """Nothing: the reply to what was sent says that it was taken in."""

    async def show_preview(self, preview: Preview) -> None:
        """Nothing: an answer is shown when it is whole."""

    async def fetch_file(self, file: File) -> bytes:
        """Raises DeliveryRefused: no file comes in here."""
        raise DeliveryRefused(f"{file.name} is not on {file.channel}")

    async def find_person(self, user: str) -> Account:
        """The account without a name: no one is told it."""
        return Account(user)

    async def is_public_room(self, chat: str) -> bool:  # noqa: ARG002
        """False: every chat is one person's with Naru."""
        return False


def classify_words(press: str, text: str) -> tuple[MessageKind, str, str]:
    """The kind of what a founder sent, its command ("" for none) and its text: of a button its key,
    which is the `press`, of a command what follows it. `text` has no spaces around it."""
    if press:
        return "button", "", press
    plain = COMMAND_WORDS.get(text.casefold(), "")
    if plain and plain not in ROOM_COMMANDS:  # there are only founders here
        return "command", plain, ""
    word, _, argument = text.removeprefix("/").partition(" ")
    if text.startswith("/") and (command := COMMAND_WORDS.get(word.casefold())):
        return "command", command, argument.strip()
    return ("text" if text else "other"), "", text
