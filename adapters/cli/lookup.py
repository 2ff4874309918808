"""Asking a messenger one thing from the command line, which is connected to none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.messenger import Messenger

T = TypeVar("T")


def ask_messenger(
    app: App, channel: str, call: Callable[[Messenger], Coroutine[Any, Any, T]], unknown: T
) -> T:
    """What `call` gets to know of a messenger; `unknown` where its token is not set. Raises
    NotDelivered if the messenger cannot be asked."""
    from adapters.bootstrap import refuse_file
    from adapters.serve.messengers import open_channel
    from bot.types import File

    async def refuse(file: File) -> bytes:
        return refuse_file(file)

    async def ask(messenger: Messenger) -> T:
        await messenger.start()
        try:
            return await call(messenger)
        finally:
            await messenger.stop()

    found = open_channel(app.settings, channel, refuse)
    return unknown if found is None else asyncio.run(ask(found))
