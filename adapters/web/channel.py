"""The founders' page as a channel: what is sent there is kept, and its page shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from adapters.messaging.founder_channel import FounderChannel
from adapters.web.inbound import WEB_CHANNEL
from adapters.web.limits import WEB_LIMITS
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.store import Store


class WebChannel(FounderChannel):
    """A message is sent once its line is stored. A mission shows the page in its own site."""

    name = WEB_CHANNEL
    limits = WEB_LIMITS

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def start(self) -> str:
        """There is nothing to connect to."""
        return "the page /ask"

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Keep a line; one that is sent again is the same line."""
        add = self._store.web_lines.add
        chat = parcel.address.chat
        await asyncio.to_thread(add, parcel.key, chat, parcel.content, self._now())
        return SentMessage(parcel.key[:80])
