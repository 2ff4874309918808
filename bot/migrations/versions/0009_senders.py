"""Whose words an event holds, and messages of which nothing is kept once they went out.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns. Events that are there are known by their lanes until they are swept."""
    op.add_column("inbox", sa.Column("sender", sa.String(200), nullable=False, server_default=""))
    op.create_index("inbox_sender", "inbox", ["sender"])
    op.add_column(
        "outbox", sa.Column("forget_sent", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Take the columns away."""
    op.drop_index("inbox_sender", "inbox")
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_column("sender")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("forget_sent")
