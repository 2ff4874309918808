"""Sending what we owe: in order within a lane, lanes side by side, nothing dropped in silence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.cases.case import title
from bot.cases.rooms import notice
from bot.errors import BotError, Moved, Refused, ThreadGone, TryAgain, TryLater, Unformatted
from bot.store import Owed, Store
from bot.types import Address, Body, Outgoing, StaffThread

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_WAIT = 60.0  # seconds between two tries
LANES = 32  # messages on their way at once
LOOK_AGAIN = 0.3  # seconds between two looks, for what other processes decided
SEND_SECONDS = 90.0  # less than a sender's lease: nobody else sends it meanwhile
TRIES = 5  # of a message that our own code cannot send
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
                    async with asyncio.timeout(LOOK_AGAIN):
                        await wake.wait()
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
        """Send one message and write down what came of it."""
        try:
            if await self._stored(lambda: self._void(owed)):
                why = "a person has taken the case"
                await self._stored(lambda: self._store.outbox.drop(owed, why))
                return
            write = await self._outcome(owed)
            await self._stored(write)
        except Exception:  # its lease ends, and it is tried again
            log.exception("%s of lane %s is left for later", owed.act, owed.address.lane)

    async def _outcome(self, owed: Owed) -> Callable[[], None]:
        """What the platform made of a message, as what is to be written down."""
        outbox = self._store.outbox
        try:
            async with asyncio.timeout(SEND_SECONDS):
                delivered = await self._act(self._channels[owed.channel], owed)
        except TryLater as wait:
            at = self._now() + timedelta(seconds=wait.seconds)
            return partial(outbox.later, owed, at, str(wait), doubtful=owed.doubtful)
        except (TryAgain, TimeoutError) as error:
            log.warning("%s of lane %s: %s", owed.act, owed.address.channel, error)
            return partial(outbox.later, owed, self._retry_at(owed), str(error), doubtful=True)
        except ThreadGone:
            return partial(outbox.thread_gone, owed)
        except Moved as moved:
            return partial(outbox.chat_moved, owed, moved.chat)
        except Unformatted as error:
            return self._given_up(owed, error) if owed.plain else partial(outbox.as_plain, owed)
        except Refused as error:
            return self._given_up(owed, error)
        except Exception as error:  # ours: it must neither hold the lane for good nor go unseen
            log.exception("%s of lane %s failed", owed.act, owed.address.lane)
            if owed.attempts + 1 >= TRIES:
                return self._given_up(owed, error)
            name = type(error).__name__
            return partial(outbox.later, owed, self._retry_at(owed), name, doubtful=True)
        sent = (owed, self._now(), delivered.message_id, delivered.thread)
        return partial(outbox.sent, *sent)

    def _given_up(self, owed: Owed, error: Exception) -> Callable[[], None]:
        def write() -> None:
            told = self._notices(owed, error)
            self._store.outbox.give_up(owed, str(error), told, self._now())

        return write

    async def _stored(self, work: Callable[[], T]) -> T:
        """Read or write the store, as often as it takes: what went out must be noted, or it
        would go out again."""
        end = time.monotonic() + SEND_SECONDS
        while True:
            try:
                return await asyncio.to_thread(work)
            except BotError:
                raise
            except Exception as error:  # the database's, of whichever kind it is
                if time.monotonic() > end:
                    raise
                log.warning("the outbox cannot be written: %s", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN)

    async def _act(self, channel: Channel, owed: Owed) -> Delivered:
        parcel, staff = await self._stored(lambda: self._parcel(owed))
        if owed.act == "recard":
            return await channel.edit_card(parcel)
        if owed.act in ("close", "reopen"):
            await channel.set_thread(parcel, is_open=owed.act == "reopen")
            return Delivered(None)
        if owed.doubtful and (found := await channel.find(parcel, owed.created_at)):
            return found
        if staff and staff.thread is None:
            name = await self._stored(lambda: self._title(staff))
            if thread := await channel.open_thread(parcel.address, name):
                await self._stored(lambda: self._store.outbox.thread_opened(staff.id, thread))
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

    def _notices(self, owed: Owed, error: Exception) -> Sequence[tuple[str, Outgoing]]:
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
