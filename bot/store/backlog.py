"""What piles up for a room that its messenger limits goes out as one message, with every word.

Telegram takes 20 messages a minute for a group and says how long to wait; a founder who writes more
than that would be read minutes later, one message at a time. And the others of that room as well, so
that one thread gets a share of it only. See docs/decisions/0105-limits-blocks-and-floods.md and
docs/decisions/0110-one-flood-delays-itself.md
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from bot.cases.rooms import STAFF_LANGUAGE
from bot.messages import Content
from bot.phrases import render_phrase
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from knowledge.database.engine import write_transaction

LIMITED = "limited"  # the `error` of a message that its platform put off
JOINED_UTF16 = 3_500  # of joined texts, below what one message of any messenger carries
JOINED_ROWS = 100  # that are looked at
PACE_SPAN = timedelta(minutes=1)  # as Telegram counts
THREAD_SENDS_PER_SPAN = 15  # of the 20 that Telegram takes for a group, one thread's share


def pace_thread(engine: Engine, row: Row[Any], now: datetime) -> bool:
    """Whether a claimed message waits because its staff thread had its share of the room just now: it
    is put off, and will take along what waits behind it. One that may be there already is not."""
    if _may_be_there(row) or not row.address.get("staff_thread"):
        return False
    o = t.outbox.c
    sent = select(o.sent_at).where(
        o.lane == row.lane, o.state == "sent", o.seq < row.seq,
        o.sent_at > now - PACE_SPAN, o.sent_at <= now,  # later: by a clock that was ahead
    )  # fmt: skip
    with engine.connect() as connection:
        recent = list(connection.execute(sent.order_by(o.sent_at.desc())).scalars())
    if len(recent) < THREAD_SENDS_PER_SPAN:
        return False
    until = recent[THREAD_SENDS_PER_SPAN - 1] + PACE_SPAN
    put_off = {
        "state": "owed",
        "ready_at": until,
        "error": LIMITED,
        "lease_until": None,
        "owner": None,
    }
    with write_transaction(engine) as connection:
        connection.execute(update(t.outbox).where(o.seq == row.seq).values(put_off))
    return True


def join_backlog(engine: Engine, row: Row[Any]) -> Content | None:
    """The content of a claimed message that had been put off, with the words of those that wait
    behind it for the same staff thread; None where there is nothing to join. Those are closed, and
    what waited for them waits for this one."""
    if row.error != LIMITED or _may_be_there(row) or not row.address.get("staff_thread"):
        return None
    o = t.outbox.c
    behind = select(t.outbox).where(o.lane == row.lane, o.seq > row.seq, o.state == "owed")
    with write_transaction(engine) as connection:
        waiting = connection.execute(behind.order_by(o.seq).limit(JOINED_ROWS)).all()
        joined = _take_joinable([row, *waiting])
        if len(joined) < 2:
            return None
        content = _join([load_record(Content, one.body) for one in joined])
        same = update(t.outbox).where(o.seq == row.seq)
        connection.execute(same.values(body=dump_record(content)))
        _close_joined(connection, row, joined[1:])
    return content


def _may_be_there(row: Row[Any]) -> bool:
    """Whether a claimed message may have gone out: found in its place it counts as sent, and words
    that were joined to it since would be lost."""
    return bool(row.state == "sending" or row.maybe_sent)


def _take_joinable(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The rows up to the first that is more than words, or that would make the text too long."""
    taken: list[Row[Any]] = []
    length = 0
    for row in rows:
        body = row.body
        more = any(body.get(name) for name in ("buttons", "files", "details", "ask_location"))
        length += len(body["text"].encode("utf-16-le")) // 2 + 2
        is_words = row.act == "send" and row.unless_taken is None and not more
        if not is_words or length > JOINED_UTF16:
            break
        if taken and bool(body.get("protect")) != bool(taken[0].body.get("protect")):
            break
        taken.append(row)
    return taken


def _join(contents: list[Content]) -> Content:
    head = render_phrase("staff.joined", STAFF_LANGUAGE, count=len(contents))
    text = "\n\n".join([head, *(one.text for one in contents)])
    relayed = any(one.relayed for one in contents)
    return Content(text, protect=contents[0].protect, relayed=relayed)


def _close_joined(connection: Connection, row: Row[Any], joined: list[Row[Any]]) -> None:
    """Close messages whose words go out with `row`; of the receipts that waited for them all, the
    last is sent."""
    o = t.outbox.c
    keys = [one.dedup_key for one in joined]
    closed = {"state": "dropped", "error": f"went out with message {row.seq}"}
    connection.execute(update(t.outbox).where(o.dedup_key.in_(keys)).values(closed))
    later = select(o.seq).where(o.state == "later", o.after_key.in_([row.dedup_key, *keys]))
    receipts = list(connection.execute(later.order_by(o.seq)).scalars())
    if receipts:
        last = update(t.outbox).where(o.seq == receipts[-1])
        connection.execute(last.values(after_key=row.dedup_key))
        others = update(t.outbox).where(o.seq.in_(receipts[:-1]))
        connection.execute(others.values(state="dropped"))
