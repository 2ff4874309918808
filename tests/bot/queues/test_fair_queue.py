"""Turns: one person's backlog never delays another's message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.context import Decision
from bot.store import InboxEvent, Store
from tests.bot.store.sample_records import NOW, make_event, receive_events, seconds_later

WORKERS = 4


def serve(store: Store, owner: str, seconds: float) -> str:
    """Take the next lane, finish its first event and give back the rest; returns the lane."""
    now = seconds_later(seconds)
    rows = store.inbox.claim(owner, now)
    store.inbox.release(rows[1:], owner)
    store.commit(rows[:1], owner, Decision(), now)
    return rows[0].lane


def test_a_fifth_person_is_taken_within_five_claims(store: Store) -> None:
    busy = [f"telegram:{n}" for n in range(4)]
    for lane in busy:
        receive_events(store, *(f"{lane}-{n}" for n in range(200)), lane=lane)
    for turn in range(8):
        serve(store, "w", turn)
    store.inbox.receive([make_event("fifth", "telegram:5")], seconds_later(8))
    taken = [serve(store, "w", 9 + turn) for turn in range(WORKERS + 1)]
    assert "telegram:5" in taken


def test_waiting_people_take_turns(store: Store) -> None:
    for lane in ("telegram:1", "telegram:2", "telegram:3"):
        receive_events(store, *(f"{lane}-{n}" for n in range(3)), lane=lane)
    taken = [serve(store, "w", turn + 1) for turn in range(9)]
    assert taken == ["telegram:1", "telegram:2", "telegram:3"] * 3


@pytest.mark.parametrize("person", ["", "slack:T1:U1"])
def test_many_threads_of_one_person_are_one_turn(store: Store, person: str) -> None:
    threads = [InboxEvent("slack", f"{n}", f"slack:D1:{n}", "{}", person=person) for n in range(20)]
    store.inbox.receive(threads, NOW)
    assert serve(store, "w", 1) == "slack:D1:0"
    store.inbox.receive([make_event("other", "telegram:5")], seconds_later(0.5))
    assert serve(store, "w", 2) == "telegram:5"


def test_newcomers_do_not_hold_back_who_waits(store: Store) -> None:
    receive_events(store, "a", "b", lane="telegram:1")
    serve(store, "w", 1)
    for n in range(5):
        event = InboxEvent(
            "telegram", f"n{n}", f"telegram:9{n}", "{}", settle_delay=timedelta(seconds=n)
        )
        store.inbox.receive([event], seconds_later(2))
    taken = [serve(store, "w", 10) for _ in range(2)]
    assert "telegram:1" in taken
