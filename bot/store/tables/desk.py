"""What the bodies' desk keeps: meetings, resolutions, digests, and files that Naru made."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Integer, LargeBinary, String, Table, Text

from bot.store.tables.base import BigKey, metadata
from knowledge.database.engine import UtcDateTime

meetings = Table(
    "meetings",
    metadata,
    Column("uid", String(120), primary_key=True),
    Column("mission", String(40), nullable=False, index=True),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", String(200), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("agenda_sent_at", UtcDateTime),
)

resolutions = Table(
    "resolutions",
    metadata,
    Column("number", BigKey, primary_key=True),
    Column("mission", String(40), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("due", Date),
    Column("resolved_on", Date, nullable=False),
    Column("entered_by", String(100), nullable=False),
    Column("state", String(10), nullable=False),  # open done dropped
    Column("settled_at", UtcDateTime),
    sqlite_autoincrement=True,
)

digests = Table(  # a quarter's figures, made once: two makings would subtract to one firm
    "digests",
    metadata,
    Column("quarter", String(10), primary_key=True),
    Column("figures", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)

desk_files = Table(  # invitations and papers until their message has gone out
    "desk_files",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

insights = Table(
    "insights",
    metadata,
    Column("number", BigKey, primary_key=True),
    Column("mission", String(40), nullable=False),
    Column("text", Text, nullable=False),  # without personal data
    Column("said_by", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("countries", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("state", String(10), nullable=False),  # new answered drafted
)

desk_answers = Table(
    "desk_answers",
    metadata,
    Column("number", BigKey, primary_key=True),
    Column("text", Text, nullable=False),
    Column("said_by", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("told", JSON, nullable=False),
    Column("roomless", JSON, nullable=False),
    Column("insight", BigKey, index=True),
    sqlite_autoincrement=True,
)
