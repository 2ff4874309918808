"""Senders that died over a message are counted.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Count from zero for the messages that are there."""
    op.add_column("outbox", sa.Column("lost", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Leave the count out."""
    op.drop_column("outbox", "lost")
