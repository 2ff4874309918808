"""The status "… is writing" below a thread on Slack, renewed until the answer is posted."""

from __future__ import annotations

import contextlib

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.typing import TypingKeeper
from bot.messages import Message
from bot.phrases import render_phrase
from knowledge.text.language import detect_language

STATUS_RENEWAL_SECONDS = 60.0  # Slack shows a status for two minutes
STATUS_LIMIT_SECONDS = 150.0  # for a message that gets no answer from this process


class SlackStatus:
    """Shows below a message that its answer is being written. Slack removes the status when the app
    posts in the same thread; where the answer is posted outside it, `end` does."""

    def __init__(
        self,
        client: AsyncWebClient,
        renewal_seconds: float = STATUS_RENEWAL_SECONDS,
        limit_seconds: float = STATUS_LIMIT_SECONDS,
    ) -> None:
        self._client = client
        self._keeper = TypingKeeper(self._show, renewal_seconds, limit_seconds)

    def start(self, message: Message) -> None:
        """Begin, or start again, below a message."""
        self._keeper.start(_name_place(message.chat, message.thread), message)

    async def end(self, chat: str, thread: str | None, *, is_answered: bool) -> None:
        """End it in a chat or in one of its threads; nothing where there is none."""
        message = self._keeper.stop(_name_place(chat, thread))
        if message and not (thread and is_answered):
            with contextlib.suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
                await self._set_status(message, "")

    async def close(self) -> None:
        """End it everywhere; Slack removes by itself what is left."""
        await self._keeper.close()

    async def _show(self, message: Message) -> None:
        language = detect_language(message.text)
        await self._set_status(message, render_phrase("founder.writing", language))

    async def _set_status(self, message: Message, status: str) -> None:
        await self._client.assistant_threads_setStatus(
            channel_id=message.chat, thread_ts=message.thread or message.id, status=status
        )


def _name_place(chat: str, thread: str | None) -> str:
    return f"{chat}:{thread or ''}"
