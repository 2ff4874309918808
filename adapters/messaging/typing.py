"""The sign that an answer is on its way, renewed until it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

TYPING_RENEWAL_SECONDS = 4.0  # Telegram shows the sign for five
TYPING_LIMIT_SECONDS = 60.0  # for a message that gets no answer from this process


class TypingKeeper:
    """Shows by `show` in a chat that something is being written, every `interval_seconds` until
    `stop`, at most for `limit_seconds`. A sign that cannot be shown ends it; nothing is raised."""

    def __init__(
        self,
        show: Callable[[str], Awaitable[object]],
        interval_seconds: float = TYPING_RENEWAL_SECONDS,
        limit_seconds: float = TYPING_LIMIT_SECONDS,
    ) -> None:
        self._show = show
        self._interval_seconds = interval_seconds
        self._limit_seconds = limit_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, chat: str) -> None:
        """Begin, or start again, in a chat."""
        self.stop(chat)
        task = asyncio.get_running_loop().create_task(self._keep(chat))
        self._tasks[chat] = task
        task.add_done_callback(lambda done: self._forget(chat, done))

    def stop(self, chat: str) -> None:
        """End it in a chat; nothing where there is none."""
        if task := self._tasks.pop(chat, None):
            task.cancel()

    async def close(self) -> None:
        """End it everywhere."""
        tasks = list(self._tasks.values())
        for chat in list(self._tasks):
            self.stop(chat)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, chat: str) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit_seconds):
                while True:
                    await self._show(chat)
                    await asyncio.sleep(self._interval_seconds)

    def _forget(self, chat: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(chat) is task:
            del self._tasks[chat]
        if not task.cancelled():
            task.exception()  # the answer comes without the sign
