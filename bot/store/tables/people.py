"""What is known of founders and of staff."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

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
    Index("conversations_room", "channel", "chat"),
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

seats = Table(  # what a body's lead has set for the seat of a member
    "seats",
    metadata,
    Column("mission", String(40), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("user", String(80), primary_key=True),
    Column("topics", JSON(none_as_null=True)),  # none: those of the role
    Column("languages", JSON, nullable=False),
    Column("capacity", Integer),
    Column("away_from", Date),
    Column("away_until", Date),
    Column("stand_in", String(120), nullable=False),  # channel:user
)

body_hours = Table(
    "body_hours",
    metadata,
    Column("mission", String(40), primary_key=True),
    Column("slots", JSON, nullable=False),
    Column("off_holidays", JSON, nullable=False),
    Column("extra_holidays", JSON, nullable=False),
    Column("assumed", Boolean, nullable=False),
)
