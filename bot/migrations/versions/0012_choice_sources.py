"""Who showed that a section answers a question: a founder who chose or confirmed it, or staff.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; all that was kept so far was chosen."""
    op.add_column(
        "offer_choices", sa.Column("source", sa.String(10), nullable=False, server_default="chosen")
    )


def downgrade() -> None:
    """Take away the column, and what an older version would take for choices."""
    op.execute("DELETE FROM offer_choices WHERE source != 'chosen'")
    with op.batch_alter_table("offer_choices") as batch:
        batch.drop_column("source")
