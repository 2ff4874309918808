"""The answers that founders were given, for the staff console.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "answers",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("mission", sa.String(40), nullable=False),
        sa.Column("handed_over", sa.Boolean, nullable=False),
        sa.Column("thumb", sa.String(10), nullable=False),
        sa.Column("wrong_by", sa.String(200), nullable=False),
        sa.Column("wrong_at", sa.String(32)),
        sa.Column("right", sa.Text, nullable=False),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_index("ix_answers_asker", "answers", ["asker"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("answers")
