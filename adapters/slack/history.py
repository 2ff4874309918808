"""What Slack did not tell: read back from the histories of the places where people talk to Naru.

Slack promises neither that an event comes nor in which order. Whatever was missed is kept as if
it had been told; what was told as well is known by its channel and time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.channel import Slack
from adapters.slack.inbound import event, is_said
from bot.errors import NotDelivered, Refused
from bot.store import Event, Store
from bot.types import Address

log = logging.getLogger(__name__)

MARGIN = timedelta(minutes=2)  # clocks differ, and what is under way is not yet told
EVERY = 600.0  # seconds between two looks
SOON = 20.0  # seconds after a look that failed
LOOK_AGAIN = 1.0  # seconds between two looks at whether the socket is another one
TOUCHED = timedelta(days=30)  # whoever was in touch since is looked after

Keep = Callable[[Sequence[Event]], Awaitable[int]]


class Gaps:
    """Keeps one Slack whole. Everything up to `whole_until` is known to have been received."""

    def __init__(self, slack: Slack, store: Store, keep: Keep, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._store = store
        self._keep = keep
        self._now = now
        self._whole_until: datetime | None = None

    async def first(self) -> str:
        """Before anything new is heard: what was said in open cases while nobody listened, so
        that it stands before what is said from now on."""
        newest = await asyncio.to_thread(self._store.inbox.newest, self._slack.name)
        self._whole_until = newest or self._now()
        places = await self._places(None)
        await self._read(places)
        return f"{len(places)} read"

    async def watch(self) -> None:
        """For ever: after each reconnection, and every ten minutes."""
        while True:
            begun, pause = self._now(), SOON
            if await self._read(await self._places(begun - TOUCHED)):
                self._whole_until, pause = begun, EVERY
            await self._until_another_socket(pause)

    async def _until_another_socket(self, pause: float) -> None:
        """Or until the pause is over."""
        session = await self._slack.session()
        for _ in range(int(pause / LOOK_AGAIN)):
            await asyncio.sleep(LOOK_AGAIN)
            if await self._slack.session() != session:
                return

    async def _places(self, since: datetime | None) -> list[Address]:
        return await asyncio.to_thread(self._store.places, self._slack.name, since)

    async def _read(self, places: Sequence[Address]) -> bool:
        """Keep what was missed; false when a place has to be read once more."""
        since = (self._whole_until or self._now()) - MARGIN
        whole = True
        for place in places:
            try:
                missed = await self._slack.history(place, since)
            except Refused as error:  # no longer a member, or not allowed to read there
                log.info("the history of %s cannot be read: %s", place.chat, error)
            except NotDelivered as error:
                log.warning("the history of %s is read later: %s", place.chat, error)
                whole = False
            else:
                told = [self._told(one, place) for one in missed if is_said(one)]
                if kept := await self._keep(told):
                    log.info("%s messages of %s had not been told", kept, place.chat)
        return whole

    def _told(self, message: dict[str, Any], place: Address) -> Event:
        """A message of a history as the event that should have told it."""
        ts = message["ts"]
        inner = {**message, "type": "message", "channel": place.chat, "event_ts": ts}
        own = [{"user_id": self._slack.user}]
        return event(
            {
                "type": "event_callback",
                "event_id": f"history:{place.chat}:{ts}",
                "event": inner,
                "authorizations": own,
            }
        )
