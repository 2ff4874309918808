"""Files of every connected messenger, for the event loop and for worker threads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from adapters.messaging.messenger import Messenger
from bot.errors import DeliveryRefused
from bot.messages import File

FILE_FETCH_TIMEOUT_SECONDS = 120.0  # that a messenger gets to hand out one file


class FileFetcher:
    """Knows no messenger until the service connects it; it is made before the App that uses it."""

    def __init__(self, timeout_seconds: float = FILE_FETCH_TIMEOUT_SECONDS) -> None:
        self._timeout = timeout_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channels: Mapping[str, Messenger] = {}

    def connect(self, loop: asyncio.AbstractEventLoop, channels: Mapping[str, Messenger]) -> None:
        """From now on fetch through `channels`, by name, which live in `loop`."""
        self._loop, self._channels = loop, channels

    async def fetch(self, file: File) -> bytes:
        """A file's bytes, inside the loop. Raises DeliveryRefused if its messenger is not
        connected or does not hand it out, DeliveryUncertain if it cannot be reached."""
        channel = self._channels.get(file.channel)
        if channel is None:
            raise DeliveryRefused(f"{file.name} lies on {file.channel}, which is not configured")
        return await channel.fetch_file(file)

    def fetch_from_thread(self, file: File) -> bytes:
        """The same for any other thread, which waits.

        Raises DeliveryRefused and DeliveryUncertain as `fetch` does, DeliveryRefused also if serving
        has not begun, and TimeoutError if the file takes too long.
        """
        if self._loop is None:
            raise DeliveryRefused(f"{file.name} lies on {file.channel}, which is not connected")
        future = asyncio.run_coroutine_threadsafe(self.fetch(file), self._loop)
        return future.result(self._timeout)
