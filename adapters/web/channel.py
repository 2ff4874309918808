"""The founders' page as a channel: what is sent there is kept, and its page shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from adapters.messaging.previews import Preview
from adapters.web.inbound import WEB_CHANNEL
from adapters.web.limits import WEB_LIMITS
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused
from bot.messages import Account, Address, File, Message
from bot.store import Store


class WebChannel:
    """Founders alone write there, never staff. A message is sent once its line is stored."""

    name = WEB_CHANNEL
    limits = WEB_LIMITS
    public_address = ""  # a mission shows the page in its own site

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def start(self) -> str:
        """There is nothing to connect to."""
        return "the page /ask"

    async def stop(self) -> None:
        """There is nothing to close."""

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Keep a line; one that is sent again is the same line."""
        add = self._store.web_lines.add
        chat = parcel.address.chat
        await asyncio.to_thread(add, parcel.key, chat, parcel.content, self._now())
        return SentMessage(parcel.key[:80])

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Raises DeliveryRefused: no staff work on the page."""
        raise DeliveryRefused(f"{parcel.address.channel} has no cards")

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """None: a conversation is a page."""
        return None

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Nothing: a conversation is a page."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """None: what was stored is stored again as the same line."""
        return None

    async def mark_seen(self, message: Message) -> None:
        """Nothing: the page shows what was sent."""

    async def show_preview(self, preview: Preview) -> None:
        """Nothing: the page comes with the answer."""

    async def fetch_file(self, file: File) -> bytes:
        """Raises DeliveryRefused: no file comes in by the page."""
        raise DeliveryRefused(f"{file.name} is not on the page")

    async def find_person(self, user: str) -> Account:
        """The account without a name: no one is asked for one."""
        return Account(user)

    async def is_public_room(self, chat: str) -> bool:  # noqa: ARG002
        """False: a conversation is read by those who have its address."""
        return False
