"""Which bot an event came to: its id begins the keys by which a repeated event is known. And a
table for the watchdog, which writes to see whether the database can be written.

Events whose stored contents do not name the bot keep their keys.

Revision ID: 0010
Revises: 0009
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INBOX = sa.table(
    "inbox", sa.column("seq", sa.Integer), sa.column("channel", sa.String),
    sa.column("event_key", sa.String), sa.column("natural_key", sa.String),
    sa.column("payload", sa.Text),
)  # fmt: skip


def upgrade() -> None:
    """Put the bot's id before the keys of Telegram's events and the natural keys of Slack's: a
    messenger may send again what came just before this upgrade."""
    for row, bot in _list_events():
        keys = {"natural_key": row.natural_key and f"{bot}:{row.natural_key}"}
        if row.channel == "telegram":
            keys["event_key"] = f"{bot}:{row.event_key}"
        op.execute(sa.update(INBOX).where(INBOX.c.seq == row.seq).values(keys))
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("filling", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take the ids away; of two events that then have one key the later keeps its own."""
    op.drop_table("heartbeats")
    rows = op.get_bind().execute(sa.select(INBOX)).all()
    names = ("event_key", "natural_key")
    taken = {(row.channel, name, getattr(row, name)) for row in rows for name in names}
    for row, bot in _list_events():
        for name in names:
            key = getattr(row, name) or ""
            old = (row.channel, name, key.removeprefix(f"{bot}:"))
            if old not in taken and key:
                taken.add(old)
                op.execute(sa.update(INBOX).where(INBOX.c.seq == row.seq).values({name: old[2]}))


def _list_events() -> list[tuple[Any, str]]:
    """The messengers' events that name the bot they came to, and its id."""
    query = sa.select(INBOX).where(INBOX.c.channel.in_(("telegram", "slack")))
    rows = op.get_bind().execute(query.order_by(INBOX.c.seq)).all()
    return [(row, bot) for row in rows if (bot := _find_bot(row.payload))]


def _find_bot(payload: str) -> str:
    """The id of the bot in a stored event; "" where it is not named."""
    try:
        event = json.loads(payload)
        named = event.get("naru_bot") or (event.get("authorizations") or [{}])[0]
        return str(named.get("id") or named.get("user_id") or "")
    except (AttributeError, KeyError, TypeError, ValueError):  # not an event of theirs
        return ""
