"""Passages know questions near them that nothing answers.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add `unanswered`, an empty list, to every passage."""
    column = sa.Column("unanswered", sa.JSON, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("passages", column)
