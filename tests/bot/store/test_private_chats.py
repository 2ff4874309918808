"""Conversations of an older Naru, which did not note whether they are private."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bot.context import Decision
from bot.store import Store
from bot.store.store import MIGRATIONS_FOLDER
from bot.types import Conversation

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PLACES = {
    "telegram:1001": ("telegram", "1001", "1001", True),
    "telegram:-1001": ("telegram", "-1001", "1001", False),
    "slack:D024BE91L": ("slack", "D024BE91L", "U1", True),
    "slack:C024BE91L": ("slack", "C024BE91L", "U1", False),
    "terminal:me": ("terminal", "me", "me", True),
}


def test_older_conversations_are_private_by_the_rules_of_their_time(engine: Engine) -> None:
    store = Store(engine)
    for key, (channel, chat, user, _) in PLACES.items():
        conversation = Conversation(key, channel, chat, None, user, "ko", why="because")
        store.commit_without_message(key, Decision(conversation=conversation), NOW)
    forget_private(engine)
    Store(engine)
    for key, (*_, user, private) in PLACES.items():
        conversation_after = store.find_conversation(key if private else f"{key}:{user}")
        assert conversation_after is not None and conversation_after.why == "because"
        assert conversation_after.private is private


def forget_private(engine: Engine) -> None:
    """Go back to the tables before the fact was stored, and remove it from every memory."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes["engine"] = engine
    config.attributes["version_table"] = "bot_version"
    before = ScriptDirectory.from_config(config).get_revision("0003").down_revision
    assert isinstance(before, str)
    command.downgrade(config, before)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT key, CAST(memory AS TEXT) FROM conversations"))
        for key, memory in rows.all():
            older = {name: value for name, value in json.loads(memory).items() if name != "private"}
            connection.execute(
                text("UPDATE conversations SET memory = :memory WHERE key = :key"),
                {"memory": json.dumps(older), "key": key},
            )
