"""The lines of conversations on the founders' page.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "web_lines",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("line_key", sa.String(200), nullable=False, unique=True),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("is_naru", sa.Boolean, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_index("web_lines_chat", "web_lines", ["chat", "pk"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("web_lines")
