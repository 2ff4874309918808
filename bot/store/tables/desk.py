"""Files that Naru made."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from bot.store.tables.base import metadata
from knowledge.database.engine import UtcDateTime

desk_files = Table(  # invitations and papers until their message has gone out
    "desk_files",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
