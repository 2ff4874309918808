"""What came in: raw events, kept before they are confirmed, worked lane by lane in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, exists, func, or_, select, update

from bot.errors import Conflict
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_library_task
from bot.types import LibraryTask, Timer
from knowledge.catalogue import insert_new, write_transaction

CLOCK_CHANNEL = "clock"
LIBRARY_TASK_PREFIX = "library-"  # before the messenger that a task for the library came through
INBOX_LEASE = timedelta(seconds=90)
INBOX_MAX_TRIES = 5
INBOX_BATCH_EVENTS = 20  # how many of a lane's waiting events are taken together
INBOX_BACKOFF_SECONDS = (
    0.1,
    0.3,
    0.6,
    1.0,
)  # seconds; a poison message holds its lane for less than five


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """A raw event as its platform sent it. `settle` lets more words of the same thought arrive."""

    channel: str
    key: str
    lane: str
    payload: str
    natural_key: str | None = None
    settle_delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An event that this worker holds until its lease ends."""

    seq: int
    channel: str
    key: str
    lane: str
    payload: str
    attempts: int
    received_at: datetime


class Inbox:
    """The inbox table. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def receive(self, events: Sequence[InboxEvent], now: datetime) -> int:
        """Keep events that are new; returns how many were. They may be confirmed after this."""
        with write_transaction(self._engine) as connection:
            return sum(_insert_event(connection, event, now) for event in events)

    def claim(
        self, owner: str, now: datetime, channels: Sequence[str] | None = None
    ) -> list[InboxRow]:
        """The oldest events of one lane that nobody works on, in order; [] when there are none.

        Tasks for the library are only given to those who ask for their channel by name.
        """
        i = t.inbox.c
        earlier = t.inbox.alias()
        free = or_(
            and_(i.state == "waiting", i.ready_at <= now),
            and_(i.state == "working", i.lease_until < now),
        )
        first = exists().where(
            earlier.c.lane == i.lane,
            earlier.c.seq < i.seq,
            earlier.c.state.in_(("waiting", "working")),
        )
        head = select(i.seq, i.lane).where(free, ~first).order_by(i.seq).limit(1)
        wanted = (
            i.channel.not_like(f"{LIBRARY_TASK_PREFIX}%")
            if channels is None
            else i.channel.in_(channels)
        )
        head = head.where(wanted)
        with self._engine.connect() as connection:  # idle workers take no write lock
            if connection.execute(head).first() is None:
                return []
        with write_transaction(self._engine) as connection:
            found = connection.execute(head.with_for_update(skip_locked=True)).first()
            if found is None:
                return []
            run = (
                select(i.seq)
                .where(i.lane == found.lane, i.seq >= found.seq)
                .where(i.state.in_(("waiting", "working")))
                .order_by(i.seq)
                .limit(INBOX_BATCH_EVENTS)
            )
            keys = list(connection.execute(run).scalars())
            lease = {"state": "working", "owner": owner, "lease_until": now + INBOX_LEASE}
            connection.execute(update(t.inbox).where(i.seq.in_(keys)).values(lease))
            rows = select(t.inbox).where(i.seq.in_(keys)).order_by(i.seq)
            return [_to_inbox_row(row) for row in connection.execute(rows)]

    def renew(self, rows: Sequence[InboxRow], owner: str, now: datetime) -> None:
        """Hold events for longer: what they ask for is still being done."""
        with write_transaction(self._engine) as connection:
            _update_leased(connection, rows, owner, lease_until=now + INBOX_LEASE)

    def release(self, rows: Sequence[InboxRow], owner: str) -> None:
        """Give back events that were not worked on."""
        with write_transaction(self._engine) as connection:
            _update_leased(
                connection, rows, owner, state="waiting", lease_until=None, owner_now=None
            )

    def postpone(self, rows: Sequence[InboxRow], owner: str, until: datetime) -> None:
        """Look at events again a little later; that is no failure of theirs."""
        values = {"state": "waiting", "lease_until": None, "owner_now": None, "ready_at": until}
        with write_transaction(self._engine) as connection:
            _update_leased(connection, rows, owner, **values)

    def ignore(self, row: InboxRow, owner: str, why: str, now: datetime) -> None:
        """Close an event that asks nothing of us."""
        with write_transaction(self._engine) as connection:
            _update_leased(connection, [row], owner, state="ignored", done_at=now, error=why)

    def retry(self, row: InboxRow, owner: str, error: str, now: datetime) -> None:
        """Put an event that failed back in its place, to be tried again soon."""
        wait = timedelta(
            seconds=INBOX_BACKOFF_SECONDS[min(row.attempts, len(INBOX_BACKOFF_SECONDS) - 1)]
        )
        with write_transaction(self._engine) as connection:
            _update_leased(
                connection, [row], owner, state="waiting", attempts=row.attempts + 1,
                ready_at=now + wait, lease_until=None, error=error, owner_now=None,
            )  # fmt: skip

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """Free the events of workers that are gone, without waiting for their leases."""
        i = t.inbox.c
        held = select(i.owner).where(i.state == "working", i.owner.is_not(None)).distinct()
        with write_transaction(self._engine) as connection:
            gone = [owner for owner in connection.execute(held).scalars() if is_gone(owner)]
            free = update(t.inbox).where(i.state == "working", i.owner.in_(gone))
            values = {"state": "waiting", "lease_until": None, "owner": None}
            return connection.execute(free.values(values)).rowcount

    def find_oldest_open(self) -> datetime | None:
        """When the oldest event that is not done came in; a timer that is not due yet is none."""
        query = select(func.min(t.inbox.c.received_at)).where(
            t.inbox.c.state.in_(("waiting", "working")), t.inbox.c.channel != CLOCK_CHANNEL
        )
        with self._engine.connect() as connection:
            oldest: datetime | None = connection.execute(query).scalar_one()
            return oldest

    def list_open_tasks(self) -> list[LibraryTask]:
        """What was asked of the library and is not done yet."""
        i = t.inbox.c
        query = select(i.payload).where(
            i.channel.like(f"{LIBRARY_TASK_PREFIX}%"), i.state.in_(("waiting", "working"))
        )
        with self._engine.connect() as connection:
            return [load_library_task(payload) for payload in connection.execute(query).scalars()]

    def find_newest(self, channel: str) -> datetime | None:
        """When the newest event of a channel came in."""
        query = select(func.max(t.inbox.c.received_at)).where(t.inbox.c.channel == channel)
        with self._engine.connect() as connection:
            newest: datetime | None = connection.execute(query).scalar_one()
            return newest

    def count_events(self, state: str) -> int:
        """How many events are in `state`."""
        query = select(func.count()).where(t.inbox.c.state == state)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


def finish_events(
    connection: Connection, rows: Sequence[InboxRow], owner: str, now: datetime, state: str = "done"
) -> None:
    """Close events inside the transaction that writes what they led to.

    Raises Conflict when a lease ran out and another worker took them: its effects stand.
    """
    if not _update_leased(connection, rows, owner, state=state, done_at=now):
        raise Conflict("another worker has taken these events")


def set_timer(connection: Connection, timer: Timer, now: datetime) -> None:
    """Look at a conversation again later: an event of our own, in a lane of its own, so that it
    holds up nobody's messages and outlives a restart."""
    event = InboxEvent(
        channel=CLOCK_CHANNEL,
        key=timer.key,
        lane=f"{CLOCK_CHANNEL}:{timer.conversation}",
        payload=timer.conversation,
        settle_delay=timer.at - now,
    )
    _insert_event(connection, event, now)


