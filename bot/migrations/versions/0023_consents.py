"""What founders agreed to.

Revision ID: 0023
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0023"
down_revision = "0017"

BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "consents",
        sa.Column("pk", BigKey, primary_key=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("consents_account", "consents", ["account"])


def downgrade() -> None:
    """Drop the consents."""
    op.drop_table("consents")
