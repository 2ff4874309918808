"""Which section founders chose for which question, where the library was not sure.

Revision ID: 0012
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
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
