"""What we owe: messages that were decided, sent lane by lane in order, and never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from bot.messages import Address, Outgoing
from bot.store import holds
from bot.store import tables as t
from bot.store.backlog import LIMITED, join_backlog, pace_thread
from bot.store.holds import Hold, HoldKind
from bot.store.outbox_rows import (
    ALERT_KEY_PREFIX,
    UNSENT_STATES,
    OutboxRow,
    add_outgoing,
    choose_lane,
    limit_to_sendable,
    load_outbox_row,
    move_behind_opening,
    settle_receipts,
    update_staff_thread,
    withhold_reports,
)
from bot.store.serialisation import dump_record, load_record
from bot.store.tables import lookups
from bot.types import CaseMessage
from knowledge.database.engine import open_reader, write_transaction
from knowledge.database.leases import LeaseQueue
from knowledge.database.scrubbing import scrub_files

OUTBOX_LEASE = timedelta(seconds=120)
OUTBOX_MAX_LOST = 5  # senders that may die or hang over a message
LONGEST_WAIT = timedelta(minutes=2)  # more than a retry or a thread's pace puts a message off
EPOCH = datetime.fromtimestamp(0, UTC)
_REQUEUED = {"state": "owed", "lease_until": None}


class Outbox:
    """The outbox table. Every method is one transaction.

    `lease` is how long a claimed message is held: longer than a sender waits for its platform.
    """

    def __init__(self, engine: Engine, *, lease: timedelta = OUTBOX_LEASE) -> None:
        self._engine, self._reader = engine, open_reader(engine)
        self.queue = LeaseQueue(
            t.outbox, waiting="owed", working="sending", lease=lease, lost="lost"
        )

    def claim(
        self, owner: str, now: datetime, channels: Sequence[str], count: int = 10
    ) -> list[OutboxRow]:
        """Lease to `owner` the next message of up to `count` free lanes of `channels`; [] when
        there are none. Raises UnreadableRecord if the address or content of one cannot be read."""
        self._release_due_places(now)
        wanted = limit_to_sendable(tuple(channels))
        rows = self.queue.claim(self._engine, owner, now, wanted, lanes=count)
        return [self._load_claimed(row) for row in rows if not pace_thread(self._engine, row, now)]

    def _load_claimed(self, row: Row[Any]) -> OutboxRow:
        owed = load_outbox_row(row, self.queue.count_lost(row, row))
        content = join_backlog(self._engine, row)
        return replace(owed, content=content) if content else owed

    def mark_sent(
        self, owed: OutboxRow, now: datetime, message_id: str | None, thread: str | None = None
    ) -> list[Hold]:
        """It went out as `message_id`. A card's message, and the thread that was made for it, are
        stored with the case's staff thread in the same transaction; what waited for it or for its
        place is owed now. Returns the refusals that it ends and that people were told of."""
        closed = {"state": "sent", "lease_until": None, "sent_at": now, "message_id": message_id}
        with write_transaction(self._engine) as connection:
            # In any state: it went out, and must not go out again.
            connection.execute(update(t.outbox).where(t.outbox.c.seq == owed.seq).values(closed))
            o = t.outbox.c
            last_word = delete(t.outbox).where(o.seq == owed.seq, o.forget_sent)
            is_last_word = connection.execute(last_word).rowcount > 0
            if owed.address.staff_thread and (thread or owed.act == "card"):
                values: dict[str, Any] = {"thread": thread} if thread else {}
                values |= {"card": message_id} if owed.act == "card" else {}
                update_staff_thread(connection, owed.address.staff_thread, values)
            settle_receipts(connection, owed, now, delivered=True)
            place = (owed.channel, owed.address.chat, owed.lane)
            # An edit that was left undone shows nothing of its place.
            ended = [] if owed.is_edit else holds.end_refusals(connection, *place, now)
        if is_last_word:  # to somebody who is erased: that is done only now
            scrub_files(self._engine)
        return ended

    def record_thread(self, staff_thread: str, thread: str) -> None:
        """Store the platform's `thread` of a staff thread, before a message is sent in it."""
        with write_transaction(self._engine) as connection:
            update_staff_thread(connection, staff_thread, {"thread": thread})

    def postpone(self, owed: OutboxRow, at: datetime, error: str, *, doubtful: bool,
                 unknown: bool = False) -> None:  # fmt: skip
        """Try again at `at`; the lane waits for it. `doubtful`: this try may have gone out;
        `unknown`: it ended in an error that is not known."""
        values: dict[str, Any] = {"ready_at": at, "attempts": owed.attempts + 1, "error": error}
        values |= {"refusals": owed.refusals + 1} if unknown else {}
        if doubtful:  # found in `sending` by the next claim, as after a kill
            values |= {"lease_until": at, "owner": None}
        else:
            values |= _REQUEUED
        self._update(owed, values)

    def hold_limited_chat(self, owed: OutboxRow, until: datetime, now: datetime) -> None:
        """Send nothing to the message's chat before `until`: its platform limits it. Other chats
        go on, unless so many are limited that the bot itself is."""
        with write_transaction(self._engine) as connection:
            values: dict[str, Any] = {"ready_at": until, "error": LIMITED}
            values |= {"lease_until": until, "owner": None} if owed.doubtful else _REQUEUED
            self._update_sending(connection, owed, values)
            holds.hold_limited_chat(connection, owed.channel, owed.address.chat, until, now)

    def hold_place(self, owed: OutboxRow, kind: HoldKind, reason: str, now: datetime, *,
                   lane: str = "") -> None:  # fmt: skip
        """Keep the message, and all that is owed to its chat (to one `lane` of it if given), until
        the place is open again: it refuses."""
        with write_transaction(self._engine) as connection:
            kept = {"state": "waiting", "lease_until": None, "error": reason, "held_at": now,
                    "maybe_sent": owed.doubtful}  # fmt: skip
            self._update_sending(connection, owed, kept)
            place = (owed.channel, owed.address.chat, lane)
            hold = holds.hold_refusing_place(connection, place, kind, reason, now)
            same = update(t.outbox).where(t.outbox.c.seq == owed.seq)
            connection.execute(same.values(held_at=hold.since))

    def release_place(self, channel: str, chat: str, now: datetime) -> bool:
        """Try again what waits for a chat: there is a sign that it is open. Whether it was held."""
        with write_transaction(self._engine) as connection:
            return holds.release_place(connection, channel, chat, now)

    def list_refusals(self) -> list[Hold]:
        """The rooms and persons that refuse now, the first to refuse first."""
        with self._engine.connect() as connection:
            return holds.list_refusals(connection)

    def list_reader_channels(self) -> list[Hold]:
        """The channels whose messages wait for readers who come for them: see bot/store/readers."""
        with self._engine.connect() as connection:
            return holds.list_reader_channels(connection)

    def list_waiting(self, *, untold: bool = False) -> list[OutboxRow]:
        """The messages that wait for a room or a person, in order; with `untold` only those of
        which people have not been told. Raises UnreadableRecord like `claim`."""
        query = select(t.outbox).where(t.outbox.c.state == "waiting").order_by(t.outbox.c.seq)
        if untold:
            query = query.where(t.outbox.c.told.is_(False))
        with self._engine.connect() as connection:
            return [load_outbox_row(row) for row in connection.execute(query).all()]

    def list_held_cases(self, channel: str, chat: str) -> list[int]:
        """The numbers of the cases whose messages wait for a chat."""
        o = t.outbox.c
        here = (o.channel == channel) & (o.chat == chat) & (o.state == "waiting")
        query = select(o.case_number).where(here, o.case_number.is_not(None)).distinct()
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(o.case_number)).scalars())

    def mark_told(self, refusals: Sequence[Hold], rows: Sequence[OutboxRow],
                  notices: Sequence[tuple[str, Outgoing]], now: datetime) -> None:  # fmt: skip
        """Owe the `notices` (each with its key) about refusals and the rows that wait, and
        remember that both have been told of."""
        with write_transaction(self._engine) as connection:
            holds.mark_holds_told(connection, refusals)
            seqs = [row.seq for row in rows]
            told = update(t.outbox).where(t.outbox.c.seq.in_(seqs))
            connection.execute(told.values(told=True))
            for key, notice in notices:
                add_outgoing(connection, key, notice, now)

    def list_lane(self, lane: str) -> list[OutboxRow]:
        """The messages of a lane that have not gone out, in order. Raises UnreadableRecord like
        `claim`."""
        o = t.outbox.c
        query = select(t.outbox).where(o.lane == lane, o.state.in_(UNSENT_STATES)).order_by(o.seq)
        with self._engine.connect() as connection:
            return [load_outbox_row(row) for row in connection.execute(query).all()]

    def list_latest(self, lanes: Sequence[str], count: int) -> list[OutboxRow]:
        """The latest messages of lanes with their edits, sent or not, the newest first. Raises
        UnreadableRecord like `claim`."""
        o = t.outbox.c
        edits = [f"{lane}{holds.EDIT_LANE_SUFFIX}" for lane in lanes]
        query = select(t.outbox).where(o.lane.in_([*lanes, *edits]))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(o.seq.desc()).limit(count)).all()
        return [load_outbox_row(row) for row in rows]

    def reopen_thread(self, owed: OutboxRow, opening: Sequence[Outgoing], now: datetime) -> None:
        """Begin the message's staff thread again, because the old one was deleted: the `opening`
        first, then what the lane had not sent yet, each once."""
        with write_transaction(self._engine) as connection:
            if not self._requeue(connection, owed):
                return
            gone = {"thread": None, "card": None}
            update_staff_thread(connection, owed.address.staff_thread or "", gone)
            for number, outgoing in enumerate(opening, 1):
                add_outgoing(connection, f"{owed.key}:opening:{number}", outgoing, now)
            move_behind_opening(connection, owed.lane, f"{owed.key}:opening:")

    def retry_as_plain(self, owed: OutboxRow) -> None:
        """Send it again as plain text: the platform refused the markup."""
        self._update(owed, _REQUEUED | {"plain": True})

    def move_chat(self, owed: OutboxRow, chat: str, now: datetime) -> None:
        """Replace the id of the message's chat by `chat` in bindings, staff threads and open
        messages, and send it again: the platform gave the chat a new id."""
        old, channel = owed.address.chat, owed.channel
        with write_transaction(self._engine) as connection:
            holds.forget_chat(connection, channel, old, now)
            for table in (t.bindings, t.staff_threads, t.unadmitted):
                same = (table.c.channel == channel) & (table.c.chat == old)
                connection.execute(update(table).where(same).values(chat=chat))
            waiting = select(t.outbox.c.seq, t.outbox.c.address, t.outbox.c.act).where(
                t.outbox.c.channel == channel, t.outbox.c.state.in_((*UNSENT_STATES, "later"))
            )
            for row in connection.execute(waiting).all():
                if row.address["chat"] == old:
                    moved = load_record(Address, {**row.address, "chat": chat})
                    lane = choose_lane(moved, row.act)
                    values = {"address": dump_record(moved), "lane": lane, "chat": chat}
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
                settle_receipts(connection, owed, now, delivered=False)
                for key, notice in notices:
                    add_outgoing(connection, key, notice, now)

    def drop(self, owed: OutboxRow, why: str, said: CaseMessage) -> None:
        """Close a message that is void, and what was to tell staff of it; the record says so (`said`)."""
        with write_transaction(self._engine) as connection:
            dropped = {"state": "dropped", "lease_until": None, "error": why}
            if self._update_sending(connection, owed, dropped):
                withhold_reports(connection, owed, said)

    def _release_due_places(self, now: datetime) -> None:
        with self._engine.connect() as connection:
            if not holds.has_due_places(connection, now):
                return
        with write_transaction(self._engine) as connection:
            holds.release_due_places(connection, now)

    def is_card_in_flight(self, channel: str, chat: str) -> bool:
        """Whether a card is being sent to a chat, so that it may be there before it is stored."""
        with self._reader.connect() as connection:
            addresses = connection.execute(lookups.CARDS_IN_FLIGHT, {"channel": channel}).scalars()
            return any(address["chat"] == chat for address in addresses)

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """End the leases of senders that are gone; returns how many messages they held. Such a
        message may have gone out, so it stays in `sending` and is claimed as doubtful."""
        return self.queue.recover(self._engine, is_gone, {"lease_until": EPOCH})

    def recall(self, now: datetime) -> int:
        """Send now what a clock that was ahead put off for too long, unless its place is held; alerts
        keep their distance. Returns how many."""
        holds.recall_holds(self._engine, now)
        no_alert = ~t.outbox.c.dedup_key.startswith(ALERT_KEY_PREFIX)
        return self.queue.recall(self._engine, now, LONGEST_WAIT, no_alert)

    def find_oldest_open(self) -> datetime | None:
        """When the oldest message that has not gone out was decided; None when all have."""
        oldest: datetime | None = self.queue.find_oldest(self._engine, "created_at")
        return oldest

    def count_messages(self, state: str) -> int:
        """How many messages are in `state` (owed, sending, waiting, later, sent, dropped, dead)."""
        return self.queue.count(self._engine, state)

    def _update(self, owed: OutboxRow, values: dict[str, Any]) -> None:
        with write_transaction(self._engine) as connection:
            self._update_sending(connection, owed, values)

    def _update_sending(
        self, connection: Connection, owed: OutboxRow, values: dict[str, Any]
    ) -> bool:
        """Change a message that is being sent; False when another sender has ended it. Its owner is
        not asked for: a sender whose lease ended may still report what became of it."""
        return self.queue.update_held(connection, [owed.seq], values)

    def _requeue(self, connection: Connection, owed: OutboxRow) -> bool:
        return self._update_sending(connection, owed, _REQUEUED | {"attempts": owed.attempts + 1})
