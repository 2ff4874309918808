"""Previews of an answer while it is written: from the threads that write to the loop that sends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.messages import Message
from knowledge.types import Language

log = logging.getLogger(__name__)

PREVIEW_INTERVAL_SECONDS = 1.0  # between two previews in one chat
PREVIEW_TIMEOUT_SECONDS = 5.0  # that a platform gets for one
MAX_CONCURRENT_PREVIEWS = 16  # the other connections are left to answers


@dataclass(frozen=True, slots=True)
class Preview:
    """What is written so far of the answer to `message`."""

    message: Message
    language: Language
    text: str


class PreviewSender:
    """Shows previews in one messenger: in each chat the latest text, at most one in
    `interval_seconds`, and none of the same answer after the first failure.

    `send_preview` runs in `loop` and gets `timeout_seconds`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        send_preview: Callable[[Preview], Awaitable[None]],
        interval_seconds: float = PREVIEW_INTERVAL_SECONDS,
        timeout_seconds: float = PREVIEW_TIMEOUT_SECONDS,
    ) -> None:
        self._loop = loop
        self._send_to_platform = send_preview
        self._interval_seconds = interval_seconds
        self._timeout_seconds = timeout_seconds
        self._latest: dict[str, Preview] = {}
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._failed: set[str] = set()

    @contextmanager
    def __call__(self, message: Message, language: Language) -> Iterator[Callable[[str], None]]:
        """Inside the context, each call of the function it gives, from any thread, adds a sentence
        to the preview; it returns at once and raises nothing. After it, nothing is shown."""
        sentences: list[str] = []

        def show(sentence: str) -> None:
            sentences.append(sentence)
            preview = Preview(message, language, " ".join(sentences))
            self._call_in_loop(self._queue_preview, preview)

        try:
            yield show
        finally:
            self._call_in_loop(self._end_previews, message.conversation)

    def _call_in_loop(self, function: Callable[..., None], argument: object) -> None:
        with suppress(RuntimeError):  # the loop has ended: there is nothing to show previews in
            self._loop.call_soon_threadsafe(function, argument)

    def _queue_preview(self, preview: Preview) -> None:
        lane = preview.message.conversation
        if lane in self._failed:
            return
        self._latest[lane] = preview
        if lane not in self._pumps:
            self._pumps[lane] = self._loop.create_task(self._send_latest(lane))

    def _end_previews(self, lane: str) -> None:
        """The answer is decided: a preview sent now would arrive after it."""
        self._failed.discard(lane)
        self._latest.pop(lane, None)
        if under_way := self._under_way.get(lane):
            under_way.cancel()

    async def _send_latest(self, lane: str) -> None:
        """Show the latest preview of one chat, as long as there is a newer one."""
        try:
            while lane in self._latest:
                pause = self._loop.create_task(asyncio.sleep(self._interval_seconds))
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
        async with asyncio.timeout(self._timeout_seconds):
            await self._send_to_platform(preview)
