"""The bot's tables: queues (inbox, outbox) and records."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from knowledge.database.engine import UtcDateTime

metadata = MetaData()
OPEN_CASE_STATES = ("open", "taken")
BigKey = BigInteger().with_variant(Integer, "sqlite")

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

conversations = Table(
    "conversations",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("thread", String(80)),
    Column("user", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    Column("case_number", Integer),
    Column("memory", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("question", Text, nullable=False),
    Column("place", JSON),
    Column("competent", String(40), nullable=False),
    Column("mission", String(40), nullable=False, index=True),
    Column("via", String(20), nullable=False),
    Column("body", String(20)),
    Column("reason", Text, nullable=False, default=""),  # a sentence; of rows without a basis
    Column("basis", Text),
    Column("urgency", String(10), nullable=False),
    Column("sealed", Boolean, nullable=False),
    Column("found", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("taken_by", String(80)),  # channel:user
    Column("taken_role", String(40)),
    Column("taken_name", String(80)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
)

offer_choices = Table(  # which section answers which question, as people showed
    "offer_choices",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("conversation", String(200), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("question", Text, nullable=False),  # without personal data
    Column("document", String(200), nullable=False),
    Column("heading", JSON, nullable=False),
    Column("source", String(10), nullable=False, server_default="chosen"),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("reserved_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,  # a number is given once, even if no case is opened with it
)

case_lines = Table(
    "case_lines",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("case_number", Integer, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("author", String(10), nullable=False),
    Column("role", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("files", JSON, nullable=False),
)

staff_threads = Table(
    "staff_threads",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("case_number", Integer, nullable=False, index=True),
    Column("mission", String(40), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("thread", String(80)),
    Column("card", String(80)),
    Column("current", Boolean, nullable=False),
    Index("staff_threads_place", "channel", "chat", "thread"),
)

bindings = Table(
    "bindings",
    metadata,
    Column("mission", String(40), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("mission", String(40), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("user", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    Column("is_lead", Boolean, nullable=False),
    Column("reads_sealed", Boolean, nullable=False),
    Column("admitted_by", String(100), nullable=False),
    Column("admitted_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
)

unadmitted = Table(
    "unadmitted",
    metadata,
    Column("thread", String(40), primary_key=True),  # a staff thread's id
    Column("channel", String(40), primary_key=True),
    Column("user", String(80), primary_key=True),
    Column("chat", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("act", Text, nullable=False),
)

heartbeats = Table(  # one row, written to see whether the database can be written
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("filling", Text, nullable=False),
)
