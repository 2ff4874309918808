"""What founders agreed to, and the files that Naru made for them.

Revision ID: 0023
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0023"
down_revision = "0017"

BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
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
    if not sa.inspect(op.get_bind()).has_table("desk_files"):
        op.create_table(
            "desk_files",
            sa.Column("ref", sa.String(64), primary_key=True),
            sa.Column("data", sa.LargeBinary, nullable=False),
            sa.Column("made_at", UtcDateTime, nullable=False),
        )


def downgrade() -> None:
    """Drop the consents; what was made of files goes with its own revision."""
    op.drop_table("consents")
