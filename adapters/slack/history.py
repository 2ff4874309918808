"""Receiving what Slack did not send: missed messages are read from the histories of all conversations.

Slack guarantees neither that an event comes nor in which order. A message of a history is received
as its event would have been; if the event came as well, its channel and time show that. See
docs/decisions/0061-store-what-slack-only-refers-to.md
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME, CommitEvents
from adapters.slack.channel import SlackChannel
from adapters.slack.event_keys import RawPayload, find_channel, make_natural_key
from adapters.slack.inbound import build_event, is_user_message
from bot.errors import DeliveryRefused, NotDelivered, PlaceRefused, RateLimited
from bot.messages import Address
from bot.store import InboxEvent, Store

log = logging.getLogger(__name__)

HISTORY_OVERLAP = timedelta(minutes=2)  # clocks differ, and events may be on their way
HISTORY_LIMIT = timedelta(days=30)  # what was missed longer ago is not read
UNKNOWN_CONTACT = timedelta(days=1)  # is read where a wrong clock timed the last contact
THREAD_LOOK_BACK = timedelta(days=7)  # threads that began within it are read for late replies
BACKFILL_INTERVAL_SECONDS = 600.0  # between two looks
BACKFILL_RETRY_SECONDS = 20.0  # after a look that failed
CATCH_UP_PAUSES_SECONDS = (0.1, 0.2, 0.4, 0.8)  # after each try, while an event waits
SOCKET_CHECK_SECONDS = 1.0  # between two looks at whether the socket was replaced
FULL_LOOK_INTERVAL = timedelta(hours=1)  # between two looks at everything, without a reconnection
RECENT_CONTACT_WINDOW = timedelta(days=30)  # only places used within it are read in between
LOOK_UP_TIMEOUT_SECONDS = 10.0  # for the names in one message of a history
RATE_LIMIT_TRIES = 5  # of one place, each after the time that Slack asks to wait
HISTORY_CHANNEL = "slack-history"  # of inbox rows that only say when everything had been read

ReadSessionId = Callable[[], Awaitable[str]]


class SlackBackfill:
    """Receives what Slack did not send. Everything up to `_complete_until` is known to have been
    received in every conversation, up to `_recent_until` in those used lately; `_unread` are places
    that could not be read, with the time from which on. In the places of open cases everything up to
    `_cases_until` was received; the `_suspects` among them may lack something that came later (None:
    all may). `retry_seconds` pass after a look that failed, `interval_seconds` after a good one. `now`
    is Slack's clock.
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
        self._recent_until: datetime | None = None
        self._cases_until: datetime | None = None
        self._suspects: set[Address] | None = None
        self._is_contact_known = asyncio.Event()
        self._listing_suspects = asyncio.Lock()
        self._marked: datetime | None = None
        self._is_full_look_owed = True
        self._unread: dict[Address, datetime] = {}

    async def backfill_open_cases(self) -> str:
        """Receive what was said in open cases while Naru was down, before anything new, so that
        the order stays right. Returns how many places were read, for the log."""
        begun, contact = self._now(), await self._find_last_contact()
        self._complete_until = self._recent_until = self._cases_until = contact
        self._is_contact_known.set()
        places = await self._list_known_places(None)
        since = contact - HISTORY_OVERLAP
        read = [await self._backfill_place(place, since, threads=False) for place in places]
        self._cases_until = begun if all(read) else contact
        return f"{len(places)} read"

    def suspect_gap(self) -> None:
        """From here on something may be missing anywhere: a socket was opened, or an event was not kept.
        Slack sends what it could not hand over again, but after what was said later."""
        self._suspects = None

    async def catch_up(self, payload: RawPayload) -> None:
        """Before the first event of an open case's place since a start or a gap: receive what was said
        there before it, so that the order stays right. Raises the database's errors."""
        inner = payload.get("event")
        if not isinstance(inner, Mapping):
            return
        await self._is_contact_known.wait()
        thread = inner.get("thread_ts")
        place = Address(self._slack.name, find_channel(payload), str(thread) if thread else None)
        suspects = await self._list_suspects()
        if place not in suspects:
            return
        suspects.remove(place)  # what cannot be read now is left to the next look
        since = (self._cases_until or self._now()) - HISTORY_OVERLAP
        said_at = _read_ts(inner.get("event_ts"))
        for pause in CATCH_UP_PAUSES_SECONDS:
            if await self._backfill_place(place, since, threads=False, until=said_at):
                return
            await asyncio.sleep(pause)

    async def _list_suspects(self) -> set[Address]:
        async with self._listing_suspects:
            if self._suspects is None:
                self._suspects = set(await self._list_known_places(None))
            return self._suspects

    async def run_forever(self, read_session_id: ReadSessionId) -> None:
        """Read every conversation, until cancelled: at first, after each reconnection, which shows in
        the session id, and every hour; those used lately at every interval."""
        session = None
        while True:
            before, session = session, await read_session_id()
            self._is_full_look_owed |= session != before or self._is_full_look_due()
            complete = await self.look()
            pause = self._interval_seconds if complete else self._retry_seconds
            await _wait_for_new_socket(read_session_id, session, pause)

    async def _find_last_contact(self) -> datetime:
        """Up to when nothing can have been missed: the last time when everything had been read. Rows
        that came later do not say that what came before them is there."""
        now = self._now()
        for channel in (HISTORY_CHANNEL, self._slack.name):
            newest = await asyncio.to_thread(self._store.inbox.find_newest, channel)
            if newest and newest > now + HISTORY_OVERLAP:
                return now - UNKNOWN_CONTACT
            if newest:
                return max(newest, now - HISTORY_LIMIT)
        begun = now  # the first start of all
        await self._mark_complete(begun)
        return begun

    def _is_full_look_due(self) -> bool:
        return self._now() - (self._complete_until or self._now()) >= FULL_LOOK_INTERVAL

    async def look(self) -> bool:
        """Read everything if that is owed, else what was used lately, or again what could not be read
        before; false if something has still to be read."""
        begun = self._now()
        try:
            due = await self._list_due_places(begun)
        except NotDelivered as error:
            log.warning("Slack's conversations are listed later: %s", error)
            return False
        threads, again = self._is_full_look_owed, frozenset(self._unread)
        self._is_full_look_owed, self._unread = False, {}
        if threads:
            self._complete_until = begun
        for place, since in due.items():
            if not await self._backfill_place(place, since, threads=threads or place in again):
                self._unread[place] = since
        if not self._unread:
            self._cases_until = self._recent_until
            if self._complete_until != self._marked:
                await self._mark_complete(self._complete_until or begun)
        return not self._unread

    async def _mark_complete(self, moment: datetime) -> None:
        """Store that up to `moment` nothing was missed, for the next start."""
        await asyncio.to_thread(self._write_mark, moment)
        self._marked = moment

    def _write_mark(self, moment: datetime) -> None:
        """A row that is done at once, so that it does not look like a message that waits."""
        inbox = self._store.inbox
        inbox.receive(
            [InboxEvent(HISTORY_CHANNEL, moment.isoformat(), HISTORY_CHANNEL, "{}")], moment
        )
        for row in inbox.claim(HISTORY_CHANNEL, moment, [HISTORY_CHANNEL]):
            inbox.ignore(row, HISTORY_CHANNEL, "only a mark", moment)

    async def _list_due_places(self, now: datetime) -> dict[Address, datetime]:
        """The places to read and from when on, open cases first. Raises NotDelivered."""
        if not self._is_full_look_owed and self._unread:
            return self._unread
        places = await self._list_known_places(now - RECENT_CONTACT_WINDOW)
        until = self._recent_until
        if self._is_full_look_owed:
            chats = await self._slack.histories.list_conversations()
            places += [Address(self._slack.name, chat) for chat in chats]
            until = self._complete_until
        self._recent_until = now
        return dict.fromkeys(places, (until or now) - HISTORY_OVERLAP) | self._unread

    async def _list_known_places(self, since: datetime | None) -> list[Address]:
        return await asyncio.to_thread(self._store.list_active_addresses, self._slack.name, since)

    async def _backfill_place(
        self, place: Address, since: datetime, *, threads: bool, until: float = math.inf
    ) -> bool:
        """Receive what was missed in a place, before the ts `until`; false if it has to be read once more."""
        for _ in range(RATE_LIMIT_TRIES):
            try:
                missed = await self._find_missed(place, since, threads=threads)
            except RateLimited as error:
                await asyncio.sleep(error.seconds)
            except (
                DeliveryRefused,
                PlaceRefused,
            ) as error:  # no member there, or not allowed to read
                log.info("the history of %s cannot be read: %s", place.chat, error)
                return True
            except NotDelivered as error:
                log.warning("the history of %s is read later: %s", place.chat, error)
                return False
            else:
                before = [one for one in missed if _read_ts(one.get("ts")) < until]
                if new := await self._commit(await self._build_unknown_events(before, place)):
                    log.info("%s messages of %s had not been told", new, place.chat)
                return True
        return False

    async def _find_missed(
        self, place: Address, since: datetime, *, threads: bool
    ) -> list[dict[str, Any]]:
        """People's messages since `since` that concern Naru: all in a direct message or a known thread;
        elsewhere those that name Naru, and replies in its threads. Raises NotDelivered."""
        told = await self._slack.histories.fetch_messages(place, since)
        found = [one for one in told if self._concerns_naru(one, place)]
        if threads and not place.thread:
            look_back = since - THREAD_LOOK_BACK
            told += await self._slack.histories.fetch_last_before(place.chat, since, look_back)
            for parent in told:
                found += await self._find_late_replies(parent, place, since)
        found = [one for one in found if _read_ts(one.get("ts")) > since.timestamp()]
        return sorted(found, key=lambda one: str(one.get("ts")))

    async def _find_late_replies(
        self, parent: dict[str, Any], place: Address, since: datetime
    ) -> list[dict[str, Any]]:
        """The replies since `since` to a message in whose thread they are for Naru."""
        begun_with_naru = parent.get("user") == self._slack.user or self._concerns_naru(
            parent, place
        )
        if not begun_with_naru or _read_ts(parent.get("latest_reply")) <= since.timestamp():
            return []
        thread = Address(place.channel, place.chat, str(parent["ts"]))
        replies = await self._slack.histories.fetch_messages(thread, since)
        return [one for one in replies if is_user_message(one) and one.get("ts") != parent["ts"]]

    def _concerns_naru(self, message: dict[str, Any], place: Address) -> bool:
        ours = bool(place.thread) or place.chat.startswith("D")
        return is_user_message(message) and (
            ours or f"<@{self._slack.user}" in str(message.get("text"))
        )

    async def _build_unknown_events(
        self, messages: list[dict[str, Any]], place: Address
    ) -> list[InboxEvent]:
        """The messages of a history that have not come, as the events that should have."""
        payloads = [self._build_payload(message, place) for message in messages]
        keys = [make_natural_key(one["event"], self._slack.user) or "" for one in payloads]
        known = await asyncio.to_thread(self._store.inbox.list_known, self._slack.name, keys)
        missed = [one for one, key in zip(payloads, keys, strict=True) if key not in known]
        complete = self._slack.look_ups.complete_payload
        found = [await complete(payload, LOOK_UP_TIMEOUT_SECONDS) for payload in missed]
        return [build_event(payload, self._settle_time) for payload in found]

    def _build_payload(self, message: dict[str, Any], place: Address) -> dict[str, Any]:
        ts = message["ts"]
        return {
            "type": "event_callback",
            "event_id": f"history:{self._slack.user}:{place.chat}:{ts}",
            "event": {**message, "type": "message", "channel": place.chat, "event_ts": ts},
            "authorizations": [{"user_id": self._slack.user}],
        }


def _read_ts(value: Any) -> float:
    """Seconds of a message's time; 0 for none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


async def _wait_for_new_socket(read_session_id: ReadSessionId, session: str, pause: float) -> None:
    """Until the socket is not that of `session`, at most `pause` seconds."""
    for _ in range(int(pause / SOCKET_CHECK_SECONDS)):
        await asyncio.sleep(SOCKET_CHECK_SECONDS)
        if await read_session_id() != session:
            return
