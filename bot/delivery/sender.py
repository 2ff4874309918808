"""Sending the outbox: in order within a lane, lanes concurrently, nothing dropped in silence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.cases.card import render_thread_title
from bot.context import WatchStep, watch_nothing
from bot.delivery.channel import Channel, PlatformMessage, SentMessage
from bot.delivery.void import drop_void, is_void
from bot.delivery.waiting import WaitingReporter, build_new_opening
from bot.errors import (
    BotError,
    ChatMoved,
    DeliveryRefused,
    DeliveryUncertain,
    DeliveryUnknown,
    MarkupRefused,
    PersonRefused,
    PlaceRefused,
    RateLimited,
    ThreadDeleted,
    ThreadRefused,
)
from bot.missions.missions import Missions
from bot.store import OutboxRow, Store
from bot.store.holds import HoldKind
from bot.store.outbox import OUTBOX_MAX_LOST
from bot.types import StaffThread

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_RETRY_WAIT_SECONDS = 60.0  # between two tries
MAX_LANES_IN_FLIGHT = 32  # messages on their way at once
OUTBOX_POLL_SECONDS = 0.3  # between two looks for what other processes decided
SEND_TIMEOUT_SECONDS = 90.0  # less than a sender's lease, so that no other sender has it too
OUTBOX_MAX_TRIES = 5  # of a message that ends in unknown errors, a platform.s or our own
SHUTDOWN_GRACE_SECONDS = 5.0  # that messages on their way get at the end


class Sender:
    """Sends the outbox through `channels`, by name. `owner` names this sender in leases; `admins`
    ("channel:user") are told of what waits where no desk can be."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        owner: str,
        missions: Missions,
        admins: Collection[str] = (),
        watch: WatchStep = watch_nothing,
    ) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._owner = owner
        self._missions = missions
        self._watch = watch
        self._reporter = WaitingReporter(store, missions, admins)

    async def send_due(self) -> int:
        """Send the next message of every lane that has one; returns how many were tried. Raises
        the database's errors."""
        rows = await self._claim(MAX_LANES_IN_FLIGHT)
        await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def run(self, wake: asyncio.Event) -> None:
        """Send until cancelled; a lane that waits for its platform holds up no other. `wake` is
        set when something was decided. Raises the database's errors."""
        in_flight: set[asyncio.Task[None]] = set()
        try:
            while True:
                wake.clear()
                for row in await self._claim(MAX_LANES_IN_FLIGHT - len(in_flight)):
                    task = asyncio.create_task(self._deliver(row))
                    in_flight.add(task)
                    task.add_done_callback(in_flight.discard)
                    task.add_done_callback(lambda _: wake.set())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(OUTBOX_POLL_SECONDS):
                        await wake.wait()
        finally:
            if in_flight:
                await asyncio.wait(in_flight, timeout=SHUTDOWN_GRACE_SECONDS)

    async def _claim(self, count: int) -> Sequence[OutboxRow]:
        if count <= 0:
            return ()
        names = list(self._channels)
        await asyncio.to_thread(self._report_waiting)
        return await asyncio.to_thread(
            self._store.outbox.claim, self._owner, self._now(), names, count
        )

    def _report_waiting(self) -> None:
        try:
            self._reporter.report(self._now())
        except BotError:  # a row that cannot be read must not stop what can be sent
            log.exception("nobody was told of what waits")

    async def _deliver(self, owed: OutboxRow) -> None:
        """Send one message and store the result."""
        try:
            if await self._retry_store(lambda: is_void(self._store, owed)):
                await self._retry_store(lambda: drop_void(self._store, owed, self._now()))
                return
            if owed.lost >= OUTBOX_MAX_LOST:
                lost = DeliveryRefused(f"{owed.lost} senders died or hung over it")
                await self._retry_store(self._plan_give_up(owed, lost))
                return
            write = await self._try_send(owed)
            await self._retry_store(write)
        except Exception:  # its lease ends, and it is tried again
            log.exception("%s of lane %s is left for later", owed.act, owed.address.lane)

    async def _try_send(self, owed: OutboxRow) -> Callable[[], None]:
        """Send a message; the write to the store that its result demands."""
        outbox = self._store.outbox
        try:
            with self._watch("send", owed.channel, owed.created_at):
                async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                    delivered = await self._dispatch(self._channels[owed.channel], owed)
        except RateLimited as wait:
            at = self._now() + timedelta(seconds=wait.seconds)
            return partial(outbox.hold_limited_chat, owed, at, self._now())
        except (DeliveryUncertain, TimeoutError) as error:
            log.warning("%s of lane %s: %s", owed.act, owed.address.channel, error)
            return partial(
                outbox.postpone, owed, self._next_try_at(owed), str(error), doubtful=True
            )
        except ThreadDeleted:
            return partial(self._reopen_thread, owed)
        except ChatMoved as moved:
            return partial(outbox.move_chat, owed, moved.chat, self._now())
        except PlaceRefused as error:
            return self._plan_hold(owed, error)
        except MarkupRefused as error:
            return (
                self._plan_give_up(owed, error)
                if owed.plain
                else partial(outbox.retry_as_plain, owed)
            )
        except DeliveryRefused as error:
            return self._plan_give_up(owed, error)
        except DeliveryUnknown as error:
            log.warning("%s of lane %s: unknown error %s", owed.act, owed.address.channel, error)
            return self._plan_next_try(owed, error, str(error), doubtful=owed.doubtful)
        except Exception as error:  # our own: it must neither block the lane nor stay unseen
            log.exception("%s of lane %s failed", owed.act, owed.address.lane)
            return self._plan_next_try(owed, error, type(error).__name__, doubtful=True)
        return partial(self._mark_sent, owed, delivered)

    def _mark_sent(self, owed: OutboxRow, sent: SentMessage) -> None:
        now = self._now()
        ended = self._store.outbox.mark_sent(owed, now, sent.message_id, sent.thread)
        self._reporter.report_end(ended, owed, now)

    def _plan_next_try(
        self, owed: OutboxRow, error: Exception, why: str, *, doubtful: bool
    ) -> Callable[[], None]:
        """A few more tries of an error that is not known, then give up."""
        if owed.refusals + 1 >= OUTBOX_MAX_TRIES:
            return self._plan_give_up(owed, error)
        retry = partial(self._store.outbox.postpone, owed, self._next_try_at(owed), why)
        return partial(retry, doubtful=doubtful, unknown=True)

    def _plan_give_up(self, owed: OutboxRow, error: Exception) -> Callable[[], None]:
        def write() -> None:
            notices = self._reporter.build_lost(owed, error)
            self._store.outbox.give_up(owed, str(error), notices, self._now())

        return write

    def _plan_hold(self, owed: OutboxRow, error: PlaceRefused) -> Callable[[], None]:
        """Keep it with all that is owed to the place. A refused edit holds no words."""
        lane = owed.lane if owed.is_edit or isinstance(error, ThreadRefused) else ""
        kind: HoldKind = "person" if isinstance(error, PersonRefused) else "room"
        hold = self._store.outbox.hold_place
        return partial(hold, owed, kind, str(error), self._now(), lane=lane)

    def _reopen_thread(self, owed: OutboxRow) -> None:
        limits = {name: channel.limits for name, channel in self._channels.items()}
        known = {name: limit for name, limit in limits.items() if limit}
        opening = build_new_opening(self._store, self._missions, owed, known)
        self._store.outbox.reopen_thread(owed, opening, self._now())

    async def _retry_store(self, work: Callable[[], T]) -> T:
        """Read or write the store and retry while the database fails: what went out must be
        recorded, or it would go out again."""
        end = time.monotonic() + SEND_TIMEOUT_SECONDS
        while True:
            try:
                return await asyncio.to_thread(work)
            except BotError:
                raise
            except Exception as error:  # the database's, of whichever kind it is
                if time.monotonic() > end:
                    raise
                log.warning("the outbox cannot be written: %s", type(error).__name__)
                await asyncio.sleep(OUTBOX_POLL_SECONDS)

    async def _dispatch(self, channel: Channel, owed: OutboxRow) -> SentMessage:
        parcel, staff = await self._retry_store(lambda: self._build_platform_message(owed))
        if owed.act == "recard":
            return await channel.edit_card(parcel)
        if owed.act in ("close", "reopen"):
            await channel.set_thread_state(parcel, is_open=owed.act == "reopen")
            return SentMessage(None)
        if owed.doubtful and (found := await channel.find_sent(parcel, owed.created_at)):
            return found
        if staff and staff.thread is None:
            name = await self._retry_store(lambda: self._render_title(staff))
            if thread := await channel.open_thread(parcel.address, name):
                await self._retry_store(lambda: self._store.outbox.record_thread(staff.id, thread))
                parcel = replace(parcel, thread=thread)
        return await channel.send(parcel)

    def _build_platform_message(
        self, owed: OutboxRow
    ) -> tuple[PlatformMessage, StaffThread | None]:
        address, staff = owed.address, None
        if address.staff_thread:
            staff = self._store.find_thread_by_id(address.staff_thread)
        thread = staff.thread if staff else address.thread
        card = staff.card if staff else None
        return PlatformMessage(owed.key, address, thread, owed.content, owed.plain, card), staff

    def _render_title(self, staff: StaffThread) -> str:
        return render_thread_title(self._store.get_case(staff.case))

    def _next_try_at(self, owed: OutboxRow) -> datetime:
        """Exponential, with jitter so that a thousand messages do not come back at once."""
        wait = min(MAX_RETRY_WAIT_SECONDS, 0.5 * 2.0 ** min(owed.attempts, 10))
        return self._now() + timedelta(seconds=wait * random.uniform(0.5, 1.0))  # noqa: S311
