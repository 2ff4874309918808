"""Whose event it is, and when it was last taken: people take turns.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0006"
down_revision = "0005"

INBOX = sa.table("inbox", sa.column("person", sa.String), sa.column("lane", sa.String))


def upgrade() -> None:
    """Add the columns; of the events that are there each lane counts as a person."""
    op.add_column("inbox", sa.Column("person", sa.String(200), nullable=False, server_default=""))
    op.add_column("inbox", sa.Column("claimed_at", UtcDateTime))
    op.execute(sa.update(INBOX).values(person=INBOX.c.lane))
    op.create_index("inbox_person", "inbox", ["person", "claimed_at"])


def downgrade() -> None:
    """Take the columns away."""
    op.drop_index("inbox_person", "inbox")
    op.drop_column("inbox", "claimed_at")
    op.drop_column("inbox", "person")
