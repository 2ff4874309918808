"""Rows of the outbox: how a decided message becomes one, and in which lane and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.messages import Address, Content, Outgoing, OutgoingAct
from bot.store import holds
from bot.store import tables as t
from bot.store.holds import EDIT_LANE_SUFFIX
from bot.store.serialisation import dump_line, dump_record, load_record
from bot.types import CaseMessage
from knowledge.database.engine import insert_new
from knowledge.database.peers import send_signal

EDIT_ACTS = ("recard", "close", "reopen")
UNSENT_STATES = ("owed", "sending", "waiting")
ALERT_KEY_PREFIX = "edition:"  # of alerts, which are put off one after another on purpose


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that this sender holds.

    `case` is the case it belongs to, `unless_taken` the case whose taking makes it void.
    `lane` is its address's, an edit's one of its own. `attempts`: tries that failed; `refusals`:
    those that ended in an unknown error; `plain`: the platform refused its markup; `doubtful`: an
    earlier try may have gone out; `held_at`: since when its place refuses, None if it does not;
    `lost`: senders that died or hung over it.
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
    lane: str = ""
    refusals: int = 0
    held_at: datetime | None = None
    lost: int = 0

    @property
    def is_edit(self) -> bool:
        """Whether it changes a card or a thread instead of saying something."""
        return self.act in EDIT_ACTS


def add_decided(
    connection: Connection, prefix: str, decided: Sequence[Outgoing], now: datetime,
    *, moved: bool = False,
) -> None:  # fmt: skip
    """Owe the messages of one decision, with keys that begin with `prefix`. A receipt waits until
    the last message before it that goes to a staff thread has gone out, a report to staff until the
    last one that is void once a person has the case. `moved` says that threads
    were retired: receipts of what they did not get wait for the opening of the next thread."""
    _audit_readers(connection, decided, now)
    receipt_of: str | None = None
    report_of: str | None = None
    openings: dict[int | None, str] = {}  # the last message that opens a new thread, by case
    refusals = holds.find_refusals(connection, {(one.to.channel, one.to.chat) for one in decided})
    rows = []
    for number, outgoing in enumerate(decided, 1):
        key = f"{prefix}:{number}"
        after = receipt_of if outgoing.is_receipt else report_of if outgoing.is_report else None
        rows.append(_build_row(connection, key, outgoing, now, refusals, after))
        if outgoing.unless_taken is not None:
            report_of = key
        if outgoing.to.staff_thread and outgoing.act in ("send", "card"):
            receipt_of = key
            if outgoing.act == "card" or outgoing.case in openings:
                openings[outgoing.case] = key
    _insert_rows(connection, rows)
    if moved:
        for case, key in openings.items():
            _move_receipts(connection, case, key)
        _drop_receipts_of_dropped(connection)


def _audit_readers(connection: Connection, decided: Sequence[Outgoing], now: datetime) -> None:
    """Write down which officer is given which sealed case to read, once for each decision."""
    c = t.conversations.c
    for lane, chat, case in dict.fromkeys(
        (one.to.lane, f"{one.to.channel}:{one.to.chat}", one.case)
        for one in decided
        if one.opens_seal
    ):
        known = select(c.channel.concat(":").concat(c.user)).where(c.key == lane)
        who = connection.execute(known).scalar() or chat  # a person's id stands for their chat
        act = f"given to read: sealed case {case}"
        connection.execute(insert(t.audit).values(at=now, who=who, act=act))


def add_outgoing(connection: Connection, key: str, outgoing: Outgoing, now: datetime) -> None:
    """Owe a message inside the transaction that decided it; only once per `key`."""
    refusals = holds.find_refusals(connection, {(outgoing.to.channel, outgoing.to.chat)})
    _insert_rows(connection, [_build_row(connection, key, outgoing, now, refusals)])


def _insert_rows(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is new, and tell the other workers if something can go at once."""
    if rows:
        connection.execute(insert_new(connection, t.outbox), rows)
    if any(row["state"] == "owed" for row in rows):
        send_signal(connection, "outbox")


