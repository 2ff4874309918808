"""Who is blocked.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "blocks",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("blocks")
