"""Retries that a wrong clock put off are due at the next start, and no others."""

from __future__ import annotations

import pytest

from bot.store import Store
from tests.bot.store.sample_records import claim, enqueue_texts, seconds_later


@pytest.mark.parametrize("doubtful", [False, True])
def test_a_retry_that_a_clock_put_an_hour_ahead_is_due_at_the_next_start(
    store: Store, doubtful: bool
) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.postpone(owed, seconds_later(3_600), "Bad Gateway", doubtful=doubtful)
    assert claim(store, 60) == []
    assert store.outbox.recall_far_retries(seconds_later(60)) == 1
    assert [one.doubtful for one in claim(store, 61)] == [doubtful]


def test_a_retry_that_is_soon_due_and_what_a_messenger_limits_keep_their_moments(
    store: Store,
) -> None:
    enqueue_texts(store, "hello")
    (owed,) = claim(store)
    store.outbox.postpone(owed, seconds_later(60), "Bad Gateway", doubtful=False)
    assert store.outbox.recall_far_retries(seconds_later(0)) == 0
    (owed,) = claim(store, 61)
    store.outbox.hold_limited_chat(owed, seconds_later(3_600), seconds_later(61))
    assert store.outbox.recall_far_retries(seconds_later(62)) == 0
