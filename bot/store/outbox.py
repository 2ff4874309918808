"""What we owe: messages that were decided, sent lane by lane in order, and never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import Address, Content, Outgoing, OutgoingAct
from knowledge.database.engine import insert_new, write_transaction
from knowledge.database.leases import LeaseQueue

OUTBOX_LEASE = timedelta(seconds=120)
EPOCH = datetime.fromtimestamp(0, UTC)
_REQUEUED = {"state": "owed", "lease_until": None}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that this sender holds.

    `case` is the case it belongs to, `unless_taken` the case whose taking makes it void.
    `attempts`: tries that failed; `plain`: the platform refused its markup; `doubtful`: an
    earlier try may have gone out.
    """

    seq: int
    key: str
    channel: str
    address: Address
    act: OutgoingAct
    content: Content
    case: int | None
    unless_taken: int | None
    attempts: int
    plain: bool
    doubtful: bool
    created_at: datetime


class Outbox:
    """The outbox table. Every method is one transaction.

    `lease` is how long a claimed message is held: longer than a sender waits for its platform.
    """

    def __init__(self, engine: Engine, *, lease: timedelta = OUTBOX_LEASE) -> None:
        self._engine = engine
        self._queue = LeaseQueue(t.outbox, waiting="owed", working="sending", lease=lease)

    def claim(
        self, owner: str, now: datetime, channels: Sequence[str], count: int = 10
    ) -> list[OutboxRow]:
        """Lease to `owner` the next message of up to `count` free lanes of `channels`; [] when
        there are none.

        Raises UnreadableRecord if the address or content of one cannot be read.
        """
        wanted = t.outbox.c.channel.in_(channels)
        rows = self._queue.claim(self._engine, owner, now, wanted, lanes=count)
        return [_to_outbox_row(row) for row in rows]

    def mark_sent(
        self, owed: OutboxRow, now: datetime, message_id: str | None, thread: str | None = None
    ) -> None:
        """It went out as `message_id`. A card's message, and the thread that was made for it,
        are stored with the case's staff thread in the same transaction."""
        with write_transaction(self._engine) as connection:
            # In any state: it went out, and must not go out again.
            closed = {
                "state": "sent",
                "lease_until": None,
                "sent_at": now,
                "message_id": message_id,
            }
            connection.execute(update(t.outbox).where(t.outbox.c.seq == owed.seq).values(closed))
            if owed.address.staff_thread and (thread or owed.act == "card"):
                values: dict[str, Any] = {"thread": thread} if thread else {}
                values |= {"card": message_id} if owed.act == "card" else {}
                _update_staff_thread(connection, owed.address.staff_thread, values)

    def record_thread(self, staff_thread: str, thread: str) -> None:
        """Store the platform's `thread` of a staff thread, before a message is sent in it."""
        with write_transaction(self._engine) as connection:
            _update_staff_thread(connection, staff_thread, {"thread": thread})

    def postpone(self, owed: OutboxRow, at: datetime, error: str, *, doubtful: bool) -> None:
        """Try again at `at`; the lane waits for it. `doubtful`: this try may have gone out."""
        values: dict[str, Any] = {"ready_at": at, "attempts": owed.attempts + 1, "error": error}
        if doubtful:  # found in `sending` by the next claim, as after a kill
            values["lease_until"] = at
        else:
            values |= _REQUEUED
        self._update(owed, values)

    def retry_as_plain(self, owed: OutboxRow) -> None:
        """Send it again as plain text: the platform refused the markup."""
        self._update(owed, _REQUEUED | {"plain": True})

    def forget_thread(self, owed: OutboxRow) -> None:
        """Send it again into a new staff thread: the old one was deleted on the platform."""
        with write_transaction(self._engine) as connection:
            if self._requeue(connection, owed):
                gone = {"thread": None, "card": None}
                _update_staff_thread(connection, owed.address.staff_thread or "", gone)

    def move_chat(self, owed: OutboxRow, chat: str) -> None:
        """Replace the id of the message's chat by `chat` in bindings, staff threads and open
        messages, and send it again: the platform gave the chat a new id."""
        old, channel = owed.address.chat, owed.channel
        with write_transaction(self._engine) as connection:
            for table in (t.bindings, t.staff_threads, t.unadmitted):
                same = (table.c.channel == channel) & (table.c.chat == old)
                connection.execute(update(table).where(same).values(chat=chat))
            waiting = select(t.outbox.c.seq, t.outbox.c.address).where(
                t.outbox.c.channel == channel, t.outbox.c.state.in_(("owed", "sending"))
            )
            for row in connection.execute(waiting).all():
                if row.address["chat"] == old:
                    moved = load_record(Address, {**row.address, "chat": chat})
                    values = {"address": dump_record(moved), "lane": moved.lane}
                    same_row = t.outbox.c.seq == row.seq
                    connection.execute(update(t.outbox).where(same_row).values(values))
            self._requeue(connection, owed)

    def give_up(self, owed: OutboxRow, error: str, notices: Sequence[tuple[str, Outgoing]],
                now: datetime) -> None:  # fmt: skip
        """Close a message that can never go out; owe the `notices` (each with its key) about it
        in the same transaction."""
        with write_transaction(self._engine) as connection:
            dead = {"state": "dead", "lease_until": None, "error": error}
            if self._update_sending(connection, owed, dead):
                for key, notice in notices:
                    add_outgoing(connection, key, notice, now)

    def drop(self, owed: OutboxRow, why: str) -> None:
        """Close a message that is void, because a person has taken the case."""
        self._update(owed, {"state": "dropped", "lease_until": None, "error": why})

    def is_card_in_flight(self, channel: str, chat: str) -> bool:
        """Whether a card is being sent to a chat, so that it may be there before it is stored."""
        o = t.outbox.c
        cards = select(o.address).where(o.channel == channel, o.act == "card", o.state == "sending")
        with self._engine.connect() as connection:
            addresses = connection.execute(cards).scalars()
            return any(address["chat"] == chat for address in addresses)

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """End the leases of senders that are gone; returns how many messages they held. Such a
        message may have gone out, so it stays in `sending` and is claimed as doubtful."""
        return self._queue.recover(self._engine, is_gone, {"lease_until": EPOCH})

    def find_oldest_open(self) -> datetime | None:
        """When the oldest message that has not gone out was decided; None when all have."""
        oldest: datetime | None = self._queue.find_oldest(self._engine, "created_at")
        return oldest

    def count_messages(self, state: str) -> int:
        """How many messages are in `state` (owed, sending, sent, dropped or dead)."""
        return self._queue.count(self._engine, state)

    def _update(self, owed: OutboxRow, values: dict[str, Any]) -> None:
        with write_transaction(self._engine) as connection:
            self._update_sending(connection, owed, values)

    def _update_sending(
        self, connection: Connection, owed: OutboxRow, values: dict[str, Any]
    ) -> bool:
        """Change a message that is being sent; False when another sender has ended it.

        Its owner is not asked for: a sender whose lease ended may still report what became of it.
        """
        return self._queue.update_held(connection, [owed.seq], values)

    def _requeue(self, connection: Connection, owed: OutboxRow) -> bool:
        return self._update_sending(connection, owed, _REQUEUED | {"attempts": owed.attempts + 1})


def add_outgoing(connection: Connection, key: str, outgoing: Outgoing, now: datetime) -> None:
    """Owe a message inside the transaction that decided it; only once per `key`."""
    values = {
        "dedup_key": key, "channel": outgoing.to.channel, "lane": outgoing.to.lane,
        "address": dump_record(outgoing.to), "act": outgoing.act, "body": dump_record(outgoing.content),
        "case_number": outgoing.case, "unless_taken": outgoing.unless_taken, "state": "owed",
        "attempts": 0, "plain": False, "ready_at": now, "created_at": now,
    }  # fmt: skip
    connection.execute(insert_new(connection, t.outbox).values(values))


def _update_staff_thread(connection: Connection, staff_thread: str, values: dict[str, Any]) -> None:
    connection.execute(
        update(t.staff_threads).where(t.staff_threads.c.id == staff_thread).values(values)
    )


def _to_outbox_row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        seq=row.seq,
        key=row.dedup_key,
        channel=row.channel,
        address=load_record(Address, row.address),
        act=row.act,
        content=load_record(Content, row.body),
        case=row.case_number,
        unless_taken=row.unless_taken,
        attempts=row.attempts,
        plain=row.plain,
        doubtful=row.state == "sending",
        created_at=row.created_at,
    )
