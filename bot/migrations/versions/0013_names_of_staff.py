"""The name by which staff know the person who has a case; founders are told the role.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; cases that are taken already are shown by the role."""
    op.add_column("cases", sa.Column("taken_name", sa.String(80)))


def downgrade() -> None:
    """Take away the column."""
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("taken_name")
