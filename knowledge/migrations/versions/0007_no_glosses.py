"""The table of glosses goes: the shipped encoder reads Korean and Vietnamese itself.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Drop the table; what it held was computed from passages."""
    op.drop_table("glosses")


def downgrade() -> None:
    """Create the table, empty: glosses are computed again."""
    op.create_table(
        "glosses",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("made_by", sa.String(200), primary_key=True),
        sa.Column("gloss", sa.Text, nullable=False),
        sa.Column("known_share", sa.Float, nullable=False),
    )
