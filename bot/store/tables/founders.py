"""What founders keep with Naru: ratings, linked accounts, subscriptions, and what was announced."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

ratings = Table(
    "ratings",
    metadata,
    Column("case_number", Integer, primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("score", String(10)),  # None: not answered
    Column("words", Text, nullable=False),
)

linked_accounts = Table(
    "linked_accounts",
    metadata,
    Column("account", String(200), primary_key=True),  # channel:user
    Column("firm", String(40), nullable=False, index=True),
    Column("linked_at", UtcDateTime, nullable=False),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("account", String(200), primary_key=True),  # who was shown the code
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("account", String(200), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("value", String(80), primary_key=True),
    Column("forms", JSON, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("consent", String(40), nullable=False),
)

announced_editions = Table(
    "announced_editions",
    metadata,
    Column("edition", Integer, primary_key=True),
    Column("announced_at", UtcDateTime, nullable=False),
)

announced_versions = Table(
    "announced_versions",
    metadata,
    Column("document", String(200), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("seen_at", UtcDateTime),  # when it was last in an edition that was announced
)

web_lines = Table(  # of the founders' page
    "web_lines",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("line_key", String(200), nullable=False, unique=True),
    Column("chat", String(32), nullable=False),
    Column("is_naru", Boolean, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("web_lines_chat", "chat", "pk"),
)
