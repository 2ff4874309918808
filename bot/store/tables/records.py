"""What the bot notes of its own work."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

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

answers = Table(  # what founders were answered, for the console; see bot.types.LoggedAnswer
    "answers",
    metadata,
    Column("number", BigKey, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("asker", String(64), nullable=False, index=True),  # a digest of the conversation's key
    Column("verdict", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("question", Text, nullable=False),  # without personal data
    Column("answer", Text, nullable=False),
    Column("topic", String(40), nullable=False),
    Column("country", String(2), nullable=False),
    Column("mission", String(40), nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Column("thumb", String(10), nullable=False),
    Column("wrong_by", String(200), nullable=False),
    Column("wrong_at", UtcDateTime),
    Column("right", Text, nullable=False),
)
