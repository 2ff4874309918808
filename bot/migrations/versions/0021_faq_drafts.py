"""Questions with answers that were made from cases.

Revision ID: 0021
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0021"
down_revision = "0022"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "faq_drafts",
        sa.Column("case_number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mission", sa.String(40), nullable=False, index=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("paraphrases", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("countries", sa.JSON, nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("review_by", sa.Date, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("checked_on", sa.Date),
        sa.Column("settled_by", sa.String(100), nullable=False),
        sa.Column("reminded_of", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("faq_drafts")
