"""The bot's first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the bot's first tables."""
    op.create_table(
        "inbox",
        sa.Column("seq", SEQUENCE, primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("event_key", sa.String(200), nullable=False),
        sa.Column("natural_key", sa.String(200)),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("ready_at", sa.String(32), nullable=False),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("owner", sa.String(80)),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("done_at", sa.String(32)),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("channel", "event_key"),
        sa.UniqueConstraint("channel", "natural_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("inbox_lane", "inbox", ["lane", "state", "seq"])
    op.create_index("inbox_state", "inbox", ["state", "ready_at"])
    op.create_table(
        "outbox",
        sa.Column("seq", SEQUENCE, primary_key=True),
        sa.Column("dedup_key", sa.String(250), nullable=False, unique=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("address", sa.JSON, nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("case_number", sa.Integer),
        sa.Column("unless_taken", sa.Integer),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("plain", sa.Boolean, nullable=False),
        sa.Column("ready_at", sa.String(32), nullable=False),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("owner", sa.String(80)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("message_id", sa.String(80)),
        sa.Column("error", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_state", "outbox", ["state", "ready_at"])
    op.create_index("outbox_lane", "outbox", ["lane", "state", "seq"])
    op.create_table(
        "conversations",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("chat", sa.String(80), nullable=False),
        sa.Column("thread", sa.String(80)),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("case_number", sa.Integer),
        sa.Column("memory", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(200), nullable=False, index=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("place", sa.JSON),
        sa.Column("competent", sa.String(40), nullable=False),
        sa.Column("mission", sa.String(40), nullable=False, index=True),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("body", sa.String(20)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("urgency", sa.String(10), nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("taken_by", sa.String(80)),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("taken_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_numbers",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("reserved_at", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_lines",
        sa.Column("pk", SEQUENCE, primary_key=True),
        sa.Column("case_number", sa.Integer, nullable=False, index=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("author", sa.String(10), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
    )
    op.create_table(
        "staff_threads",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("case_number", sa.Integer, nullable=False, index=True),
        sa.Column("mission", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("chat", sa.String(80), nullable=False),
        sa.Column("thread", sa.String(80)),
        sa.Column("card", sa.String(80)),
        sa.Column("current", sa.Boolean, nullable=False),
    )
    op.create_index("staff_threads_place", "staff_threads", ["channel", "chat", "thread"])
    op.create_table(
        "bindings",
        sa.Column("mission", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("chat", sa.String(80), nullable=False),
    )
    op.create_table(
        "seats",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("user", sa.String(80), primary_key=True),
        sa.Column("role", sa.String(40), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("pk", SEQUENCE, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables in the order of their references."""
    for table in (
        "audit",
        "seats",
        "bindings",
        "staff_threads",
        "case_lines",
        "case_numbers",
        "cases",
        "conversations",
        "outbox",
        "inbox",
    ):
        op.drop_table(table)
