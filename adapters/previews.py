"""From the threads that write to the loop that sends: what is shown before an answer is owed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.context import ShowPreview
from bot.types import Message
from knowledge.types import Language

log = logging.getLogger(__name__)

PREVIEW_INTERVAL_SECONDS = 1.0  # seconds between two previews in one chat
PREVIEW_TIMEOUT_SECONDS = 5.0  # seconds that a platform gets for one
MAX_CONCURRENT_PREVIEWS = 16  # on their way at once: answers need the connections more


@dataclass(frozen=True, slots=True)
class Preview:
    """What is written so far, for whoever sent `message`."""

    message: Message
    language: Language
    text: str


class PreviewSender:
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
    def __call__(self, message: Message, language: Language) -> Iterator[ShowPreview]:
        said: list[str] = []

        def show(sentence: str) -> None:
            said.append(sentence)
            self._call_in_loop(self._queue_preview, Preview(message, language, " ".join(said)))

        try:
            yield show
        finally:
            self._call_in_loop(self._end_previews, message.conversation)

    def _call_in_loop(self, what: Callable[..., None], about: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody looks any more
            self._loop.call_soon_threadsafe(what, about)

    def _queue_preview(self, preview: Preview) -> None:
        lane = preview.message.conversation
        if lane in self._failed:
            return
        self._latest[lane] = preview
        if lane not in self._pumps:
            self._pumps[lane] = self._loop.create_task(self._send_latest(lane))

    def _end_previews(self, lane: str) -> None:
        """The answer is decided: what would come now would come after it."""
        self._failed.discard(lane)
        self._latest.pop(lane, None)
        if under_way := self._under_way.get(lane):
            under_way.cancel()

    async def _send_latest(self, lane: str) -> None:
        """Show the latest of one chat for as long as there is something newer."""
        try:
            while lane in self._latest:
                pause = self._loop.create_task(asyncio.sleep(PREVIEW_INTERVAL_SECONDS))
                if len(self._under_way) < MAX_CONCURRENT_PREVIEWS:
                    await self._send_preview(lane, self._latest.pop(lane))
                await pause
        finally:
            del self._pumps[lane]

    async def _send_preview(self, lane: str, preview: Preview) -> None:
        task = asyncio.ensure_future(self._send_with_timeout(preview))
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

    async def _send_with_timeout(self, preview: Preview) -> None:
        async with asyncio.timeout(PREVIEW_TIMEOUT_SECONDS):
            await self._preview(preview)
