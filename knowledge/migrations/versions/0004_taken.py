"""What each file was made of when it was taken, and whose vectors are half-built.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables of ingested files and of unfinished vector indexes."""
    op.create_table(
        "taken_files",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "index_builds",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("began_at", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    for table in ("index_builds", "taken_files"):
        op.drop_table(table)
