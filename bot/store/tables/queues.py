"""The queues: what came in, what goes out, and the places that hold it back."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

inbox = Table(
    "inbox",
    metadata,
    Column("seq", BigKey, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("event_key", String(200), nullable=False),
    Column("natural_key", String(200)),  # one message may arrive as two events
    Column("lane", String(200), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(10), nullable=False),  # waiting working done ignored dead
    Column("attempts", Integer, nullable=False),
    Column("ready_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("owner", String(80)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("error", Text),
    Column("person", String(200), nullable=False, server_default=""),  # whose turn it takes
    Column("claimed_at", UtcDateTime),
    Column("sender", String(200), nullable=False, server_default=""),  # whose words: channel:user
    UniqueConstraint("channel", "event_key"),
    UniqueConstraint("channel", "natural_key"),
    Index("inbox_lane", "lane", "state", "seq"),
    Index("inbox_state", "state", "ready_at"),
    Index("inbox_person", "person", "claimed_at"),
    Index("inbox_sender", "sender"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigKey, primary_key=True),
    Column("dedup_key", String(250), nullable=False, unique=True),
    Column("channel", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("lane", String(200), nullable=False),
    Column("address", JSON, nullable=False),
    Column("act", String(10), nullable=False),
    Column("body", JSON, nullable=False),
    Column("case_number", Integer),
    Column("unless_taken", Integer),
    Column("state", String(10), nullable=False),  # owed sending waiting later sent dropped dead
    Column("attempts", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),  # tries that ended in an unknown error
    Column("plain", Boolean, nullable=False),  # the platform refused the markup
    Column("ready_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("owner", String(80)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", String(80)),
    Column("lost", Integer, nullable=False, server_default="0"),  # senders that died over it
    Column("error", Text),
    Column("after_key", String(250), index=True),  # `later` until that message has gone out
    Column("held_at", UtcDateTime),  # since when its place refuses
    Column("told", Boolean, nullable=False),  # somebody was told that it waits
    Column("maybe_sent", Boolean, nullable=False),  # a try before it waited may have gone out
    Column("forget_sent", Boolean, nullable=False, server_default=false()),  # not kept once sent
    Index("outbox_lane", "lane", "state", "seq"),
    Index("outbox_state", "state", "ready_at"),
    Index("outbox_place", "channel", "chat", "state"),
    sqlite_autoincrement=True,
)

holds = Table(
    "holds",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("chat", String(80), primary_key=True),  # "": all of the channel
    Column("lane", String(200), primary_key=True),  # "": all of the chat
    Column("kind", String(10), primary_key=True),  # rate room person reader
    Column("reason", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
)
