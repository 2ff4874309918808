"""Scripts that drive the Telegram stand-in with python-telegram-bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot
from telegram.error import (
    TelegramError,
)

from tests.fakes.telegram.server import TelegramServer

MINA = 501
DESK = -1009001
Script = Callable[[Bot], Awaitable[None]]


def run_script(server: TelegramServer, script: Script, token: str | None = None) -> None:
    """Run a script with a real Bot."""

    async def run() -> None:
        root = server.url
        bot = Bot(token or server.token, f"{root}/bot", f"{root}/file/bot")
        async with bot:
            await script(bot)

    asyncio.run(run())


async def expect_error(call: Awaitable[object], kind: type[TelegramError], words: str) -> None:
    with pytest.raises(kind, match=words):
        await call
