"""What we owe: messages that were decided, sent lane by lane in order, and never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, exists, func, or_, select, update

from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import Address, Content, Outgoing, OutgoingAct
from knowledge.catalogue import insert_new, write_transaction

OUTBOX_LEASE = timedelta(seconds=120)
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that this sender holds. `doubtful`: an earlier try may have gone out."""

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
    """The outbox table. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(
        self, owner: str, now: datetime, channels: Sequence[str], count: int = 10
    ) -> list[OutboxRow]:
        """The next message of up to `count` lanes that nobody sends in."""
        o = t.outbox.c
        earlier = t.outbox.alias()
        free = or_(
            and_(o.state == "owed", o.ready_at <= now),
            and_(o.state == "sending", o.lease_until < now),
        )
        before = exists().where(
            earlier.c.lane == o.lane,
            earlier.c.seq < o.seq,
            earlier.c.state.in_(("owed", "sending")),
        )
        heads = (
            select(t.outbox)
            .where(o.channel.in_(channels), free, ~before)
            .order_by(o.seq)
            .limit(count)
        )
        with self._engine.connect() as connection:  # idle senders take no write lock
            if connection.execute(heads.limit(1)).first() is None:
                return []
        with write_transaction(self._engine) as connection:
            found = list(connection.execute(heads.with_for_update(skip_locked=True)))
            if found:
                lease = {"state": "sending", "owner": owner, "lease_until": now + OUTBOX_LEASE}
                keys = [row.seq for row in found]
                connection.execute(update(t.outbox).where(o.seq.in_(keys)).values(lease))
            return [_to_outbox_row(row) for row in found]

    def mark_sent(
        self, owed: OutboxRow, now: datetime, message_id: str | None, thread: str | None = None
    ) -> None:
        """It went out. A card's message and thread are remembered with it, in one transaction."""
        with write_transaction(self._engine) as connection:
            # Whatever became of it meanwhile: it went out, and must not go out again.
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
        """A thread was made for a case, before anything is said in it."""
        with write_transaction(self._engine) as connection:
            _update_staff_thread(connection, staff_thread, {"thread": thread})

    def postpone(self, owed: OutboxRow, at: datetime, error: str, *, doubtful: bool) -> None:
        """Try again at `at`; nothing of its lane goes out before it."""
        values: dict[str, Any] = {"ready_at": at, "attempts": owed.attempts + 1, "error": error}
        if doubtful:  # found in `sending` by the next claim, as after a kill
            values["lease_until"] = at
        else:
            values |= {"state": "owed", "lease_until": None}
        with write_transaction(self._engine) as connection:
            _update_sending(connection, owed, **values)

    def retry_as_plain(self, owed: OutboxRow) -> None:
        """The platform did not take the markup: once more, as plain text."""
        with write_transaction(self._engine) as connection:
            _update_sending(connection, owed, state="owed", plain=True, lease_until=None)

    def forget_thread(self, owed: OutboxRow) -> None:
        """Its staff thread was deleted: the next try begins a new one."""
        with write_transaction(self._engine) as connection:
            if _requeue(connection, owed):
                gone = {"thread": None, "card": None}
                _update_staff_thread(connection, owed.address.staff_thread or "", gone)

    def move_chat(self, owed: OutboxRow, chat: str) -> None:
        """A chat has another id now: whatever is bound or owed to the old one goes there."""
        old, channel = owed.address.chat, owed.channel
        with write_transaction(self._engine) as connection:
            _drop_duplicate_seats(connection, channel, chat, instead_of=old)
            for table in (t.bindings, t.seats, t.staff_threads):
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
            _requeue(connection, owed)

    def give_up(self, owed: OutboxRow, error: str, notices: Sequence[tuple[str, Outgoing]],
                now: datetime) -> None:  # fmt: skip
        """It can never go out: say so to those who can act on it, in the same transaction."""
        with write_transaction(self._engine) as connection:
            if _update_sending(connection, owed, state="dead", lease_until=None, error=error):
                for key, notice in notices:
                    add_outgoing(connection, key, notice, now)

    def drop(self, owed: OutboxRow, why: str) -> None:
        """It is void: a person has taken the case meanwhile."""
        with write_transaction(self._engine) as connection:
            _update_sending(connection, owed, state="dropped", lease_until=None, error=why)

    def is_card_in_flight(self, channel: str, chat: str) -> bool:
        """Whether a case's card may stand in a chat already, though it is not noted yet."""
        o = t.outbox.c
        cards = select(o.address).where(o.channel == channel, o.act == "card", o.state == "sending")
        with self._engine.connect() as connection:
            addresses = connection.execute(cards).scalars()
            return any(address["chat"] == chat for address in addresses)

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """Take up at once what senders that are gone were sending: it may have gone out."""
        o = t.outbox.c
        held = select(o.owner).where(o.state == "sending", o.owner.is_not(None)).distinct()
        with write_transaction(self._engine) as connection:
            gone = [owner for owner in connection.execute(held).scalars() if is_gone(owner)]
            doubtful = update(t.outbox).where(o.state == "sending", o.owner.in_(gone))
            return connection.execute(doubtful.values(lease_until=EPOCH)).rowcount

    def find_oldest_open(self) -> datetime | None:
        """When the oldest message that has not gone out was decided."""
        query = select(func.min(t.outbox.c.created_at)).where(
            t.outbox.c.state.in_(("owed", "sending"))
        )
        with self._engine.connect() as connection:
            oldest: datetime | None = connection.execute(query).scalar_one()
            return oldest

    def count_messages(self, state: str) -> int:
        """How many messages are in `state`."""
        query = select(func.count()).where(t.outbox.c.state == state)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


def add_outgoing(connection: Connection, key: str, outgoing: Outgoing, now: datetime) -> None:
    """Owe a message, once per `key`, inside the transaction that decided it."""
    values = {
        "dedup_key": key, "channel": outgoing.to.channel, "lane": outgoing.to.lane,
        "address": dump_record(outgoing.to), "act": outgoing.act, "body": dump_record(outgoing.content),
        "case_number": outgoing.case, "unless_taken": outgoing.unless_taken, "state": "owed",
        "attempts": 0, "plain": False, "ready_at": now, "created_at": now,
    }  # fmt: skip
    connection.execute(insert_new(connection, t.outbox).values(values))


def _requeue(connection: Connection, owed: OutboxRow) -> bool:
    again = {"state": "owed", "lease_until": None, "attempts": owed.attempts + 1}
    return _update_sending(connection, owed, **again)


def _update_sending(connection: Connection, owed: OutboxRow, **values: Any) -> bool:
    """Change a message that is being sent; False when a quicker sender has ended it."""
    o = t.outbox.c
    same = update(t.outbox).where(o.seq == owed.seq, o.state == "sending")
    return connection.execute(same.values(values)).rowcount == 1


def _drop_duplicate_seats(connection: Connection, channel: str, chat: str, instead_of: str) -> None:
    """Members who named a role in the new chat already keep that one."""
    there, s = t.seats.alias(), t.seats.c
    named = select(there.c.user).where(there.c.channel == channel, there.c.chat == chat)
    mine = (s.channel == channel) & (s.chat == instead_of)
    connection.execute(delete(t.seats).where(mine, s.user.in_(named)))


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
