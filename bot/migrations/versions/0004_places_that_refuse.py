"""Messages that wait for a room or a person, and the places that take nothing for now.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

OUTBOX = sa.table(
    "outbox", sa.column("seq", sa.Integer), sa.column("chat", sa.String),
    sa.column("lane", sa.String), sa.column("address", sa.JSON), sa.column("act", sa.String),
    sa.column("state", sa.String),
)  # fmt: skip
EDITS = ("recard", "close", "reopen")


def upgrade() -> None:
    """Add the columns and the table; every message gets its chat, an open edit a lane of its own."""
    for column in (
        sa.Column("chat", sa.String(80), nullable=False, server_default=""),
        sa.Column("refusals", sa.Integer, nullable=False, server_default="0"),
        sa.Column("after_key", sa.String(250)),
        sa.Column("held_at", sa.String(32)),
        sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("maybe_sent", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("outbox", column)
    op.create_index("ix_outbox_after_key", "outbox", ["after_key"])
    op.create_index("outbox_place", "outbox", ["channel", "chat", "state"])
    op.create_table(
        "holds",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("lane", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
    )
    _fill_chats_and_lanes()


def _fill_chats_and_lanes() -> None:
    o, connection = OUTBOX.c, op.get_bind()
    for row in connection.execute(sa.select(OUTBOX)).all():
        values = {"chat": str((row.address or {}).get("chat", ""))}
        if row.act in EDITS and row.state in ("owed", "sending"):
            values["lane"] = f"{row.lane}:card"
        connection.execute(sa.update(OUTBOX).where(o.seq == row.seq).values(values))


def downgrade() -> None:
    """Drop them again; what waits is owed at once, and what waits for another message is dropped."""
    o = OUTBOX.c
    op.execute(sa.update(OUTBOX).where(o.state == "waiting").values(state="owed"))
    op.execute(sa.update(OUTBOX).where(o.state == "later").values(state="dropped"))
    op.drop_table("holds")
    op.drop_index("outbox_place", "outbox")
    op.drop_index("ix_outbox_after_key", "outbox")
    for name in ("maybe_sent", "told", "held_at", "after_key", "refusals", "chat"):
        op.drop_column("outbox", name)