def _build_row(
    connection: Connection, key: str, outgoing: Outgoing, now: datetime,
    refusals: Sequence[holds.Hold], after_key: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The row of a message; it waits for the places that refuse. With `after_key` it is owed only
    once that message has gone out."""
    to, lane = outgoing.to, choose_lane(outgoing.to, outgoing.act)
    refused = any(hold.covers(to.channel, to.chat, lane) for hold in refusals)
    state = "later" if after_key else "waiting" if refused else "owed"
    if refused and _is_left(connection, to):
        state = "dropped"
    return {
        "dedup_key": key, "channel": to.channel, "chat": to.chat, "lane": lane,
        "address": dump_record(to), "act": outgoing.act, "body": dump_record(outgoing.content),
        "case_number": outgoing.case, "unless_taken": outgoing.unless_taken, "state": state,
        "attempts": 0, "refusals": 0, "plain": False, "told": False, "maybe_sent": False,
        "ready_at": now, "created_at": now, "after_key": after_key,
        "held_at": now if state == "waiting" else None, "forget_sent": outgoing.forget_sent,
    }  # fmt: skip


def _is_refused(connection: Connection, row: Any) -> bool:
    """Whether the place that a row is for takes nothing for now."""
    refusals = holds.find_refusals(connection, {(row.channel, row.chat)})
    return any(hold.covers(row.channel, row.chat, row.lane) for hold in refusals)


def _is_left(connection: Connection, to: Address) -> bool:
    """Whether a chat was a staff room and is bound no longer."""
    s, b = t.staff_threads.c, t.bindings.c
    was_room = select(s.id).where(s.channel == to.channel, s.chat == to.chat).limit(1)
    bound = select(b.mission).where(b.channel == to.channel, b.chat == to.chat).limit(1)
    return bool(connection.execute(was_room).first() and not connection.execute(bound).first())


def _move_receipts(connection: Connection, case: int | None, key: str) -> None:
    """Let the receipts of a case's messages that were dropped with their thread wait for the message
    `key`, with which the new thread has the whole record."""
    o, gone = t.outbox.c, t.outbox.alias()
    dropped = select(gone.c.dedup_key).where(gone.c.state == "dropped", gone.c.case_number == case)
    mine = and_(o.state == "later", o.case_number == case, o.after_key.in_(dropped))
    connection.execute(update(t.outbox).where(mine).values(after_key=key))


def _drop_receipts_of_dropped(connection: Connection) -> None:
    """Drop what waits for messages that were dropped: they are never passed on."""
    o, gone = t.outbox.c, t.outbox.alias()
    dropped = select(gone.c.dedup_key).where(gone.c.state == "dropped")
    mine = and_(o.state == "later", o.after_key.in_(dropped))
    connection.execute(update(t.outbox).where(mine).values(state="dropped"))


def choose_lane(to: Address, act: str) -> str:
    """An edit has a lane of its own, so that no words ever wait for it."""
    return f"{to.lane}{EDIT_LANE_SUFFIX}" if act in EDIT_ACTS else to.lane


@lru_cache(maxsize=32)  # a claim keeps its statements for the same expression
def limit_to_sendable(channels: tuple[str, ...]) -> ColumnElement[bool]:
    """Which rows of `channels` may go out at the moment that is bound to `now`."""
    return and_(t.outbox.c.channel.in_(channels), ~holds.is_held(), ~_follows_words())


def _follows_words() -> ColumnElement[bool]:
    """Whether a row is an edit, and words of its thread that were decided before are not sent."""
    o, words = t.outbox.c, t.outbox.alias()
    thread = func.substr(o.lane, 1, func.length(o.lane) - len(EDIT_LANE_SUFFIX))
    before = exists().where(
        words.c.lane == thread, words.c.seq < o.seq, words.c.state.in_(UNSENT_STATES)
    )
    return and_(o.act.in_(EDIT_ACTS), before)


def settle_receipts(
    connection: Connection, owed: OutboxRow, now: datetime, *, delivered: bool
) -> None:
    """Owe the receipts and reports of a message that went out, and drop those of one that never
    will. Of messages to staff that waited together only the last one's receipt is sent."""
    o, later = t.outbox.c, t.outbox.alias()
    mine = and_(o.after_key == owed.key, o.state == "later")
    if delivered and owed.held_at is not None and owed.address.staff_thread:
        same_lane = and_(later.c.lane == owed.lane, later.c.seq > owed.seq)
        unsent = select(later.c.dedup_key).where(same_lane, later.c.state.in_(UNSENT_STATES))
        delivered = not connection.execute(
            select(o.seq).where(o.state == "later", o.after_key.in_(unsent)).limit(1)
        ).first()
    released = "owed" if delivered else "dropped"
    for row in connection.execute(select(o.seq, o.channel, o.chat, o.lane).where(mine)).all():
        waits = delivered and _is_refused(connection, row)
        values = {"state": "waiting", "held_at": now} if waits else {"state": released}
        same = update(t.outbox).where(o.seq == row.seq)
        connection.execute(same.values(ready_at=now, **values))


def withhold_reports(connection: Connection, owed: OutboxRow, said: CaseMessage) -> None:
    """Drop the reports of a message that is void, and let the record of its case say (`said`) that
    what it has of it was not sent."""
    o = t.outbox.c
    waiting = select(o.seq).where(o.after_key == owed.key, o.state == "later").limit(1)
    if owed.case is not None and connection.execute(waiting).first():
        connection.execute(insert(t.case_lines), dump_line(owed.case, said))
    settle_receipts(connection, owed, said.at, delivered=False)


def move_behind_opening(connection: Connection, lane: str, prefix: str) -> None:
    """Give what a lane had not sent yet new numbers, in the same order, behind the opening whose
    keys begin with `prefix`: a copy takes the place of each, under its own key. An opening before
    that one, which was not sent to its end, is dropped."""
    o = t.outbox.c
    unsent = select(t.outbox).where(o.lane == lane, o.state.in_(UNSENT_STATES))
    for row in connection.execute(unsent.order_by(o.seq)).all():
        if row.dedup_key.startswith(prefix):
            continue
        same = o.seq == row.seq
        if row.act == "card" or ":opening:" in row.dedup_key:
            connection.execute(update(t.outbox).where(same).values(state="dropped"))
            continue
        values = {name: value for name, value in row._asdict().items() if name != "seq"}
        connection.execute(delete(t.outbox).where(same))
        connection.execute(insert(t.outbox).values(values))


def update_staff_thread(connection: Connection, staff_thread: str, values: dict[str, Any]) -> None:
    """Change the columns `values` of a staff thread."""
    connection.execute(
        update(t.staff_threads).where(t.staff_threads.c.id == staff_thread).values(values)
    )


def load_outbox_row(row: Row[Any], lost: int = 0) -> OutboxRow:
    """The message that a row holds; `lost` senders died or hung over it. Raises UnreadableRecord if its address or content cannot be read."""
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
        doubtful=row.state == "sending" or row.maybe_sent,
        created_at=row.created_at,
        lane=row.lane,
        refusals=row.refusals,
        held_at=row.held_at,
        lost=lost,
    )
