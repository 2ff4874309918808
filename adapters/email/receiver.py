"""The mails of an inbox: stored before they are marked as taken."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.email.channel import EmailChannel
from adapters.email.choices import MAX_CHOICE_CHARACTERS, find_pressed, list_choices
from adapters.email.inbound import CHANNEL, build_event, find_place, read_words
from adapters.email.mailbox import Mailbox
from adapters.email.message_ids import CASE_PREFIX, MailPlace, digest_key, find_own_id
from adapters.email.reading.mail import MailRecord, describe_mail, describe_unreadable
from adapters.messaging.messenger import (
    CommitEvents,
    ReceiverState,
    RequestHandler,
    RunWhileLeading,
    run_always,
)
from adapters.messaging.supervision import CHANNEL_RETRY_SECONDS, retry_start, run_forever
from bot.errors import NotDelivered, UnreadableRecord
from bot.messages import Address, Button
from bot.store import OutboxRow

log = logging.getLogger(__name__)

IDLE_STEP_SECONDS = 1.0  # so that a thread that waits for the server soon sees that Naru ends
# Older mails are left alone: a mailbox that was used before is not answered, and no mail is looked
# at for longer than its digest tells a repeat (NARU_KEEP_EVENT_KEYS_DAYS).
MAIL_AGE_LIMIT = timedelta(days=14)
# Of one sender; further mails stay in the inbox until the hour is over. Two machines that answer
# each other without saying that they are machines get no further than this.
MAILS_PER_HOUR = 30
MAX_FETCHES = 3  # of one mail, while the connection breaks over it
CHOICE_MAILS = 30  # the latest of a thread, in which a chosen number is looked up

ListLatest = Callable[[Sequence[str], int], list[OutboxRow]]


class EmailReceiver:
    """Receives for one mail account: the server tells of new mail (IDLE) where it can, and at the
    latest after `poll_seconds` it is asked. `list_latest` gives the latest mails of lanes. The
    inbox is read by `lead`."""

    def __init__(
        self,
        channel: EmailChannel,
        commit: CommitEvents,
        list_latest: ListLatest,
        now: Callable[[], datetime],
        *,
        poll_seconds: float,
        retry_seconds: float = CHANNEL_RETRY_SECONDS,
        lead: RunWhileLeading = run_always,
    ) -> None:
        self._channel = channel
        self._commit = commit
        self._list_latest = list_latest
        self._now = now
        self._poll_seconds = poll_seconds
        self._retry_seconds = retry_seconds
        self._lead = lead
        self._state: ReceiverState = "starting"
        self._last_poll: datetime | None = None
        self._mailbox: Mailbox | None = None
        self._fetches: Counter[int] = Counter()  # of mails that were not fetched yet
        self._rate = SenderRate(MAILS_PER_HOUR, timedelta(hours=1))

    async def run(self) -> None:
        """Log in, then receive until cancelled. Returns if a server refuses the password."""
        started = await retry_start("E-mail", self._channel.start, self._retry_seconds)
        self._state = "on" if started else "off"
        if started:
            await run_forever("E-mail's inbox", lambda: self._lead(self._receive_mails))

    async def stop(self) -> None:
        """Close the connection."""
        if self._mailbox is not None:
            self._mailbox.close()

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """None: mails are fetched."""
        return {}

    async def collect_health(self, now: datetime) -> dict[str, object]:
        """Its state, and the seconds since the last look that succeeded; None before the first."""
        age = round((now - self._last_poll).total_seconds(), 1) if self._last_poll else None
        return {"email": self._state, "email_last_poll_seconds": age}

    async def _receive_mails(self) -> None:
        """Receive over one connection until it breaks, then wait before the next."""
        self._mailbox = mailbox = Mailbox(self._channel.account)
        try:
            await asyncio.to_thread(mailbox.connect)
            while True:
                await self._take_new(mailbox)
                self._last_poll = self._now()
                await self._wait_for_mail(mailbox)
        except NotDelivered as error:
            log.warning("the inbox cannot be read: %s", error)
            await asyncio.sleep(self._retry_seconds)
        finally:
            mailbox.close()

    async def _take_new(self, mailbox: Mailbox) -> None:
        """Store what is new, mail by mail, and only then mark it. Raises the database's errors:
        what is not stored stays new."""
        since = (self._now() - MAIL_AGE_LIMIT).date()
        for uid in await asyncio.to_thread(mailbox.list_new, since):
            record = await self._fetch_record(mailbox, uid)
            if record is None:
                continue
            is_person = not record["automatic"] and "text" in record
            if is_person and not self._rate.allows(record["from"], self._now()):
                log.warning("a sender writes too often: mails wait in the inbox")
                continue
            pressed = await self._find_pressed(record) if is_person else ""
            await self._commit([build_event(record, pressed)])
            if is_person:
                self._rate.note(record["from"], self._now())
                self._channel.note_mail(record)
            await asyncio.to_thread(mailbox.mark_taken, uid)

    async def _fetch_record(self, mailbox: Mailbox, uid: int) -> MailRecord | None:
        """What is stored of a mail; None if it is gone, or if the connection broke over it
        MAX_FETCHES times: the mails behind it go on."""
        self._fetches[uid] += 1
        if self._fetches[uid] > MAX_FETCHES:
            if self._fetches[uid] == MAX_FETCHES + 1:
                log.error("mail %s of the inbox cannot be fetched and is left there", uid)
            return None
        found = await asyncio.to_thread(mailbox.fetch, uid)
        del self._fetches[uid]
        if found is None:
            return None
        try:
            return await asyncio.to_thread(describe_mail, found[0], self._channel.account, found[1])
        except Exception:  # of the mail's own making: it is reported when its turn comes
            log.exception("mail %s of the inbox cannot be read", uid)
            return describe_unreadable(found[0], self._channel.account)

    async def _find_pressed(self, record: MailRecord) -> str:
        """The key of the button that an answer chooses, of the mail that it answers, else of the
        latest one with buttons in that thread; "" if it chooses none."""
        own = find_own_id(record["references"], record["own_domain"])
        if own is None or record["files"]:
            return ""
        words = read_words(record)
        if not words or len(words) > MAX_CHOICE_CHARACTERS:
            return ""
        lanes = _name_lanes(find_place(record), record["from"])
        try:
            rows = await asyncio.to_thread(self._list_latest, lanes, CHOICE_MAILS)
        except UnreadableRecord:
            return ""
        return find_pressed(words, _choose_buttons(rows, own[1]))

    async def _wait_for_mail(self, mailbox: Mailbox) -> None:
        """Until the server tells something, or for as long as it may stay unasked."""
        if not await asyncio.to_thread(mailbox.begin_idle):
            await asyncio.sleep(self._poll_seconds)
            return
        end = asyncio.get_running_loop().time() + self._poll_seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            if await asyncio.to_thread(mailbox.check_idle, min(IDLE_STEP_SECONDS, left)):
                break
        await asyncio.to_thread(mailbox.end_idle)


class SenderRate:
    """How often one sender may be heard: `limit` times within `period`."""

    def __init__(self, limit: int, period: timedelta) -> None:
        self._limit = limit
        self._period = period
        self._heard: dict[str, deque[datetime]] = {}

    def allows(self, sender: str, now: datetime) -> bool:
        """Whether a further mail of `sender` may be heard now."""
        for one, times in list(self._heard.items()):
            while times and now - times[0] >= self._period:
                times.popleft()
            if not times:
                del self._heard[one]
        return len(self._heard.get(sender, ())) < self._limit

    def note(self, sender: str, now: datetime) -> None:
        """Count a mail that was stored."""
        self._heard.setdefault(sender, deque()).append(now)


def _name_lanes(place: MailPlace, sender: str) -> list[str]:
    """The lanes of Naru's mails in a thread: of a case's its own, and that of what concerns the
    room."""
    here = Address(CHANNEL, place.room or sender, place.thread)
    if not place.room:
        return [here.lane]
    case = replace(here, staff_thread=place.thread.removeprefix(CASE_PREFIX))
    return [case.lane, here.lane]


def _choose_buttons(rows: list[OutboxRow], digest: str) -> list[Button]:
    """The buttons of the mail that `digest` names, else of the newest one that has any."""
    named = [row for row in rows if digest_key(row.key) == digest]
    found = (list_choices(row.content) for row in [*named, *rows])
    return next((buttons for buttons in found if buttons), [])
