"""Messages that wait for a reader: claimed when the reader comes, in order, and put back if that fails."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, or_, select

from bot.store import holds
from bot.store import tables as t
from bot.store.outbox_rows import OutboxRow, load_outbox_row
from knowledge.database.engine import write_transaction
from knowledge.database.leases import LeaseQueue

HANDOUT_LEASE = timedelta(seconds=60)  # longer than a reader's platform is waited for
HANDOUT_BATCH_ROWS = 100  # of one chat that are claimed at once; more than one reply carries


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What a reader's chat waits for: `is_busy` says that an event of theirs is not handled yet or
    that messages are on their way to them, `has_messages` that something can be handed out, `has_receipts` that more follows once what they
    wrote has reached staff."""

    is_busy: bool = False
    has_messages: bool = False
    has_receipts: bool = False


class Readers:
    """The outbox rows of channels that hand out their messages. Every method is one transaction.

    Such a row is `waiting` from the beginning, because its channel is held (see `keep_channel`),
    `sending` while it is being handed out, and then `sent` like any other.
    """

    def __init__(self, engine: Engine, *, lease: timedelta = HANDOUT_LEASE) -> None:
        self._engine = engine
        self._queue = LeaseQueue(
            t.outbox, waiting="waiting", working="sending", lease=lease, lost="lost"
        )

    def keep_channel(self, channel: str, now: datetime) -> None:
        """From now on send nothing to `channel`: what is owed there waits for its readers."""
        with write_transaction(self._engine) as connection:
            holds.hold_for_readers(connection, channel, now)

    def claim(self, owner: str, now: datetime, channel: str, chat: str) -> list[OutboxRow]:
        """Lease to `owner` what waits for the reader of a private chat, the oldest first; [] while
        another process hands it out. Raises UnreadableRecord if a row cannot be read."""
        o = t.outbox.c
        here = (o.channel == channel) & (o.chat == chat)
        rows = self._queue.claim(self._engine, owner, now, here, batch=HANDOUT_BATCH_ROWS)
        return [load_outbox_row(row) for row in rows]

    def put_back(self, rows: Sequence[OutboxRow], *, maybe_seen: bool = False) -> None:
        """Let claimed rows wait for their reader again; `maybe_seen`: this try may have reached
        them."""
        values: dict[str, Any] = {"state": "waiting", "lease_until": None, "owner": None}
        values |= {"maybe_sent": True} if maybe_seen else {}
        with write_transaction(self._engine) as connection:
            self._queue.update_held(connection, [row.seq for row in rows], values)

    def find_states(
        self, channel: str, chats: Collection[str], now: datetime
    ) -> dict[str, ReaderState]:
        """What each of the private `chats` of a channel waits for."""
        i, o = t.inbox.c, t.outbox.c
        lanes = [f"{channel}:{chat}" for chat in chats]
        events = select(i.lane).where(
            i.channel == channel, i.lane.in_(lanes), i.state.in_(("waiting", "working"))
        )
        on_their_way = and_(o.state == "sending", o.lease_until >= now)
        rows = select(o.chat, o.state).where(
            o.channel == channel,
            o.chat.in_(chats),
            or_(o.state.in_(("waiting", "later")), on_their_way),
        )
        with self._engine.connect() as connection:
            # What is decided between the two reads is found by the second.
            unhandled = set(connection.execute(events.distinct()).scalars())
            found = {(row.chat, row.state) for row in connection.execute(rows.distinct())}
        return {
            chat: ReaderState(
                is_busy=f"{channel}:{chat}" in unhandled or (chat, "sending") in found,
                has_messages=(chat, "waiting") in found,
                has_receipts=(chat, "later") in found,
            )
            for chat in chats
        }

    def has_heard_of_case(self, channel: str, chat: str, case: int) -> bool:
        """Whether a message about a case was handed out in a chat, as far back as messages are kept."""
        o = t.outbox.c
        query = select(o.seq).where(
            o.channel == channel, o.chat == chat, o.case_number == case, o.state == "sent"
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None
