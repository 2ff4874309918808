"""Files of every connected messenger, for the event loop and for worker threads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from bot.errors import DeliveryRefused
from bot.messages import File

FILE_FETCH_TIMEOUT_SECONDS = 120.0  # that a messenger gets to hand out one file


class FileSource(Protocol):
    """A messenger, or Naru's own database: what a file's `channel` names."""

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file. Raises DeliveryRefused and DeliveryUncertain."""


class FileFetcher:
    """Knows no messenger until the service connects it; it is made before the App that uses it."""

    def __init__(self, timeout_seconds: float = FILE_FETCH_TIMEOUT_SECONDS) -> None:
        self._timeout = timeout_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channels: Mapping[str, FileSource] = {}

    def connect(self, loop: asyncio.AbstractEventLoop, channels: Mapping[str, FileSource]) -> None:
        """From now on fetch from `channels`, by name, which live in `loop`."""
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
