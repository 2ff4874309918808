"""What a clock that was ahead put off is due at the next look, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.context import Decision
from bot.messages import Address, Timer
from bot.store import Store
from bot.store.backlog import THREAD_SENDS_PER_SPAN
from bot.store.holds import RETRY_DISTANCES
from bot.store.inbox import set_timer
from bot.store.outbox import OUTBOX_MAX_LOST
from knowledge.database.engine import write_transaction
from tests.bot.store.sample_records import (
    CHANNELS,
    NOW,
    claim,
    enqueue_texts,
    make_event,
    make_outgoing,
    seconds_later,
)

AN_HOUR = 3_600
A_DAY = 24 * AN_HOUR
THREAD = Address("telegram", "-1001", "7", staff_thread="1.1")


@pytest.mark.parametrize("ahead", [AN_HOUR, A_DAY])
@pytest.mark.parametrize("doubtful", [False, True])
def test_a_retry_is_due(store: Store, doubtful: bool, ahead: float) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.postpone(owed, seconds_later(ahead), "Bad Gateway", doubtful=doubtful)
    assert claim(store, 60) == []
    assert store.outbox.recall(seconds_later(60)) == 1
    assert [one.doubtful for one in claim(store, 61)] == [doubtful]


def test_what_came_in_or_was_decided_is_due(store: Store) -> None:
    later = seconds_later(AN_HOUR)
    store.inbox.receive([make_event("1")], later)
    store.commit_without_message("test", Decision(outgoing=(make_outgoing("hello"),)), later)
    assert (store.inbox.claim("a", NOW), claim(store)) == ([], [])
    assert (store.inbox.recall(NOW), store.outbox.recall(NOW)) == (1, 1)
    assert [row.key for row in store.inbox.claim("a", NOW)] == ["1"]
    assert len(claim(store)) == 1


def test_where_nothing_was_put_off_or_left_behind_nothing_is_written(store: Store) -> None:
    store.inbox.receive([make_event("1")], NOW)
    enqueue_texts(store, "hello", "limited")
    store.outbox.hold_limited_chat(claim(store)[0], seconds_later(60), NOW)
    said: list[str] = []

    def hear(*given: Any) -> None:
        said.append(given[2])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        assert (store.inbox.recall(NOW), store.outbox.recall(NOW)) == (0, 0)
        assert store.outbox.recover_leases(lambda _: False) == 0
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert len(said) == 4 and all(one.startswith("SELECT") for one in said)


def test_a_timer_keeps_its_moment(store: Store, engine: Engine) -> None:
    with write_transaction(engine) as connection:
        set_timer(connection, Timer("1", "telegram:1001", seconds_later(A_DAY)), NOW)
    assert store.inbox.recall(NOW) == 0
    assert store.inbox.claim("a", seconds_later(AN_HOUR)) == []


def test_a_retry_that_is_soon_due_keeps_its_moment(store: Store) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.postpone(owed, seconds_later(60), "Bad Gateway", doubtful=False)
    assert store.outbox.recall(NOW) == 0
    assert claim(store, 59) == []


@pytest.mark.parametrize("doubtful", [False, True])
def test_a_limit_lasts_as_long_as_its_messenger_said(store: Store, doubtful: bool) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    if doubtful:
        store.outbox.postpone(owed, NOW, "no answer", doubtful=True)
        (owed,) = claim(store, 1)
    ahead, said = seconds_later(A_DAY), timedelta(seconds=300)
    store.outbox.hold_limited_chat(owed, ahead + said, ahead)
    store.outbox.recall(seconds_later(2))
    assert claim(store, 300) == []
    store.outbox.recall(seconds_later(301))  # once more changes nothing
    assert len(claim(store, 303)) == 1


def test_a_limit_by_a_right_clock_is_not_shortened(store: Store) -> None:
    enqueue_texts(store, "hello")
    for start in (0, 400):  # the second time prolongs what is stored of the first
        (owed,) = claim(store, start)
        store.outbox.hold_limited_chat(owed, seconds_later(start + 300), seconds_later(start))
        store.outbox.recall(seconds_later(start + 10))
        assert claim(store, start + 299) == []


def test_a_room_that_refused_is_tried_after_its_distance(store: Store) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.hold_place(owed, "room", "kicked", seconds_later(A_DAY))
    assert claim(store, 2 * AN_HOUR) == []
    store.outbox.recall(seconds_later(2 * AN_HOUR))
    due = 2 * AN_HOUR + RETRY_DISTANCES[0].total_seconds()
    assert claim(store, due - 1) == []
    assert len(claim(store, due)) == 1


def test_a_room_that_has_refused_for_long_keeps_its_distance(store: Store) -> None:
    enqueue_texts(store, "hello")
    at = 0.0
    for distance in RETRY_DISTANCES:
        (owed,) = claim(store, at)
        store.outbox.hold_place(owed, "room", "kicked", seconds_later(at))
        store.outbox.recall(seconds_later(at))
        at += distance.total_seconds()
        assert claim(store, at - 1) == []


def test_what_a_thread_got_in_the_future_is_not_its_share_of_now(store: Store) -> None:
    for number in range(THREAD_SENDS_PER_SPAN + 1):
        enqueue_texts(store, str(number), to=THREAD)
    for _ in range(THREAD_SENDS_PER_SPAN):
        (owed,) = claim(store)
        store.outbox.mark_sent(owed, seconds_later(AN_HOUR), "1")
    assert len(claim(store, 1)) == 1


def test_a_limit_to_a_doubtful_message_is_no_loss(store: Store) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.postpone(owed, NOW, "no answer", doubtful=True)
    for turn in range(1, OUTBOX_MAX_LOST + 2):
        (owed,) = claim(store, 10 * turn)
        assert (owed.doubtful, owed.lost) == (True, 0)
        store.outbox.hold_limited_chat(owed, seconds_later(10 * turn + 3), seconds_later(10 * turn))


@pytest.mark.parametrize("killed", [False, True])
def test_nothing_is_joined_to_a_limited_message_that_may_be_there(
    store: Store, killed: bool
) -> None:
    """Found in its place it counts as sent, and the words joined to it since would be lost."""
    enqueue_texts(store, "one", to=THREAD)
    (owed,) = claim(store)
    if killed:  # limited first; then its process dies while it is sent
        store.outbox.hold_limited_chat(owed, NOW, NOW)
        claim(store, 1)
        store.outbox.recover_leases(lambda _: True)
    else:  # its answer was lost; then the look for it is limited
        store.outbox.postpone(owed, NOW, "no answer", doubtful=True)
        store.outbox.hold_limited_chat(claim(store, 1)[0], seconds_later(2), seconds_later(1))
    enqueue_texts(store, "two", "three", to=THREAD)
    (again,) = claim(store, 3)
    assert (again.doubtful, again.content.text) == (True, "one")
    store.outbox.mark_sent(again, seconds_later(3), "1")
    assert [one.content.text for one in claim(store, 4)] == ["two"]


def test_turns_go_by_what_is_past(store: Store) -> None:
    """One who was served while the clock was ahead is not behind all others for an hour."""
    for key, lane in (("1", "telegram:1001"), ("2", "telegram:1002")):
        store.inbox.receive([make_event(key, lane)], seconds_later(int(key)))
    (row,) = store.inbox.claim("a", seconds_later(AN_HOUR), CHANNELS)
    store.inbox.release([row], "a")
    assert [one.key for one in store.inbox.claim("a", seconds_later(5), CHANNELS)] == ["1"]
