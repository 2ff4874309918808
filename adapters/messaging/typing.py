"""The sign that an answer is on its way, renewed until it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

Sign = TypeVar("Sign")

TYPING_RENEWAL_SECONDS = 4.0  # Telegram shows the sign for five
TYPING_LIMIT_SECONDS = 60.0  # for a message that gets no answer from this process
MAX_SIGNS = 32  # at once: when many wait, the signs must not take the time their answers need


class TypingKeeper(Generic[Sign]):
    """Shows by `show` in a place that something is being written, every `interval_seconds` until
    `stop`, at most for `limit_seconds` and in `limit_places` at once: further places get none. A sign
    that cannot be shown ends it; nothing is raised.

    A place is the name of a chat or thread; a sign is what `show` needs to know."""

    def __init__(
        self,
        show: Callable[[Sign], Awaitable[object]],
        interval_seconds: float = TYPING_RENEWAL_SECONDS,
        limit_seconds: float = TYPING_LIMIT_SECONDS,
        limit_places: int = MAX_SIGNS,
    ) -> None:
        self._show = show
        self._interval_seconds = interval_seconds
        self._limit_seconds = limit_seconds
        self._limit_places = limit_places
        self._shown: dict[str, tuple[Sign, asyncio.Task[None]]] = {}

    def start(self, place: str, sign: Sign) -> None:
        """Begin, or start again, in a place; nothing happens where too many have a sign already."""
        self.stop(place)
        if len(self._shown) >= self._limit_places:
            return
        task = asyncio.get_running_loop().create_task(self._keep(sign))
        self._shown[place] = sign, task
        task.add_done_callback(lambda done: self._forget(place, done))

    def stop(self, place: str) -> Sign | None:
        """End it in a place; the sign that was shown there, None for none."""
        if not (shown := self._shown.pop(place, None)):
            return None
        sign, task = shown
        task.cancel()
        return sign

    async def close(self) -> None:
        """End it everywhere."""
        tasks = [task for _, task in self._shown.values()]
        for place in list(self._shown):
            self.stop(place)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, sign: Sign) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit_seconds):
                while True:
                    await self._show(sign)
                    await asyncio.sleep(self._interval_seconds)

    def _forget(self, place: str, task: asyncio.Task[None]) -> None:
        if (shown := self._shown.get(place)) and shown[1] is task:
            del self._shown[place]
        if not task.cancelled():
            task.exception()  # the answer comes without the sign