def queue_library_task(
    connection: Connection, task: LibraryTask, by: InboxRow, now: datetime
) -> None:
    """Keep what an admin asked of the library, once for the event `by` that it came with: in the
    admin's own lane, beside everybody's messages."""
    event = InboxEvent(
        channel=f"{LIBRARY_TASK_PREFIX}{task.to.channel}",
        key=f"{by.channel}:{by.key}"[:200],
        lane=f"{LIBRARY_TASK_PREFIX}{task.who}",
        payload=json.dumps(dump_record(task), ensure_ascii=False),
        settle_delay=timedelta(seconds=task.wait),
    )
    _insert_event(connection, event, now)


def _insert_event(connection: Connection, event: InboxEvent, now: datetime) -> bool:
    values = {
        "channel": event.channel, "event_key": event.key, "natural_key": event.natural_key,
        "lane": event.lane, "payload": event.payload, "state": "waiting", "attempts": 0,
        "ready_at": now + event.settle_delay, "received_at": now,
    }  # fmt: skip
    new = insert_new(connection, t.inbox).values(values).returning(t.inbox.c.seq)
    return connection.execute(new).first() is not None


def _update_leased(
    connection: Connection, rows: Sequence[InboxRow], owner: str, **values: Any
) -> bool:
    """Change rows that this owner still holds; False when it no longer holds them all."""
    if "owner_now" in values:
        values["owner"] = values.pop("owner_now")
    i = t.inbox.c
    held = update(t.inbox).where(
        i.seq.in_([row.seq for row in rows]), i.state == "working", i.owner == owner
    )
    return connection.execute(held.values(values)).rowcount == len(rows)


def _to_inbox_row(row: Row[Any]) -> InboxRow:
    return InboxRow(
        row.seq, row.channel, row.event_key, row.lane, row.payload, row.attempts, row.received_at
    )
