"""Sending what we owe: in order within a lane, lanes side by side, nothing dropped in silence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.cases import title
from bot.desk import notice
from bot.errors import Moved, Refused, ThreadGone, TryAgain, TryLater, Unformatted
from bot.store import Owed, Store
from bot.types import Address, Body, Outgoing, StaffThread

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0  # seconds between two tries
LANES = 32  # messages on their way at once
LOOK_AGAIN = 0.3  # seconds between two looks, for what other processes decided
LAST_SENDS = 5.0  # seconds that what is on its way gets at the end


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way out. `thread` is where on the platform; `card` the id of the card
    to edit; `plain` asks for no markup; `key` marks it, where the platform can keep a mark."""

    key: str
    address: Address
    thread: str | None
    body: Body
    plain: bool = False
    card: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """It is out: the platform's id of it, and of the thread it began, if it did."""

    message_id: str | None
    thread: str | None = None


class Channel(Protocol):
    """A messenger. Raises what NotDelivered has below it, and nothing else."""

    name: str

    async def send(self, parcel: Parcel) -> Delivered:
        """Say it. A parcel to a staff thread that has none begins one."""
        ...

    async def edit_card(self, parcel: Parcel) -> Delivered:
        """Show a case's card in its new state."""
        ...

    async def open_thread(self, address: Address, name: str) -> str | None:
        """Make a thread before anything is said; None where the first message makes it."""
        ...

    async def set_thread(self, parcel: Parcel, *, is_open: bool) -> None:
        """Close or reopen a thread, where the platform knows that."""
        ...

    async def find(self, parcel: Parcel, since: datetime) -> Delivered | None:
        """The message if it went out already; None where it did not or nobody can tell."""
        ...


class Sender:
    """Sends the outbox through the channels of this process."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], now: Callable[[], datetime], owner: str
    ) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._owner = owner

    async def once(self) -> int:
        """Send the next message of every lane that has one; returns how many were tried."""
        owed = await self._claim(LANES)
        await asyncio.gather(*(self._deliver(one) for one in owed))
        return len(owed)

    async def run(self, wake: asyncio.Event) -> None:
        """Send for ever; a lane that waits for its platform holds up no other."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                wake.clear()
                for one in await self._claim(LANES - len(under_way)):
                    task = asyncio.create_task(self._deliver(one))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: wake.set())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), LOOK_AGAIN)
        finally:
            if under_way:
                await asyncio.wait(under_way, timeout=LAST_SENDS)

    async def _claim(self, count: int) -> Sequence[Owed]:
        if count <= 0:
            return ()
        names = list(self._channels)
        return await asyncio.to_thread(
            self._store.outbox.claim, self._owner, self._now(), names, count
        )

    async def _deliver(self, owed: Owed) -> None:
        outbox = self._store.outbox
        channel = self._channels[owed.channel]
        try:
            if await asyncio.to_thread(self._void, owed):
                await asyncio.to_thread(outbox.drop, owed, "a person has taken the case")
                return
            delivered = await self._act(channel, owed)
            await asyncio.to_thread(
                outbox.sent, owed, self._now(), delivered.message_id, delivered.thread
            )
        except TryLater as wait:
            at = self._now() + timedelta(seconds=wait.seconds)
            await asyncio.to_thread(outbox.later, owed, at, str(wait), doubtful=False)
        except TryAgain as error:
            log.warning("%s of lane %s: %s", owed.act, owed.address.channel, error)
            await asyncio.to_thread(
                outbox.later, owed, self._retry_at(owed), str(error), doubtful=True
            )
        except ThreadGone:
            assert owed.address.staff_thread
            await asyncio.to_thread(outbox.thread_gone, owed)
        except Moved as moved:
            await asyncio.to_thread(outbox.chat_moved, owed, moved.chat)
        except Unformatted:
            await asyncio.to_thread(outbox.as_plain, owed)
        except Refused as error:
            await asyncio.to_thread(
                outbox.give_up, owed, str(error), self._notices(owed, error), self._now()
            )

    async def _act(self, channel: Channel, owed: Owed) -> Delivered:
        parcel, staff = await asyncio.to_thread(self._parcel, owed)
        if owed.act == "recard":
            return await channel.edit_card(parcel)
        if owed.act in ("close", "reopen"):
            await channel.set_thread(parcel, is_open=owed.act == "reopen")
            return Delivered(None)
        if owed.doubtful and (found := await channel.find(parcel, owed.created_at)):
            return found
        if staff and staff.thread is None:
            name = await asyncio.to_thread(self._title, staff)
            if thread := await channel.open_thread(parcel.address, name):
                await asyncio.to_thread(self._store.outbox.thread_opened, staff.id, thread)
                parcel = replace(parcel, thread=thread)
        return await channel.send(parcel)

    def _parcel(self, owed: Owed) -> tuple[Parcel, StaffThread | None]:
        address, staff = owed.address, None
        if address.staff_thread:
            staff = self._store.thread_by_id(address.staff_thread)
        thread = staff.thread if staff else address.thread
        card = staff.card if staff else None
        return Parcel(owed.key, address, thread, owed.body, owed.plain, card), staff

    def _title(self, staff: StaffThread) -> str:
        return title(self._store.case(staff.case))

    def _void(self, owed: Owed) -> bool:
        """Whether a person took the case after the bot had decided to speak in it."""
        if owed.unless_taken is None:
            return False
        return self._store.case(owed.unless_taken).state == "taken"

    def _retry_at(self, owed: Owed) -> datetime:
        """Exponential, with jitter so that a thousand messages do not come back at once."""
        wait = min(LONGEST_WAIT, 0.5 * 2.0 ** min(owed.attempts, 10))
        return self._now() + timedelta(seconds=wait * random.uniform(0.5, 1.0))  # noqa: S311

    def _notices(self, owed: Owed, error: Refused) -> Sequence[tuple[str, Outgoing]]:
        """To the desk, unless the desk's own room is what refused."""
        key, values = "not_delivered_plain", {"lane": owed.address.lane, "error": str(error)}
        if owed.case is not None:
            key, values = "not_delivered", {"number": str(owed.case), "error": str(error)}
        told = notice(self._store.bindings(), key, **values)
        return [
            (f"{owed.key}:refused:{number}", outgoing)
            for number, outgoing in enumerate(told, 1)
            if outgoing.to.lane != owed.address.lane
        ]
