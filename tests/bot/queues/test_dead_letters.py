"""Dead letters are listed, tried again from the beginning, or closed with their words erased."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from bot.context import Decision
from bot.messages import Content, Outgoing
from bot.store import Store
from bot.store import tables as t
from bot.store.readers import dead_letters
from bot.types import RetentionPeriods
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    make_outgoing,
    receive_events,
    seconds_later,
)
from tests.harness.running_app import wait_until

WHO = "command line"


def kill_event(store: Store, key: str = "a") -> str:
    receive_events(store, key)
    (row,) = store.inbox.claim("w", seconds_later(1))
    store.bury_event(row, "w", "ValueError: no", (), seconds_later(2))
    return f"in-{row.seq}"


def kill_message(store: Store, outgoing: Outgoing | None = None) -> str:
    decision = Decision(outgoing=(outgoing or make_outgoing("수출바우처는 …"),))
    store.commit_without_message("k", decision, NOW)
    (owed,) = store.outbox.claim("s", NOW, ["telegram"])
    store.outbox.give_up(owed, "message is too long", (), seconds_later(2))
    return f"out-{owed.seq}"


def list_acts(store: Store) -> list[tuple[str, str]]:
    with store.inbox._engine.connect() as connection:
        query = select(t.audit.c.who, t.audit.c.act).order_by(t.audit.c.pk)
        return [(row.who, row.act) for row in connection.execute(query)]


def test_they_are_listed_with_why(store: Store) -> None:
    assert store.dead_letters.list_all() == []
    message, event = kill_message(store), kill_event(store)
    found = {one.id: one for one in store.dead_letters.list_all()}
    assert set(found) == {event, message}
    assert found[event].error == "ValueError: no" and found[event].words == '{"update_id": "a"}'
    assert found[message].error == "message is too long"
    assert found[message].words == "수출바우처는 …" and found[message].channel == "telegram"


def test_an_event_is_worked_again_with_all_its_tries(store: Store) -> None:
    id = kill_event(store)
    assert store.dead_letters.retry(id, WHO, seconds_later(10))
    (row,) = store.inbox.claim("w", seconds_later(11))
    assert f"in-{row.seq}" == id and row.attempts == 0
    assert store.dead_letters.list_all() == []
    assert list_acts(store) == [(WHO, f"retried the dead letter {id}")]
    assert not store.dead_letters.retry(id, WHO, seconds_later(12))  # it is not dead now


def test_of_two_who_try_it_again_at_once_one_does(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, note, tried = kill_message(store), dead_letters._note, list[bool]()

    def retry() -> None:
        tried.append(store.dead_letters.retry(id, "another", seconds_later(10)))

    other = threading.Thread(target=retry)

    def note_late(*arguments: Any) -> None:
        """The first has written and not committed when the second comes."""
        monkeypatch.setattr(dead_letters, "_note", note)
        other.start()
        if engine.dialect.name == "postgresql":  # SQLite's second waits before it looks
            wait_until(lambda: count_waiting(engine))
        note(*arguments)

    monkeypatch.setattr(dead_letters, "_note", note_late)
    assert store.dead_letters.retry(id, WHO, seconds_later(10))
    other.join()
    assert tried == [False]


def count_waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        query = text(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted "
            "AND query LIKE '%outbox%'"
        )
        return int(connection.execute(query).scalar_one())


def test_a_message_is_sent_again_as_one_that_may_be_there_already(store: Store) -> None:
    id = kill_message(store)
    assert store.dead_letters.retry(id, WHO, seconds_later(10))
    (owed,) = store.outbox.claim("s", seconds_later(11), ["telegram"])
    assert f"out-{owed.seq}" == id
    assert owed.doubtful and (owed.attempts, owed.refusals, owed.lost) == (0, 0, 0)


@pytest.mark.parametrize("queue", ["in", "out"])
def test_what_is_dropped_leaves_no_words_and_is_not_tried_again(store: Store, queue: str) -> None:
    id = kill_event(store) if queue == "in" else kill_message(store)
    assert store.dead_letters.drop(id, WHO, seconds_later(10))
    assert store.dead_letters.list_all() == []
    assert not store.dead_letters.retry(id, WHO, seconds_later(11))
    with store.inbox._engine.connect() as connection:
        kept = f"{connection.execute(select(t.inbox)).all()}{connection.execute(select(t.outbox)).all()}"
    assert "update_id" not in kept and "수출바우처" not in kept
    assert list_acts(store) == [(WHO, f"dropped the dead letter {id}")]


def test_a_repeat_of_a_dropped_event_is_still_known(store: Store) -> None:
    store.dead_letters.drop(kill_event(store), WHO, seconds_later(10))
    receive_events(store, "a")
    assert store.inbox.count_events("waiting") == 0


def test_a_card_is_not_dropped_because_its_case_would_be_in_no_room_unseen(store: Store) -> None:
    id = kill_message(store, Outgoing(FOUNDER, Content("#1"), act="card", case=1))
    assert not store.dead_letters.drop(id, WHO, seconds_later(10))
    assert [one.id for one in store.dead_letters.list_all()] == [id]


def test_what_was_swept_is_listed_and_cannot_be_tried_again(store: Store) -> None:
    id = kill_event(store)
    later = NOW + RetentionPeriods().failures * 1.5
    receive_events(store, "newer")
    store.sweep(RetentionPeriods(event_keys=RetentionPeriods().failures * 3), later)
    found = store.dead_letters.find(id)
    assert found and found.words == ""
    assert not store.dead_letters.retry(id, WHO, later)
    assert store.dead_letters.drop(id, WHO, later)


@pytest.mark.parametrize("id", ["in-99", "out-1", "in-", "1", "in-²", "in-1; drop", "IN-1", ""])
def test_another_name_is_none(store: Store, id: str) -> None:
    kill_event(store)
    assert store.dead_letters.find(id) is None
    assert not store.dead_letters.retry(id, WHO, NOW) and not store.dead_letters.drop(id, WHO, NOW)
