"""What the sender needs of a messenger: the Channel protocol and its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messages import Address, ChannelLimits, Content


@dataclass(frozen=True, slots=True)
class PlatformMessage:
    """One message on its way out. `thread` is where on the platform; `card` the id of the card
    to edit; `plain` asks for no markup; `key` marks it, where the platform can keep a mark."""

    key: str
    address: Address
    thread: str | None
    content: Content
    plain: bool = False
    card: str | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that went out: the platform's id of it (None for a file or a change of state),
    and of the thread that it began, if it did."""

    message_id: str | None
    thread: str | None = None


class Channel(Protocol):
    """Where messages go out. Every method raises only what is below NotDelivered."""

    name: str

    @property
    def limits(self) -> ChannelLimits | None:
        """What one message carries; None if anything fits."""
        ...

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Send a message. One to a staff thread that does not exist yet begins it."""
        ...

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Show a case's card in its new state."""
        ...

    async def open_thread(self, address: Address, name: str) -> str | None:
        """Create a thread called `name` and return its id; None where the first message does."""
        ...

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Close or reopen a thread, where the platform supports that."""
        ...

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:
        """The message, if it went out since `since`; None if it did not or that is unknown."""
        ...
