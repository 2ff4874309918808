"""Requests to the desk and merged cases are sealed, whose case was sealed before a seal covered them.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Seal them. Another version for each: an older Naru that read one does not write it back open."""
    op.execute(
        "UPDATE cases SET sealed = true, version = version + 1 WHERE NOT sealed AND ("
        "parent IN (SELECT number FROM cases WHERE sealed) OR "
        "merged_into IN (SELECT number FROM cases WHERE sealed))"
    )


def downgrade() -> None:
    """A seal is never lowered."""
