"""Whether single letters are keys in a session of the console.

Revision ID: 0029
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("letter_keys", sa.Boolean, nullable=False, server_default=sa.true())
    op.add_column("console_sessions", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("console_sessions", "letter_keys")
