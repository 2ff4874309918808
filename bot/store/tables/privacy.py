"""What people agreed to, and who is blocked."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

consents = Table(  # only added to; an erasure takes the person out
    "consents",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("account", String(200), nullable=False),  # channel:user, or erased
    Column("item", String(20), nullable=False),
    Column("version", String(20), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("scope", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("consents_account", "account"),
)

blocks = Table(
    "blocks",
    metadata,
    Column("account", String(200), primary_key=True),  # channel:user
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
