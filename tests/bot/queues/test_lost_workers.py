"""Messages whose workers or senders die or hang: tried five times, then given up and told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import cast

import pytest
from sqlalchemy import Engine

from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.admin.library_service import LibraryService
from bot.assistant import Assistant
from bot.context import Decision
from bot.delivery.channel import Channel
from bot.delivery.sender import Sender
from bot.messages import Message
from bot.store import Store
from bot.store.inbox import INBOX_LEASE, INBOX_MAX_TRIES
from bot.store.lane import LaneReader
from bot.store.outbox import OUTBOX_LEASE, OUTBOX_MAX_LOST
from bot.types import Binding
from knowledge.database.leases import SUSPECT_REST
from knowledge.types import Answer
from tests.bot.store.sample_records import (
    NOW,
    make_event,
    make_outgoing,
    receive_events,
    seconds_later,
)
from tests.samples.answers import make_answer
from tests.samples.library_records import InMemoryLibrary
from tests.samples.records import MISSIONS, KnownPlaces, make_message, phrase
from tests.samples.staff_records import KnownAccounts

LEASE = INBOX_LEASE.total_seconds() + 1


def bind_desk(store: Store) -> None:
    desk = Binding("domestic", "slack", "C0DESK")
    store.commit_without_message("bind", Decision(new_binding=desk), NOW)


def make_assistant(store: Store, now: Callable[[], datetime]) -> Assistant:
    def ask(*_: object) -> Answer:
        return make_answer()

    def parse(payload: str) -> Message:
        return make_message("수출 물류비를 지원받을 수 있나요?", id=payload)

    return Assistant(
        store=store, ask=ask, missions=MISSIONS, places=KnownPlaces(),
        parser_for=lambda channel: parse, admins=frozenset(),
        library_service=lambda: cast(LibraryService, InMemoryLibrary()),
        now=now, previews={}, limits={"telegram": TELEGRAM_LIMITS},
            directory=KnownAccounts(),
    )  # fmt: skip


def _give(now: datetime) -> datetime:
    return now


def list_owed_texts(store: Store, now: datetime) -> list[str]:
    return [row.content.text for row in store.outbox.claim("s", now, ["telegram", "slack"])]


def hang(store: Store, turn: int) -> None:
    assert store.inbox.claim(f"w{turn}", seconds_later(turn * LEASE))


def die(store: Store, turn: int) -> None:
    assert store.inbox.claim(f"w{turn}", NOW)
    store.inbox.recover_leases(lambda owner: owner == f"w{turn}")


@pytest.mark.parametrize("fail", [hang, die])
def test_after_five_lost_workers_the_desk_is_told_and_the_lane_goes_on(
    store: Store, fail: Callable[[Store, int], None]
) -> None:
    bind_desk(store)
    receive_events(store, "poison", "next")
    for turn in range(INBOX_MAX_TRIES):
        fail(store, turn)
    later = seconds_later(INBOX_MAX_TRIES * LEASE)
    assistant = make_assistant(store, lambda: later)
    assert assistant.work_lane("healthy")
    assert store.inbox.count_events("dead") == 1
    assert list_owed_texts(store, later) == [
        phrase("staff.dead_message", "ko", channel="telegram", lane="telegram:1001", error="WorkerLost")
    ]  # fmt: skip
    assert assistant.work_lane("healthy")
    assert store.inbox.count_events("done") == 1


def test_four_lost_workers_do_not_end_a_message(store: Store) -> None:
    receive_events(store, "slow")
    for turn in range(INBOX_MAX_TRIES - 1):
        hang(store, turn)
    later = seconds_later(INBOX_MAX_TRIES * LEASE)
    assert make_assistant(store, lambda: later).work_lane("healthy")
    assert (store.inbox.count_events("done"), store.inbox.count_events("dead")) == (1, 0)


@pytest.mark.parametrize("life_seconds", [1, 4])
def test_a_process_that_dies_soon_after_each_start_costs_no_message(
    store: Store, engine: Engine, life_seconds: int
) -> None:
    """Four workers each hold a message whenever it dies, for a reason that lies elsewhere."""
    for number in range(4):
        receive_events(store, str(number), lane=f"telegram:{number}")
    start = 0.0
    for turn in range(20):
        start = turn * (life_seconds + 2.0)
        store.inbox.recover_leases(lambda owner: True)
        store.inbox.queue.rest_suspects(engine, seconds_later(start))
        for _ in range(4):
            store.inbox.claim(f"w{turn}", seconds_later(start + life_seconds))
    store.inbox.recover_leases(lambda owner: True)
    store.inbox.queue.rest_suspects(engine, seconds_later(start))
    assistant = make_assistant(store, lambda: seconds_later(start + 30))
    for _ in range(4):
        assert assistant.work_lane("healthy")
    assert (store.inbox.count_events("done"), store.inbox.count_events("dead")) == (4, 0)


def test_what_rests_does_so_one_after_the_other(store: Store, engine: Engine) -> None:
    """One of them may kill: the next process that dies then held no other."""
    for number in range(4):
        receive_events(store, str(number), lane=f"telegram:{number}")
    for turn in range(2):
        for _ in range(4):
            store.inbox.claim(f"w{turn}", NOW)
        store.inbox.recover_leases(lambda owner: True)
    assert store.inbox.queue.rest_suspects(engine, NOW) == 4
    due = SUSPECT_REST.total_seconds()
    assert store.inbox.claim("next", seconds_later(due - 1)) == []
    assert len(store.inbox.claim("next", seconds_later(due))) == 1
    assert store.inbox.claim("next", seconds_later(due)) == []


def test_a_message_that_kills_takes_no_other_of_its_thought_with_it(store: Store) -> None:
    """The third message kills whoever reads it; those before it are answered by themselves."""
    bind_desk(store)
    store.inbox.receive([make_event("first"), make_event("second"), make_event("poison")], NOW)
    seconds, buried = 0.0, 0
    for _ in range(40):
        seconds += LEASE
        now = seconds_later(seconds)
        rows = store.inbox.claim("w", now)
        if not rows:
            break
        assistant = make_assistant(store, partial(_give, now))
        group, _ = LaneReader(store, assistant.parser_for, lambda: NOW).read_message(rows)
        if group[-1].key == "poison" and group[0].attempts < INBOX_MAX_TRIES:
            continue
        store.inbox.release(rows, "w")
        assistant.work_lane("w")
        buried = store.inbox.count_events("dead")
    assert (store.inbox.count_events("done"), buried) == (2, 1)


def test_after_five_lost_senders_a_message_is_given_up_and_told(store: Store) -> None:
    bind_desk(store)
    owed = Decision(outgoing=(make_outgoing("poison"),))
    store.commit_without_message("1", owed, NOW)
    lease = OUTBOX_LEASE.total_seconds() + 1
    for turn in range(OUTBOX_MAX_LOST):
        (row,) = store.outbox.claim(f"s{turn}", seconds_later(turn * lease), ["telegram"])
        assert row.lost == turn
        if turn % 2:
            store.outbox.recover_leases(lambda owner: True)
    later = seconds_later(OUTBOX_MAX_LOST * lease)
    sender = Sender(store, {"telegram": cast(Channel, None)}, lambda: later, "s", MISSIONS)
    assert asyncio.run(sender.send_due()) == 1
    assert store.outbox.count_messages("dead") == 1
    assert "5" in list_owed_texts(store, later)[0]


def test_a_platform_that_is_away_for_long_loses_no_sender(store: Store) -> None:
    store.commit_without_message("1", Decision(outgoing=(make_outgoing("words"),)), NOW)
    for turn in range(20):
        (row,) = store.outbox.claim("s", seconds_later(turn * 10), ["telegram"])
        assert (row.lost, row.attempts) == (0, turn)
        at = seconds_later(turn * 10 + 5)
        store.outbox.postpone(row, at, "away", doubtful=True)
    assert store.outbox.recover_leases(lambda owner: True) == 0
