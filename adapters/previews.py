"""From the threads that write to the loop that sends: what is shown before an answer is owed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.showing import Show
from bot.types import Message
from knowledge.types import Language

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two previews in one chat
PATIENCE = 5.0  # seconds that a platform gets for one
MANY = 16  # on their way at once: answers need the connections more


@dataclass(frozen=True, slots=True)
class Preview:
    """What is written so far, for whoever sent `message`."""

    message: Message
    language: Language
    text: str


class Previews:
    """Shows what is written in one messenger: of each chat the latest text, at most one a second,
    and nothing more of a question after its first failure."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, preview: Callable[[Preview], Awaitable[None]]
    ) -> None:
        self._loop = loop
        self._preview = preview
        self._latest: dict[str, Preview] = {}
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._failed: set[str] = set()

    @contextmanager
    def __call__(self, message: Message, language: Language) -> Iterator[Show]:
        said: list[str] = []

        def show(sentence: str) -> None:
            said.append(sentence)
            self._tell(self._offer, Preview(message, language, " ".join(said)))

        try:
            yield show
        finally:
            self._tell(self._end, message.conversation)

    def _tell(self, what: Callable[..., None], about: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody looks any more
            self._loop.call_soon_threadsafe(what, about)

    def _offer(self, preview: Preview) -> None:
        lane = preview.message.conversation
        if lane in self._failed:
            return
        self._latest[lane] = preview
        if lane not in self._pumps:
            self._pumps[lane] = self._loop.create_task(self._pump(lane))

    def _end(self, lane: str) -> None:
        """The answer is decided: what would come now would come after it."""
        self._failed.discard(lane)
        self._latest.pop(lane, None)
        if under_way := self._under_way.get(lane):
            under_way.cancel()

    async def _pump(self, lane: str) -> None:
        """Show the latest of one chat for as long as there is something newer."""
        try:
            while lane in self._latest:
                pause = self._loop.create_task(asyncio.sleep(EVERY))
                if len(self._under_way) < MANY:
                    await self._shown(lane, self._latest.pop(lane))
                await pause
        finally:
            del self._pumps[lane]

    async def _shown(self, lane: str, preview: Preview) -> None:
        task = asyncio.ensure_future(self._sent(preview))
        self._under_way[lane] = task
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            del self._under_way[lane]
        if not task.cancelled() and (error := task.exception()):
            log.info("a preview was not shown: %s", type(error).__name__)
            self._latest.pop(lane, None)
            self._failed.add(lane)

    async def _sent(self, preview: Preview) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._preview(preview)
