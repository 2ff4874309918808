"""Whose a conversation is: outside of private chats its key ends with its person.

A conversation that everybody in a thread or chat had in common stays with the person who began it.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

CONVERSATIONS = sa.table(
    "conversations", sa.column("key", sa.String), sa.column("channel", sa.String),
    sa.column("chat", sa.String), sa.column("thread", sa.String),
    sa.column("user", sa.String), sa.column("memory", sa.JSON),
)  # fmt: skip
CASES = sa.table("cases", sa.column("conversation", sa.String))
OUTBOX = sa.table("outbox", sa.column("lane", sa.String))
INBOX = sa.table(
    "inbox", sa.column("seq", sa.Integer), sa.column("lane", sa.String),
    sa.column("channel", sa.String), sa.column("state", sa.String), sa.column("payload", sa.Text),
)  # fmt: skip


def upgrade() -> None:
    """Rename the conversations, and what refers to them. Of events that are done the contents are
    erased: no one can tell any more whose words they hold."""
    i = INBOX.c
    rows = op.get_bind().execute(sa.select(CONVERSATIONS)).all()
    # Threads first: "group:7" may be a topic's old key and a person's new one.
    for row in sorted(rows, key=lambda row: row.thread is None):
        if row.memory.get("private"):
            continue
        ended = sa.update(INBOX).where(i.lane == row.key, i.state.in_(("done", "ignored")))
        op.execute(ended.values(payload="{}"))
        _rename(row.key, f"{row.key}:{row.user}")


def downgrade() -> None:
    """Give the conversations their old keys; where several people have one, the first keeps it."""
    rows = op.get_bind().execute(sa.select(CONVERSATIONS)).all()
    taken = {row.key for row in rows}
    for row in sorted(rows, key=lambda row: row.thread is not None):
        old = ":".join(part for part in (row.channel, row.chat, row.thread) if part)
        if row.key == f"{old}:{row.user}" and old not in taken:
            taken = taken - {row.key} | {old}
            _rename(row.key, old)


def _rename(old: str, new: str) -> None:
    c, i = CONVERSATIONS.c, INBOX.c
    op.execute(sa.update(CONVERSATIONS).where(c.key == old).values(key=new))
    op.execute(sa.update(CASES).where(CASES.c.conversation == old).values(conversation=new))
    op.execute(sa.update(OUTBOX).where(OUTBOX.c.lane == old).values(lane=new))
    timers = sa.update(INBOX).where(i.channel == "clock", i.payload == old)
    op.execute(timers.values(payload=new, lane=f"clock:{new}"))
