"""A case's routing rule as a fact, and the role of the person who has it in a column of its own.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CASES = sa.table(
    "cases", sa.column("number", sa.Integer), sa.column("taken_by", sa.String),
    sa.column("taken_role", sa.String),
)  # fmt: skip


def upgrade() -> None:
    """Add both columns, and split each `taken_by` of the form "channel:user|role"."""
    op.add_column("cases", sa.Column("basis", sa.Text))
    op.add_column("cases", sa.Column("taken_role", sa.String(40)))
    for number, packed, _ in _list_taken():
        account, bar, role = packed.rpartition("|")
        if bar:
            _write_holder(number, account, role)


def downgrade() -> None:
    """Join `taken_by` and `taken_role` again, and drop both columns."""
    for number, account, role in _list_taken():
        if role is not None:
            _write_holder(number, f"{account}|{role}", None)
    op.drop_column("cases", "taken_role")
    op.drop_column("cases", "basis")


def _list_taken() -> list[sa.Row[int, str, str | None]]:
    c = CASES.c
    query = sa.select(c.number, c.taken_by, c.taken_role).where(c.taken_by.is_not(None))
    return list(op.get_bind().execute(query))


def _write_holder(number: int, account: str, role: str | None) -> None:
    holder = sa.update(CASES).where(CASES.c.number == number)
    op.get_bind().execute(holder.values(taken_by=account, taken_role=role))
