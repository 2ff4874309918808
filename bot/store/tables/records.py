"""What the bot notes of its own work."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

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
