"""Stored conversations that several people had in common, and whose rows an erasure touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bot.context import Decision
from bot.messages import Content, Outgoing, Timer
from bot.store import InboxEvent, Store
from bot.store.store import MIGRATIONS_FOLDER
from bot.types import Conversation
from tests.bot.store.sample_records import NOW
from tests.samples.records import make_case

OLD = [
    Conversation("telegram:-5:7", "telegram", "-5", "7", "1001", "ko"),
    Conversation("telegram:-5", "telegram", "-5", None, "7", "ko", case=2),
    Conversation("slack:C1:9.1", "slack", "C1", "9.1", "U1", "ko", case=1),
    Conversation("slack:D1", "slack", "D1", None, "U1", "ko", private=True),
]


def migrate(engine: Engine, act: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes.update(engine=engine, version_table="bot_version")
    getattr(command, act)(config, revision)


def test_a_shared_conversation_stays_with_who_began_it(engine: Engine) -> None:
    store = Store(engine)
    for number, talk in enumerate(OLD):
        case = make_case(talk.case, conversation=talk.key) if talk.case else None
        timer = Timer(f"t{number}", talk.key, NOW + timedelta(hours=1))
        owed = Outgoing(replace(talk, private=True).address, Content("답"))
        decision = Decision(conversation=talk, new_case=case, timers=(timer,), outgoing=(owed,))
        store.commit_without_message(str(number), decision, NOW)
    migrate(engine, "downgrade", "0006")
    migrate(engine, "upgrade", "head")
    keys = ["telegram:-5:7:1001", "telegram:-5:7", "slack:C1:9.1:U1", "slack:D1"]
    for old, key in zip(OLD, keys, strict=True):
        found = store.find_conversation(key)
        assert found is not None and (found.user, found.thread) == (old.user, old.thread)
        assert [one.number for one in store.list_cases(conversation=key)] == (
            [old.case] if old.case else []
        )
    with engine.connect() as connection:
        for query in (
            "SELECT payload FROM inbox WHERE payload NOT LIKE 'case:%' ORDER BY seq",
            "SELECT lane FROM outbox ORDER BY seq",
        ):
            assert list(connection.execute(text(query)).scalars()) == keys
    migrate(engine, "downgrade", "0006")
    assert store.find_conversation("slack:C1:9.1") and store.find_conversation("slack:D1")
    migrate(engine, "upgrade", "head")


def test_erasing_one_person_touches_all_of_theirs_and_nothing_of_anothers(engine: Engine) -> None:
    store = Store(engine)
    home = Conversation("slack:D1", "slack", "D1", None, "U1", "ko", private=True)
    public = Conversation("slack:C1:9.1:U1", "slack", "C1", "9.1", "U1", "ko")
    other = Conversation("slack:C1:9.1:U2", "slack", "C1", "9.1", "U2", "ko")
    for talk in (home, public, other):
        store.commit_without_message(talk.key, Decision(conversation=talk), NOW)
        event = InboxEvent("slack", talk.key, talk.key, "words")
        store.inbox.receive([event], NOW)
        rows = store.inbox.claim("w", NOW)
        store.commit(rows, "w", Decision(), NOW)
    store.commit_without_message("forget", Decision(erase_account="slack:U1"), NOW)
    assert [store.find_conversation(one.key) is None for one in (home, public, other)] == [
        True, True, False,
    ]  # fmt: skip
    with engine.connect() as connection:
        payloads = connection.execute(
            text("SELECT payload FROM inbox WHERE payload NOT LIKE 'case:%' ORDER BY seq")
        ).scalars()
        assert list(payloads) == ["{}", "{}", "words"]


def test_nothing_is_kept_of_what_was_not_for_naru(engine: Engine) -> None:
    store = Store(engine)
    event = InboxEvent("slack", "1", "slack:C1:U2", "점심?", natural_key="C1:1")
    store.inbox.receive([event], NOW)
    store.commit(store.inbox.claim("w", NOW), "w", Decision(forget_message=True), NOW)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT state, payload, lane FROM inbox")).one()
    assert tuple(row) == ("ignored", "{}", "slack:C1:U2")
    assert store.inbox.receive([event], NOW) == 0  # a repeat is known
