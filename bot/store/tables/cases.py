"""Cases, their records, their logs and the threads staff work in."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from bot.types import OPEN_STATES
from knowledge.database.engine import UtcDateTime

OPEN_CASE_STATES = OPEN_STATES

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
    Column("asked_at", UtcDateTime),
    Column("state", String(20), nullable=False, index=True),
    Column("taken_by", String(80)),  # channel:user
    Column("taken_role", String(40)),
    Column("taken_name", String(80)),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("wait_until", UtcDateTime),
    Column("merged_into", Integer),
    Column("parent", Integer, index=True),
    Column("offer", JSON(none_as_null=True)),  # which seat it is offered to first
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
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

case_log = Table(  # triggers refuse changes and deletions, see bot/migrations/versions/0016
    "case_log",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("case_number", Integer, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(100), nullable=False),  # channel:user, naru, or erased
    Column("role", String(10), nullable=False),
    Column("act", String(20), nullable=False),
    Column("before", String(20)),
    Column("after", String(20), nullable=False),
    Column("detail", String(100), nullable=False),
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
