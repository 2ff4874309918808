"""Reading missed messages back from the histories of the places where people talk to Naru.

Slack guarantees neither that an event comes nor in which order. A message of a history is received
as its event would have been; if the event came as well, its channel and time show that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME, CommitEvents
from adapters.slack.channel import SlackChannel
from adapters.slack.inbound import build_event, is_user_message
from bot.errors import DeliveryRefused, NotDelivered, PlaceRefused
from bot.messages import Address
from bot.store import InboxEvent, Store

log = logging.getLogger(__name__)

HISTORY_OVERLAP = timedelta(minutes=2)  # clocks differ, and events may be on their way
BACKFILL_INTERVAL_SECONDS = 600.0  # between two looks
BACKFILL_RETRY_SECONDS = 20.0  # after a look that failed
SOCKET_CHECK_SECONDS = 1.0  # between two looks at whether the socket was replaced
RECENT_CONTACT_WINDOW = timedelta(days=30)  # only places used within it are read

ReadSessionId = Callable[[], Awaitable[str]]


class SlackBackfill:
    """Receives what Slack did not send. Everything up to `_complete_until` is known to have been
    received. `retry_seconds` pass after a look that failed, `interval_seconds` after a good one.
    """

    def __init__(
        self,
        slack: SlackChannel,
        store: Store,
        commit: CommitEvents,
        now: Callable[[], datetime],
        *,
        settle_time: timedelta = MESSAGE_SETTLE_TIME,
        retry_seconds: float = BACKFILL_RETRY_SECONDS,
        interval_seconds: float = BACKFILL_INTERVAL_SECONDS,
    ) -> None:
        self._slack = slack
        self._store = store
        self._commit = commit
        self._now = now
        self._settle_time = settle_time
        self._retry_seconds = retry_seconds
        self._interval_seconds = interval_seconds
        self._complete_until: datetime | None = None

    async def backfill_open_cases(self) -> str:
        """Receive what was said in open cases while Naru was down, before anything new, so that
        the order stays right. Returns how many places were read, for the log."""
        newest = await asyncio.to_thread(self._store.inbox.find_newest, self._slack.name)
        self._complete_until = newest or self._now()
        places = await self._find_places(None)
        await self._backfill_places(places)
        return f"{len(places)} read"

    async def run_forever(self, read_session_id: ReadSessionId) -> None:
        """Read all recent places, until cancelled: after each reconnection, which shows in the
        session id, and at every interval."""
        while True:
            begun, pause = self._now(), self._retry_seconds
            if await self._backfill_places(await self._find_places(begun - RECENT_CONTACT_WINDOW)):
                self._complete_until, pause = begun, self._interval_seconds
            await _wait_for_new_socket(read_session_id, pause)

    async def _find_places(self, since: datetime | None) -> list[Address]:
        return await asyncio.to_thread(self._store.list_active_addresses, self._slack.name, since)

    async def _backfill_places(self, places: Sequence[Address]) -> bool:
        """Receive what was missed; false if a place has to be read once more."""
        since = (self._complete_until or self._now()) - HISTORY_OVERLAP
        complete = True
        for place in places:
            try:
                messages = await self._slack.fetch_history(place, since)
            except (
                DeliveryRefused,
                PlaceRefused,
            ) as error:  # no longer a member, or not allowed to read there
                log.info("the history of %s cannot be read: %s", place.chat, error)
            except NotDelivered as error:
                log.warning("the history of %s is read later: %s", place.chat, error)
                complete = False
            else:
                events = [
                    self._build_history_event(message, place)
                    for message in messages
                    if is_user_message(message)
                ]
                if new := await self._commit(events):
                    log.info("%s messages of %s had not been told", new, place.chat)
        return complete

    def _build_history_event(self, message: dict[str, Any], place: Address) -> InboxEvent:
        """A message of a history as the event that should have come."""
        ts = message["ts"]
        inner = {**message, "type": "message", "channel": place.chat, "event_ts": ts}
        own = [{"user_id": self._slack.user}]
        return build_event(
            {
                "type": "event_callback",
                "event_id": f"history:{self._slack.user}:{place.chat}:{ts}",
                "event": inner,
                "authorizations": own,
            },
            self._settle_time,
        )


async def _wait_for_new_socket(read_session_id: ReadSessionId, pause: float) -> None:
    """Until the socket is another one, at most `pause` seconds."""
    session = await read_session_id()
    for _ in range(int(pause / SOCKET_CHECK_SECONDS)):
        await asyncio.sleep(SOCKET_CHECK_SECONDS)
        if await read_session_id() != session:
            return
