"""Senders that died over a message are counted.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Count from zero for the messages that are there."""
    op.add_column("outbox", sa.Column("lost", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Leave the count out."""
    op.drop_column("outbox", "lost")
