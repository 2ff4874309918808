"""Editions have columns for the plan and the upload they were made from.

Before, both stood at the end of the note, as in "notice.hwp [0a1b2c3d.0123456789ab]": they move
to the columns. A note that ends in other brackets is left whole.

Revision ID: 0005
Revises: 0004
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NOTE_WITH_PLAN = re.compile(
    r"(?P<note>.*) \[(?P<upload>[0-9a-f]{8})\.(?P<plan_mark>[0-9a-f]{12})\]", re.DOTALL
)


def upgrade() -> None:
    """Add the columns, and move plan and upload from the notes into them."""
    op.add_column("editions", sa.Column("plan_mark", sa.String(12)))
    op.add_column("editions", sa.Column("upload", sa.String(40)))
    editions = sa.table(
        "editions",
        *(sa.column(name, sa.String) for name in ("note", "plan_mark", "upload")),
        sa.column("id", sa.Integer),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(editions.c.id, editions.c.note)).all():
        if parts := NOTE_WITH_PLAN.fullmatch(row.note):
            change = sa.update(editions).where(editions.c.id == row.id)
            connection.execute(change.values(**parts.groupdict()))
