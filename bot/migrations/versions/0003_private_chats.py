"""Whether a conversation is a private chat: a fact that the messenger's adapter states.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

CONVERSATIONS = sa.table(
    "conversations", sa.column("key", sa.String), sa.column("channel", sa.String),
    sa.column("chat", sa.String), sa.column("user", sa.String), sa.column("memory", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    """Add `private` to the memory of every conversation, by the rules that held until now."""
    c = CONVERSATIONS.c
    for key, channel, chat, user, memory in op.get_bind().execute(sa.select(CONVERSATIONS)).all():
        private = chat.startswith("D") if channel == "slack" else chat == user
        row = sa.update(CONVERSATIONS).where(c.key == key)
        op.execute(row.values(memory={**memory, "private": private}))


def downgrade() -> None:
    """Nothing: older code ignores the fact."""
