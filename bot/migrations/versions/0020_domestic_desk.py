"""Linked cases at the domestic desk, what missions learned, and what the desk told them.

Revision ID: 0020
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0020"
down_revision = "0024"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the parent of a case, and make the two tables."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("parent", sa.Integer))
        batch.create_index("ix_cases_parent", ["parent"])
    op.create_table(
        "insights",
        sa.Column("number", BIG_KEY, primary_key=True),
        sa.Column("mission", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_by", sa.String(100), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("countries", sa.JSON, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_table(
        "desk_answers",
        sa.Column("number", BIG_KEY, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_by", sa.String(100), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("roomless", sa.JSON, nullable=False),
        sa.Column("insight", BIG_KEY, index=True),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("desk_answers", "insights"):
        op.drop_table(table)
    with op.batch_alter_table("cases") as batch:
        batch.drop_index("ix_cases_parent")
        batch.drop_column("parent")
