"""When each source, and each page of it, was last read.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of sources and of their pages."""
    op.create_table(
        "sources",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("max_age", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.String(32)),
        sa.Column("read_at", sa.String(32)),
        sa.Column("next_at", sa.String(32)),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("failed_at", sa.String(32)),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("owner", sa.String(80)),
        sa.Column("lease_until", sa.String(32)),
    )
    op.create_table(
        "source_pages",
        sa.Column("source", sa.String(60), sa.ForeignKey("sources.name", ondelete="CASCADE"),
                  primary_key=True),
        sa.Column("file", sa.String(120), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("modified", sa.Text, nullable=False),
        sa.Column("read_at", sa.String(32)),
    )  # fmt: skip


def downgrade() -> None:
    """Drop both tables."""
    for table in ("source_pages", "sources"):
        op.drop_table(table)
