"""Meetings of the bodies, what they resolved, quarterly digests, and files that Naru made.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0017"
down_revision = "0016"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "meetings",
        sa.Column("uid", sa.String(120), primary_key=True),
        sa.Column("mission", sa.String(40), nullable=False, index=True),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.Column("agenda_sent_at", UtcDateTime),
    )
    op.create_table(
        "resolutions",
        sa.Column("number", BIG_KEY, primary_key=True),
        sa.Column("mission", sa.String(40), nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("resolved_on", sa.Date, nullable=False),
        sa.Column("entered_by", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("settled_at", UtcDateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "digests",
        sa.Column("quarter", sa.String(10), primary_key=True),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
    )
    op.create_table(
        "desk_files",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("desk_files", "digests", "resolutions", "meetings"):
        op.drop_table(table)
