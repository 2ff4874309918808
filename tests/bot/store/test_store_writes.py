"""What a decision writes next to its messages, and what the database itself says, on both databases."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.context import Decision
from bot.messages import Timer
from bot.store import Store
from bot.store import store as store_module
from bot.store import tables as t
from bot.types import Block, Consent
from tests.bot.store.sample_records import NOW, receive_events, seconds_later


def test_a_timer_is_taken_back_with_what_overtakes_it(store: Store) -> None:
    due = NOW + timedelta(hours=1)
    timers = (Timer("case:17:a", "telegram:1001", due), Timer("case:17:b", "telegram:1001", due))
    store.commit_without_message("k1", Decision(timers=timers), NOW)
    store.commit_without_message("k2", Decision(overtaken=("case:17:a",)), NOW)
    (left,) = store.inbox.claim("a", due)
    assert left.key == "case:17:b"


def test_consents_and_blocks_are_what_was_said_last(store: Store) -> None:
    account, later = "telegram:1001", seconds_later(60)
    given = Consent(account, "handover", "0a1b2c3d", True, NOW, "vn-hanoi")
    taken_back = Consent(account, "handover", "0a1b2c3d", False, later, "vn-hanoi")
    store.commit_without_message("k1", Decision(consents=(given, taken_back)), NOW)
    assert store.people.list_consents(account) == [given, taken_back]
    block = Block(account, "slack:U0ADMIN", "spam", NOW)
    store.commit_without_message("k2", Decision(new_block=block), NOW)
    again = Block(account, "slack:U0ADMIN", "spam again", later)
    store.commit_without_message("k3", Decision(new_block=again), NOW)
    assert store.people.list_blocks() == [store.people.find_block(account)] == [again]
    store.commit_without_message("k4", Decision(unblock=account), NOW)
    assert store.people.list_blocks() == []


def test_who_read_a_dead_letter_is_noted(store: Store, engine: Engine) -> None:
    receive_events(store, "1")
    (row,) = store.inbox.claim("a", NOW)
    store.bury_event(row, "a", "poison", (), NOW)
    (dead,) = store.dead_letters.list_all()
    store.dead_letters.note_reading([dead.id], "slack:U0ADMIN", NOW)
    with engine.connect() as connection:
        noted = connection.execute(select(t.audit.c.who, t.audit.c.act)).all()
    assert [tuple(one) for one in noted] == [("slack:U0ADMIN", f"read the dead letter {dead.id}")]


def test_a_database_that_takes_no_row_is_not_writable(store: Store, engine: Engine) -> None:
    assert store.is_writable()
    t.heartbeats.drop(engine)
    assert not store.is_writable()


def test_what_cannot_be_scrubbed_now_is_said_in_the_log(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store_module, "scrub_files", lambda _: False)
    with caplog.at_level(logging.WARNING):
        store.commit_without_message("k1", Decision(), NOW)
        assert caplog.messages == []
        store.commit_without_message("k2", Decision(erase_account="telegram:1001"), NOW)
    assert caplog.messages == ["what was erased leaves the database's files with the next sweep"]
