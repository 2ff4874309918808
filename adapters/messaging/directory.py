"""People and rooms of every connected messenger, for worker threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from adapters.messaging.messenger import Messenger
from bot.errors import DeliveryUncertain
from bot.messages import Account

T = TypeVar("T")
LOOK_UP_TIMEOUT_SECONDS = 20.0  # that a messenger gets to tell about a person or a room


class MessengerDirectory:
    """Knows no messenger until the service connects it. Of a channel without one, a terminal,
    nothing is known: its room is private, and the person there belongs to it."""

    def __init__(self, timeout_seconds: float = LOOK_UP_TIMEOUT_SECONDS) -> None:
        self._timeout = timeout_seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channels: Mapping[str, Messenger] = {}

    def connect(self, loop: asyncio.AbstractEventLoop, channels: Mapping[str, Messenger]) -> None:
        """From now on ask `channels`, by name, which live in `loop`."""
        self._loop, self._channels = loop, channels

    def find_person(self, channel: str, user: str) -> Account:
        """An account; without a name where its channel is no messenger. Raises NotDelivered."""
        return self._ask(channel, lambda one: one.find_person(user), Account(user))

    def is_public_room(self, channel: str, chat: str) -> bool:
        """Whether anybody may join or read a chat uninvited. Raises NotDelivered."""
        return self._ask(channel, lambda one: one.is_public_room(chat), False)

    def _ask(
        self, channel: str, call: Callable[[Messenger], Coroutine[Any, Any, T]], unknown: T
    ) -> T:
        messenger = self._channels.get(channel)
        if messenger is None or self._loop is None:
            return unknown
        try:
            future = asyncio.run_coroutine_threadsafe(call(messenger), self._loop)
            return future.result(self._timeout)
        except TimeoutError as error:
            raise DeliveryUncertain(f"{channel} did not answer in time") from error
