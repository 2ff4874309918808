"""What came in: raw events, kept before they are confirmed, worked lane by lane in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, delete, func, select

from bot.errors import Conflict
from bot.messages import EMPTY_PAYLOAD, LibraryTask, Timer
from bot.store import holds
from bot.store import tables as t
from bot.store.intake import InboxEvent, find_room_lane, make_storable, mask_event
from bot.store.retention.remains import is_known_event, list_known_messages
from bot.store.serialisation import dump_record, load_library_task
from knowledge.database.engine import insert_new, open_reader, write_transaction
from knowledge.database.leases import LeaseQueue
from knowledge.database.peers import send_signal

CLOCK_CHANNEL = "clock"
LIBRARY_TASK_PREFIX = "library-"  # before the messenger that a task for the library came through
INBOX_LEASE = timedelta(seconds=90)
INBOX_MAX_TRIES = 5
INBOX_BATCH_EVENTS = 20  # how many of a lane's waiting events are claimed together
LONGEST_WAIT = timedelta(minutes=2)  # more than settling, a retry or an album put an event off
# Seconds before the next try, by failed tries: a poison message holds its lane for less than five.
INBOX_BACKOFF_SECONDS = (0.1, 0.3, 0.6, 1.0)
_NO_TIMER = t.inbox.c.channel != CLOCK_CHANNEL
_FORGOTTEN = {"state": "ignored", "payload": EMPTY_PAYLOAD, "sender": ""}
_RELEASED = {"state": "waiting", "lease_until": None, "owner": None}

_DROP_TIMERS = delete(t.inbox).where(
    t.inbox.c.channel == CLOCK_CHANNEL,
    t.inbox.c.event_key.in_(bindparam("keys", expanding=True)),
    t.inbox.c.state == "waiting",
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An event that this worker holds until its lease ends. `attempts`: tries that failed, those
    whose worker died or hung among them."""

    seq: int
    channel: str
    key: str
    lane: str
    payload: str
    attempts: int
    received_at: datetime


