"""The seats of the bodies, the hours they set, and which seat a case is offered to first.

Revision ID: 0019
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0021"


def upgrade() -> None:
    """Make both tables and the column."""
    op.create_table(
        "seats",
        sa.Column("mission", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("user", sa.String(80), primary_key=True),
        sa.Column("topics", sa.JSON),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("away_from", sa.Date),
        sa.Column("away_until", sa.Date),
        sa.Column("stand_in", sa.String(120), nullable=False),
    )
    op.create_table(
        "body_hours",
        sa.Column("mission", sa.String(40), primary_key=True),
        sa.Column("slots", sa.JSON, nullable=False),
        sa.Column("off_holidays", sa.JSON, nullable=False),
        sa.Column("extra_holidays", sa.JSON, nullable=False),
        sa.Column("assumed", sa.Boolean, nullable=False),
    )
    op.add_column("cases", sa.Column("offer", sa.JSON))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("cases", "offer")
    op.drop_table("body_hours")
    op.drop_table("seats")
