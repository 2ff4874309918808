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

from adapters.slack.channel import SlackChannel
from adapters.slack.inbound import build_event, is_user_message
from bot.errors import DeliveryRefused, NotDelivered
from bot.store import InboxEvent, Store
from bot.types import Address

log = logging.getLogger(__name__)

HISTORY_OVERLAP = timedelta(minutes=2)  # clocks differ, and what is under way is not yet told
BACKFILL_INTERVAL_SECONDS = 600.0  # seconds between two looks
BACKFILL_RETRY_SECONDS = 20.0  # seconds after a look that failed
SOCKET_CHECK_SECONDS = 1.0  # seconds between two looks at whether the socket is another one
RECENT_CONTACT_WINDOW = timedelta(days=30)  # whoever was in touch since is looked after

CommitEvents = Callable[[Sequence[InboxEvent]], Awaitable[int]]


class SlackBackfill:
    """Keeps one Slack whole. Everything up to `whole_until` is known to have been received."""

    def __init__(
        self, slack: SlackChannel, store: Store, keep: CommitEvents, now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._store = store
        self._keep = keep
        self._now = now
        self._whole_until: datetime | None = None

    async def backfill_open_cases(self) -> str:
        """Before anything new is heard: what was said in open cases while nobody listened, so
        that it stands before what is said from now on."""
        newest = await asyncio.to_thread(self._store.inbox.find_newest, self._slack.name)
        self._whole_until = newest or self._now()
        places = await self._find_places(None)
        await self._backfill_places(places)
        return f"{len(places)} read"

    async def run_forever(self) -> None:
        """For ever: after each reconnection, and every ten minutes."""
        while True:
            begun, pause = self._now(), BACKFILL_RETRY_SECONDS
            if await self._backfill_places(await self._find_places(begun - RECENT_CONTACT_WINDOW)):
                self._whole_until, pause = begun, BACKFILL_INTERVAL_SECONDS
            await self._wait_for_new_socket(pause)

    async def _wait_for_new_socket(self, pause: float) -> None:
        """Or until the pause is over."""
        session = await self._slack.read_session_id()
        for _ in range(int(pause / SOCKET_CHECK_SECONDS)):
            await asyncio.sleep(SOCKET_CHECK_SECONDS)
            if await self._slack.read_session_id() != session:
                return

    async def _find_places(self, since: datetime | None) -> list[Address]:
        return await asyncio.to_thread(self._store.list_active_addresses, self._slack.name, since)

    async def _backfill_places(self, places: Sequence[Address]) -> bool:
        """Keep what was missed; false when a place has to be read once more."""
        since = (self._whole_until or self._now()) - HISTORY_OVERLAP
        whole = True
        for place in places:
            try:
                missed = await self._slack.fetch_history(place, since)
            except DeliveryRefused as error:  # no longer a member, or not allowed to read there
                log.info("the history of %s cannot be read: %s", place.chat, error)
            except NotDelivered as error:
                log.warning("the history of %s is read later: %s", place.chat, error)
                whole = False
            else:
                told = [
                    self._build_history_event(one, place) for one in missed if is_user_message(one)
                ]
                if kept := await self._keep(told):
                    log.info("%s messages of %s had not been told", kept, place.chat)
        return whole

    def _build_history_event(self, message: dict[str, Any], place: Address) -> InboxEvent:
        """A message of a history as the event that should have told it."""
        ts = message["ts"]
        inner = {**message, "type": "message", "channel": place.chat, "event_ts": ts}
        own = [{"user_id": self._slack.user}]
        return build_event(
            {
                "type": "event_callback",
                "event_id": f"history:{place.chat}:{ts}",
                "event": inner,
                "authorizations": own,
            }
        )