class Inbox:
    """The inbox table. Every method is one transaction, or joins the one it is given.

    `lease` is how long a claimed event is held, `renewal` how often a long task renews it
    (a quarter of the lease unless given), `backoff` the seconds before each further try.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        lease: timedelta = INBOX_LEASE,
        renewal: timedelta | None = None,
        backoff: Sequence[float] = INBOX_BACKOFF_SECONDS,
    ) -> None:
        self._engine, self._reader = engine, open_reader(engine)
        self._backoff = tuple(backoff)
        self.queue = LeaseQueue(
            t.inbox, waiting="waiting", working="working", lease=lease, lost="attempts",
            person="person",
        )  # fmt: skip
        self.renewal = renewal or lease / 4

    def receive(self, events: Sequence[InboxEvent], now: datetime) -> int:
        """Store the events that are new, with what is never kept (resident numbers, cards …) masked,
        also where it goes on from one message to the next; returns how many were. They may be
        confirmed after."""
        events = [make_storable(event) for event in events]
        with write_transaction(self._engine) as connection:
            for channel, chat in {(event.channel, event.opens) for event in events if event.opens}:
                holds.release_place(connection, channel, chat, now)
            new = sum(
                _insert_event(connection, mask_event(connection, event, now), now)
                for event in events
            )
            if new:
                send_signal(connection, "inbox")
            return new

    def claim(
        self, owner: str, now: datetime, channels: Sequence[str] | None = None
    ) -> list[InboxRow]:
        """Lease to `owner` the oldest events of one free lane, in order; [] when there are none.
        People take turns, so that a backlog delays only its owner.

        `channels` limits which are looked at; tasks for the library are only given to a worker
        that names their channel.
        """
        wanted = _limit_channels(None if channels is None else tuple(channels))
        rows = self.queue.claim(self._engine, owner, now, wanted, batch=INBOX_BATCH_EVENTS)
        return [_to_inbox_row(row, self.queue.count_lost(row, rows[0])) for row in rows]

    def renew(self, rows: Sequence[InboxRow], owner: str, now: datetime) -> None:
        """Lease `rows` for another full lease from `now`: what they ask for takes its time."""
        self._update(rows, owner, {"lease_until": now + self.queue.lease})

    def release(self, rows: Sequence[InboxRow], owner: str) -> None:
        """Give back events that were not worked on."""
        self._update(rows, owner, _RELEASED)

    def postpone(self, rows: Sequence[InboxRow], owner: str, until: datetime) -> None:
        """Give back events until a moment; that counts as no failed try."""
        self._update(rows, owner, _RELEASED | {"ready_at": until})

    def ignore(self, row: InboxRow, owner: str, why: str, now: datetime) -> None:
        """Close an event that asks nothing of us; nothing of its contents is kept."""
        closed = {"state": "ignored", "done_at": now, "error": why}
        self._update([row], owner, _FORGOTTEN | closed)

    def retry(self, row: InboxRow, owner: str, error: str, now: datetime) -> None:
        """Put an event that failed back in its place; it is tried again after a short wait."""
        wait = timedelta(seconds=self._backoff[min(row.attempts, len(self._backoff) - 1)])
        failed = {"attempts": row.attempts + 1, "ready_at": now + wait, "error": error}
        self._update([row], owner, _RELEASED | failed)

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """Free the events of workers that are gone, without waiting for their leases; returns
        how many."""
        return self.queue.recover(self._engine, is_gone, _RELEASED)

    def recall(self, now: datetime) -> int:
        """Work now on what a clock that was ahead put off for too long, timers apart; how many."""
        return self.queue.recall(self._engine, now, LONGEST_WAIT, _NO_TIMER)

    def find_oldest_open(self) -> datetime | None:
        """When the oldest open event came in; None when all is done. Timers do not count."""
        oldest: datetime | None = self.queue.find_oldest(self._engine, "received_at", _NO_TIMER)
        return oldest

    def list_known(self, channel: str, natural_keys: Sequence[str]) -> set[str]:
        """Those of the messages, by their natural keys, that have come."""
        with self._reader.connect() as connection:
            return list_known_messages(connection, channel, natural_keys)

    def list_open_tasks(self) -> list[LibraryTask]:
        """The tasks for the library that are not done. Raises UnreadableRecord for one that is none."""
        i = t.inbox.c
        query = select(i.payload).where(
            i.channel.like(f"{LIBRARY_TASK_PREFIX}%"), i.state.in_(self.queue.open_states)
        )
        with self._engine.connect() as connection:
            return [load_library_task(payload) for payload in connection.execute(query).scalars()]

    def list_done_payloads(self, channel: str, lane: str, since: datetime) -> list[str]:
        """What a lane's events said that came in since a moment and are done, newest first; at
        most INBOX_BATCH_EVENTS of them."""
        i = t.inbox.c
        query = select(i.payload).where(
            i.channel == channel, i.lane == lane, i.state == "done", i.received_at >= since
        )
        with self._engine.connect() as connection:
            newest = query.order_by(i.seq.desc()).limit(INBOX_BATCH_EVENTS)
            return list(connection.execute(newest).scalars())

    def find_earlier_payload(self, row: InboxRow, message: str) -> str | None:
        """What the newest event before `row` in its lane said of the same `message` ("chat:id:" in
        its natural key, after the bot's id). None without one."""
        i = t.inbox.c
        known = i.natural_key.startswith(message, autoescape=True)
        query = select(i.payload).where(
            i.channel == row.channel, i.lane == row.lane, i.seq < row.seq, i.payload != "{}",
            known | i.natural_key.contains(f":{message}", autoescape=True),
        )  # fmt: skip
        with self._reader.connect() as connection:
            return connection.execute(query.order_by(i.seq.desc()).limit(1)).scalar()

    def find_newest(self, channel: str | None = None) -> datetime | None:
        """When the newest event of a channel (None: of any) came in; None when none ever did."""
        query = select(func.max(t.inbox.c.received_at))
        if channel is not None:
            query = query.where(t.inbox.c.channel == channel)
        with self._engine.connect() as connection:
            newest: datetime | None = connection.execute(query).scalar_one()
            return newest

    def count_events(self, state: str) -> int:
        """How many events are in `state` (waiting, working, done, ignored or dead)."""
        return self.queue.count(self._engine, state)

    def finish(
        self,
        connection: Connection,
        rows: Sequence[InboxRow],
        owner: str,
        now: datetime,
        *,
        forget: bool = False,
    ) -> None:
        """Close events inside the transaction that writes what they led to; `forget` also erases
        their contents, which were not for Naru.

        Raises Conflict if a lease ended and another worker has the events: its effects stand.
        """
        erased = _FORGOTTEN if forget else {}
        self._close(connection, rows, owner, {"state": "done", "done_at": now} | erased)

    def bury(
        self, connection: Connection, row: InboxRow, owner: str, error: str, now: datetime
    ) -> None:
        """Close an event that failed too often, inside a transaction. Raises Conflict like
        `finish`."""
        tries = min(row.attempts + 1, INBOX_MAX_TRIES)
        values = {"state": "dead", "done_at": now, "attempts": tries, "error": error}
        self._close(connection, [row], owner, values)

    def _update(self, rows: Sequence[InboxRow], owner: str, values: dict[str, Any]) -> None:
        """Change those of `rows` that `owner` still holds."""
        with write_transaction(self._engine) as connection:
            self.queue.update_held(connection, [row.seq for row in rows], values, owner=owner)

    def _close(
        self, connection: Connection, rows: Sequence[InboxRow], owner: str, values: dict[str, Any]
    ) -> None:
        keys = [row.seq for row in rows]
        if not self.queue.update_held(connection, keys, values, owner=owner):
            raise Conflict("another worker has taken these events")


@lru_cache(maxsize=32)
def _limit_channels(channels: tuple[str, ...] | None) -> ColumnElement[bool]:
    channel = t.inbox.c.channel
    if channels is None:
        return channel.not_like(f"{LIBRARY_TASK_PREFIX}%")
    return channel.in_(channels)


def set_timer(connection: Connection, timer: Timer, now: datetime) -> None:
    """Look at a conversation again at `timer.at`: an event of our own, stored once per key.

    It has a lane of its own, so that it delays no messages, and outlives a restart.
    """
    event = InboxEvent(
        channel=CLOCK_CHANNEL,
        key=timer.key,
        lane=f"{CLOCK_CHANNEL}:{timer.conversation}",
        payload=timer.conversation,
        settle_delay=timer.at - now,
    )
    _insert_event(connection, event, now)


def drop_timers(connection: Connection, keys: Sequence[str]) -> None:
    """Take back timers that wait and would say nothing: what they were set for is over."""
    if keys:
        connection.execute(_DROP_TIMERS, {"keys": list(keys)})


def queue_library_task(
    connection: Connection, task: LibraryTask, by: InboxRow, now: datetime
) -> None:
    """Store what an admin asked of the library, once for the event `by` that it came with.

    It goes into a lane of that admin's tasks, so that it delays no messages.
    """
    event = InboxEvent(
        channel=f"{LIBRARY_TASK_PREFIX}{task.to.channel}",
        key=f"{by.channel}:{by.key}"[:200],
        lane=f"{LIBRARY_TASK_PREFIX}{task.who}",
        payload=json.dumps(dump_record(task), ensure_ascii=False),
        settle_delay=timedelta(seconds=task.wait),
    )
    _insert_event(connection, event, now)


def _insert_event(connection: Connection, event: InboxEvent, now: datetime) -> bool:
    """Whether the event was new."""
    if is_known_event(connection, event.channel, event.key, event.natural_key):
        return False
    lane = find_room_lane(connection, event.channel, event.place) or event.lane
    values = {
        "channel": event.channel, "event_key": event.key, "natural_key": event.natural_key,
        "lane": lane, "payload": event.payload, "state": "waiting", "attempts": 0,
        "ready_at": now + event.settle_delay, "received_at": now,
        "person": event.person or ":".join(event.lane.split(":")[:2]), "sender": event.sender,
    }  # fmt: skip
    new = insert_new(connection, t.inbox).returning(t.inbox.c.seq)
    return connection.execute(new, values).first() is not None


def _to_inbox_row(row: Row[Any], attempts: int) -> InboxRow:
    return InboxRow(
        row.seq, row.channel, row.event_key, row.lane, row.payload, attempts, row.received_at
    )
