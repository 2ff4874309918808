"""Glosses get a table of their own.

They were stored in `passage_terms` under an analyser named "gloss-…". Those rows are dropped, not
copied: the name of what makes a gloss now holds a digest of the code, so none of them would be
found again.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of glosses, and drop the rows that held them."""
    op.create_table(
        "glosses",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("made_by", sa.String(200), primary_key=True),
        sa.Column("gloss", sa.Text, nullable=False),
        sa.Column("known_share", sa.Float, nullable=False),
    )
    op.execute("DELETE FROM passage_terms WHERE analyser LIKE 'gloss-%'")


def downgrade() -> None:
    """Drop the table; glosses are computed again."""
    op.drop_table("glosses")
