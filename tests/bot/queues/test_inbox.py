"""The inbox on both databases: nothing twice, every lane in order, one worker a lane."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context import Decision
from bot.messages import Content, Outgoing, Timer
from bot.store import InboxEvent, InboxRow, Store
from bot.store.inbox import INBOX_BACKOFF_SECONDS, INBOX_BATCH_EVENTS, INBOX_LEASE, INBOX_MAX_TRIES
from tests.bot.store.sample_records import FOUNDER, NOW, make_event, receive_events, seconds_later


def list_keys(rows: list[InboxRow]) -> list[str]:
    return [row.key for row in rows]


def claim(store: Store, owner: str = "a", seconds: float = 0) -> list[InboxRow]:
    return store.inbox.claim(owner, seconds_later(seconds))


def commit_rows(store: Store, rows: list[InboxRow], owner: str = "a") -> None:
    store.commit(rows, owner, Decision(), NOW)


def test_an_event_told_twice_is_kept_once(store: Store) -> None:
    assert store.inbox.receive([make_event("1"), make_event("2"), make_event("1")], NOW) == 2
    assert store.inbox.receive([make_event("2"), make_event("3")], seconds_later(1)) == 1
    assert list_keys(claim(store)) == ["1", "2", "3"]


def test_an_event_is_known_for_good_once_it_is_done(store: Store) -> None:
    receive_events(store, "1")
    commit_rows(store, claim(store))
    assert store.inbox.receive([make_event("1")], seconds_later(60)) == 0
    assert claim(store, seconds=60) == []


def test_one_message_under_two_event_keys_is_kept_once(store: Store) -> None:
    double = [
        make_event("mention", natural_key="C1:17.1"),
        make_event("message", natural_key="C1:17.1"),
    ]
    assert store.inbox.receive(double, NOW) == 1
    assert list_keys(claim(store)) == ["mention"]


def test_channels_keys_and_missing_natural_keys_do_not_collide(store: Store) -> None:
    other = InboxEvent("slack", "1", "slack:D1", "{}", "n")
    assert store.inbox.receive([make_event("1", natural_key="n"), other], NOW) == 2
    assert store.inbox.receive([make_event("2"), make_event("3")], NOW) == 2


def test_receivers_at_the_same_moment_keep_each_event_once(store: Store) -> None:
    together = threading.Barrier(4)

    def take(_: int) -> int:
        together.wait(10)
        return sum(
            store.inbox.receive([make_event(str(n), natural_key=str(n))], NOW) for n in range(25)
        )

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 25
    assert store.inbox.count_events("waiting") == 25


def test_a_lane_s_events_come_together_in_order_up_to_a_run(store: Store) -> None:
    receive_events(store, *(f"{n}" for n in range(INBOX_BATCH_EVENTS + 3)))
    first = claim(store)
    assert list_keys(first) == [f"{n}" for n in range(INBOX_BATCH_EVENTS)]
    assert claim(store, "b") == []
    commit_rows(store, first)
    assert list_keys(claim(store, "b")) == [
        f"{n}" for n in range(INBOX_BATCH_EVENTS, INBOX_BATCH_EVENTS + 3)
    ]


def test_the_lane_that_has_waited_longest_comes_first(store: Store) -> None:
    receive_events(store, "a1", lane="A")
    receive_events(store, "b1", lane="B")
    receive_events(store, "a2", lane="A")
    assert [list_keys(claim(store, owner)) for owner in "xyz"] == [["a1", "a2"], ["b1"], []]


def test_only_the_asked_channels_are_worked(store: Store) -> None:
    store.inbox.receive([make_event("1"), InboxEvent("slack", "2", "slack:D1", "{}")], NOW)
    assert list_keys(store.inbox.claim("a", NOW, ["slack"])) == ["2"]
    assert store.inbox.claim("a", NOW, ["slack"]) == []
    assert list_keys(store.inbox.claim("a", NOW, ["telegram"])) == ["1"]


def test_released_events_wait_behind_the_one_still_worked_on(store: Store) -> None:
    receive_events(store, "1", "2", "3")
    rows = claim(store)
    store.inbox.release(rows[1:], "a")
    assert claim(store, "b") == []
    commit_rows(store, rows[:1])
    assert list_keys(claim(store, "b")) == ["2", "3"]


def test_two_workers_never_hold_one_lane_together_and_keep_its_order(store: Store) -> None:
    lanes = [f"lane-{n}" for n in range(8)]
    store.inbox.receive([make_event(f"{n}-{lane}", lane) for n in range(6) for lane in lanes], NOW)
    worked: dict[str, list[str]] = defaultdict(list)
    held: set[str] = set()
    guard = threading.Lock()

    def work(owner: str) -> None:
        while rows := store.inbox.claim(owner, NOW):
            lane = rows[0].lane
            with guard:
                assert lane not in held
                held.add(lane)
            worked[lane].append(rows[0].key)
            store.inbox.release(rows[1:], owner)
            with guard:
                held.discard(lane)
            commit_rows(store, rows[:1], owner)

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(work, owner) for owner in "ab"]:
            ended.result(60)
    work("last")  # a worker may end while the other still holds the last lane
    assert worked == {lane: [f"{n}-{lane}" for n in range(6)] for lane in lanes}


def test_a_lane_is_taken_over_only_when_its_lease_has_ended(store: Store) -> None:
    receive_events(store, "1", "2")
    claim(store, "dead")
    lease = INBOX_LEASE.total_seconds()
    assert claim(store, "b", lease - 1) == []
    assert list_keys(claim(store, "b", lease + 1)) == ["1", "2"]
    assert claim(store, "c", lease + 2) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda store, rows: store.inbox.release(rows, "slow"),
        lambda store, rows: store.inbox.ignore(rows[0], "slow", "?", NOW),
        lambda store, rows: store.inbox.retry(rows[0], "slow", "?", NOW),
    ],
    ids=["release", "ignore", "retry"],
)
def test_a_worker_that_lost_its_lease_changes_nothing(
    store: Store, act: Callable[[Store, list[InboxRow]], None]
) -> None:
    receive_events(store, "1")
    rows = claim(store, "slow")
    claim(store, "quick", INBOX_LEASE.total_seconds() + 1)
    act(store, rows)
    assert store.inbox.count_events("working") == 1
    assert claim(store, "third", INBOX_LEASE.total_seconds() + 2) == []


def test_an_event_that_settles_waits_but_comes_along_with_an_earlier_one(store: Store) -> None:
    settle = timedelta(seconds=2)
    store.inbox.receive([InboxEvent("telegram", "1", "A", "{}", settle_delay=settle)], NOW)
    assert claim(store, seconds=1) == []
    store.inbox.receive(
        [InboxEvent("telegram", "2", "A", "{}", settle_delay=settle)], seconds_later(1.5)
    )
    assert list_keys(claim(store, seconds=2)) == ["1", "2"]


def test_an_event_that_failed_holds_its_lane_back_but_no_other(store: Store) -> None:
    receive_events(store, "1", "2", lane="A")
    receive_events(store, "3", lane="B")
    rows = claim(store)
    store.inbox.retry(rows[0], "a", "boom", NOW)
    store.inbox.release(rows[1:], "a")
    assert list_keys(claim(store)) == ["3"]
    again = claim(store, seconds=INBOX_BACKOFF_SECONDS[0])
    assert list_keys(again) == ["1", "2"]
    assert [row.attempts for row in again] == [1, 0]


def test_a_poison_event_is_buried_in_under_five_seconds_and_the_lane_goes_on(store: Store) -> None:
    receive_events(store, "poison", "next")
    told = [Outgoing(FOUNDER, Content("desk: it failed"))]
    seconds, tries = 0.0, 1
    while tries < INBOX_MAX_TRIES:
        rows = claim(store, seconds=seconds)
        store.inbox.retry(rows[0], "a", "boom", seconds_later(seconds))
        store.inbox.release(rows[1:], "a")
        seconds += INBOX_BACKOFF_SECONDS[rows[0].attempts]
        tries += 1
    rows = claim(store, seconds=seconds)
    assert rows[0].attempts == INBOX_MAX_TRIES - 1
    store.bury_event(rows[0], "a", "boom", told, seconds_later(seconds))
    store.inbox.release(rows[1:], "a")
    assert seconds < 5
    assert store.inbox.count_events("dead") == 1
    assert [
        owed.content.text for owed in store.outbox.claim("s", seconds_later(5), ["telegram"])
    ] == ["desk: it failed"]
    assert list_keys(claim(store, seconds=seconds)) == ["next"]


def test_an_event_that_asks_nothing_is_closed_with_its_reason(store: Store) -> None:
    receive_events(store, "1")
    store.inbox.ignore(claim(store)[0], "a", "a sticker", NOW)
    assert (store.inbox.count_events("ignored"), store.inbox.find_oldest_open()) == (1, None)


def test_what_gone_workers_held_is_free_at_once_and_the_living_keep_theirs(store: Store) -> None:
    receive_events(store, "1", lane="A")
    receive_events(store, "2", lane="B")
    claim(store, "gone")
    claim(store, "alive")
    assert store.inbox.recover_leases(lambda owner: owner == "gone") == 1
    assert [list_keys(claim(store, owner)) for owner in "xy"] == [["1"], []]


def test_a_timer_rings_when_due_once_and_holds_up_nobody(store: Store) -> None:
    receive_events(store, "1")
    timer = Timer("place:telegram:1001:1", "telegram:1001", seconds_later(600))
    store.commit(claim(store), "a", Decision(timers=(timer,)), NOW)
    store.commit_without_message("cli", Decision(timers=(timer,)), NOW)
    receive_events(store, "2")
    assert list_keys(claim(store, seconds=599)) == ["2"]  # and not the timer
    rung = claim(store, "b", 600)
    assert [(row.channel, row.payload) for row in rung] == [("clock", "telegram:1001")]
    assert rung[0].lane != "telegram:1001"
    commit_rows(store, rung, "b")
    assert store.inbox.count_events("waiting") == 0


def test_the_oldest_undone_event_is_known_for_the_health_page(store: Store) -> None:
    assert store.inbox.find_oldest_open() is None
    receive_events(store, "1")
    store.inbox.receive([make_event("2", "B")], seconds_later(5))
    assert store.inbox.find_oldest_open() == NOW
    commit_rows(store, claim(store))
    assert store.inbox.find_oldest_open() == seconds_later(5)


def test_what_a_lane_said_before_is_listed_newest_first(store: Store) -> None:
    receive_events(store, "old", "new")
    commit_rows(store, claim(store))
    receive_events(store, "waiting")
    receive_events(store, "elsewhere", lane="B")
    since = seconds_later(-1)
    payloads = store.inbox.list_done_payloads("telegram", FOUNDER.lane, since)
    assert payloads == [make_event("new").payload, make_event("old").payload]
    assert store.inbox.list_done_payloads("telegram", FOUNDER.lane, seconds_later(1)) == []


def test_what_a_message_said_before_is_found_by_its_natural_key(store: Store) -> None:
    natural = {"first": "-5:7_1:0", "edit": "-5:7_1:9", "other": "-5:7_11:0", "like": "-5:7x1:9"}
    for key in ("first", "other", "edit", "like"):
        event = replace(make_event(key), natural_key=natural[key], payload=f'{{"said": "{key}"}}')
        store.inbox.receive([event], NOW)
    first, other, edit, like = claim(store)
    find = store.inbox.find_earlier_payload
    assert find(first, "-5:7_1:") is None  # it is no earlier state of itself
    assert find(edit, "-5:7_1:") == first.payload
    assert find(like, "-5:7_1:") == edit.payload  # the newest; and "_" stands for itself alone
    assert find(other, "-5:7_11:") is None
    assert find(replace(edit, lane="telegram:2"), "-5:7_1:") is None
    commit_rows(store, [first])
    store.inbox.ignore(edit, "a", "nothing to do", NOW)  # its contents are not kept
    assert find(like, "-5:7_1:") == first.payload
