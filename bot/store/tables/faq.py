"""Questions with answers that were made from cases."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Integer, String, Table, Text

from bot.store.tables.base import metadata
from knowledge.database.engine import UtcDateTime

faq_drafts = Table(
    "faq_drafts",
    metadata,
    Column("case_number", Integer, primary_key=True, autoincrement=False),
    Column("mission", String(40), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("question", Text, nullable=False),
    Column("paraphrases", JSON, nullable=False),
    Column("answer", Text, nullable=False),
    Column("topic", String(40), nullable=False),
    Column("countries", JSON, nullable=False),
    Column("owner", String(100), nullable=False),  # channel:user, or the command line
    Column("made_at", UtcDateTime, nullable=False),
    Column("review_by", Date, nullable=False),
    Column("state", String(20), nullable=False),
    Column("checked_on", Date),
    Column("settled_by", String(100), nullable=False),
    Column("reminded_of", Date),
    Column("version", Integer, nullable=False),
)
