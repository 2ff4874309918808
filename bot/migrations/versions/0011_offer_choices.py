"""Which section founders chose for which question, where the library was not sure. What
conversations remembered of asking back, which is not read any more, goes.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


CONVERSATIONS = sa.table("conversations", sa.column("key", sa.String), sa.column("memory", sa.JSON))


def upgrade() -> None:
    """Add the table, and take the questions that were asked back about out of the memories: no
    erasure would find them there."""
    rows = op.get_bind().execute(sa.select(CONVERSATIONS)).all()
    for row in rows:
        if "asked_back" in row.memory:
            memory = {name: value for name, value in row.memory.items() if name != "asked_back"}
            same = CONVERSATIONS.c.key == row.key
            op.execute(sa.update(CONVERSATIONS).where(same).values(memory=memory))
    op.create_table(
        "offer_choices",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("heading", sa.JSON, nullable=False),
    )
    op.create_index("ix_offer_choices_conversation", "offer_choices", ["conversation"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("offer_choices")
