"""Sends what a person did as an event, and waits a moment for what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.messaging.messenger import CommitEvents
from bot.admin.console.events import ConsoleAct, build_event
from bot.store import InboxEvent
from bot.types import ConsoleNotice

if TYPE_CHECKING:
    from adapters.bootstrap import App

WAIT_SECONDS = 3.0  # for a worker; what takes longer is told by a notice on the next page
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ActSender:
    """Commits acts to the inbox like every other event."""

    app: App
    commit: CommitEvents
    wait_seconds: float = WAIT_SECONDS

    async def send(self, act: ConsoleAct) -> ConsoleNotice | None:
        """What became of an act; None if no worker got to it in time. It is stored by then, and is
        worked whatever happens."""
        return await self.send_event(build_event(act))

    async def send_event(self, event: InboxEvent) -> ConsoleNotice | None:
        """What became of an event of the console, whose key its notice has; None like `send`."""
        await self.commit([event])
        loop = asyncio.get_running_loop()
        end = loop.time() + self.wait_seconds
        while True:
            found = await asyncio.to_thread(self.app.store.console.notices.find, event.key)
            if found is not None or loop.time() >= end:
                return found
            await asyncio.sleep(LOOK_SECONDS)
