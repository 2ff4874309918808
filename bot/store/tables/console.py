"""The staff console: links to sign in, sessions, accounts without a messenger, and notices."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, true

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

console_links = Table(
    "console_links",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the token, which is not kept
    Column("account", String(200), nullable=False, index=True),  # channel:user
    Column("made_at", UtcDateTime, nullable=False),
    Column("spent_at", UtcDateTime),
)

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("id", String(64), primary_key=True),  # the digest of the cookie, which is not kept
    Column("account", String(200), nullable=False, index=True),
    Column("agent", String(200), nullable=False),
    Column("language", String(2), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("letter_keys", Boolean, nullable=False, server_default=true()),
    Column("revoked_at", UtcDateTime),
)

console_accounts = Table(
    "console_accounts",
    metadata,
    Column("email", String(200), primary_key=True),
    Column("secret", String(64), nullable=False),  # of the one-time codes, in base 32
    Column("added_by", String(200), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("last_step", Integer, nullable=False),  # a code is good once
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("email", String(200), nullable=False, index=True),
    Column("spent_at", UtcDateTime),
)

console_notices = Table(
    "console_notices",
    metadata,
    Column("pk", BigKey, primary_key=True),
    Column("event", String(80), nullable=False, unique=True),
    Column("account", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("case_number", Integer),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    Index("console_notices_account", "account", "seen_at"),
)

console_presence = Table(  # who has which case open in which tab
    "console_presence",
    metadata,
    Column("account", String(200), primary_key=True),
    Column("case_number", Integer, primary_key=True),
    Column("tab", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("console_presence_case", "case_number", "seen_at"),
)
