"""Ratings, linked accounts, subscriptions, and which editions were announced.

Revision ID: 0022
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """Make the six tables."""
    op.create_table(
        "ratings",
        sa.Column("case_number", sa.Integer, primary_key=True),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("score", sa.String(10)),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_table(
        "linked_accounts",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("firm", sa.String(40), nullable=False, index=True),
        sa.Column("linked_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "link_codes",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "subscriptions",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("value", sa.String(80), primary_key=True),
        sa.Column("forms", sa.JSON, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("consent", sa.String(40), nullable=False),
    )
    op.create_table(
        "announced_editions",
        sa.Column("edition", sa.Integer, primary_key=True),
        sa.Column("announced_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "announced_versions",
        sa.Column("document", sa.String(200), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "announced_versions",
        "announced_editions",
        "subscriptions",
        "link_codes",
        "linked_accounts",
        "ratings",
    ):
        op.drop_table(table)
