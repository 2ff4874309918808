"""Work that takes longer than a lease keeps its events; a failed renewal does not end it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.store import Store
from bot.store.inbox import Inbox
from bot.store.lease import hold_lease
from tests.bot.store.sample_records import NOW, receive_events, seconds_later

MOMENT = timedelta(milliseconds=1)


class RunningClock:
    """Moves ten seconds with each look, and says when it was looked at often enough."""

    def __init__(self, looks: int, failing: int = 0) -> None:
        self.looked = threading.Event()
        self._left = looks
        self._failing = failing
        self.now = NOW

    def __call__(self) -> datetime:
        self._left -= 1
        if self._left <= 0:
            self.looked.set()
        if self._failing > 0:
            self._failing -= 1
            raise OSError("the database is away")
        self.now += timedelta(seconds=10)
        return self.now


def test_events_are_held_for_as_long_as_the_work_takes(store: Store, engine: Engine) -> None:
    receive_events(store, "1")
    inbox = Inbox(engine, lease=timedelta(seconds=15), renewal=MOMENT)
    rows = inbox.claim("slow", NOW)
    clock = RunningClock(looks=4)
    with hold_lease(inbox, rows, "slow", clock):
        assert clock.looked.wait(30)
    assert clock.now >= seconds_later(40)
    assert store.inbox.claim("other", seconds_later(40)) == []


def test_a_renewal_that_fails_is_logged_and_tried_again(
    store: Store, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    receive_events(store, "1")
    inbox = Inbox(engine, renewal=MOMENT)
    rows = inbox.claim("slow", NOW)
    clock = RunningClock(looks=3, failing=2)
    with hold_lease(inbox, rows, "slow", clock):
        assert clock.looked.wait(30)
    assert caplog.messages == ["a lease was not renewed: OSError"] * 2
    assert clock.now >= seconds_later(10)


def test_lease_and_waits_are_what_the_inbox_was_given(store: Store, engine: Engine) -> None:
    receive_events(store, "1")
    inbox = Inbox(engine, lease=timedelta(seconds=4), backoff=(7.0,))
    assert inbox.renewal == timedelta(seconds=1)
    inbox.claim("a", NOW)
    assert inbox.claim("b", seconds_later(4)) == []
    (row,) = inbox.claim("b", seconds_later(5))
    for tries in (2, 3):  # after the lost lease; the last wait is used again
        inbox.retry(row, "b", "boom", NOW)
        assert inbox.claim("b", seconds_later(6)) == []
        (row,) = inbox.claim("b", seconds_later(7))
        assert row.attempts == tries
