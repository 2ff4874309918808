"""What one message leads to is written in one transaction, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import LibraryTask
from bot.store import Store
from bot.store import tables as t
from bot.store.inbox import INBOX_LEASE, LIBRARY_TASK_PREFIX
from bot.store.retention.remains import ERASED_TEXT
from bot.store.serialisation import load_library_task
from bot.types import Binding, CaseMessage
from tests.bot.store.opening_decision import (
    DA_NANG,
    WORDS,
    claim_event,
    make_opening_decision,
)
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    PHOTO,
    make_case,
    make_conversation,
    make_event,
    make_outgoing,
    seconds_later,
)


def take_snapshot(store: Store) -> dict[str, object]:
    return {
        "conversation": store.find_conversation("telegram:1001"), "cases": store.list_cases(),
        "lines": store.list_lines(1), "threads": store.list_staff_threads(1),
        "owed": store.outbox.count_messages("owed"), "waiting": store.inbox.count_events("waiting"),
        "done": store.inbox.count_events("done"), "bound": store.list_bindings(),
    }  # fmt: skip


def test_everything_a_message_led_to_is_written_with_its_event(store: Store) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    kept = store.get_case(1)
    assert kept == replace(make_case(1), place=DA_NANG, found="아무것도", version=1)
    assert store.list_lines(1) == [CaseMessage("founder", WORDS, NOW, files=(PHOTO,))]
    assert store.find_conversation("telegram:1001") == make_conversation(case=1, version=1)
    assert take_snapshot(store)["owed"] == 2
    assert (store.inbox.count_events("done"), store.inbox.count_events("waiting")) == (
        1,
        1,
    )  # the timer


@pytest.mark.parametrize(
    "spoilt",
    [
        Decision(conversation=make_conversation(version=7)),
        Decision(conversation=make_conversation(version=0)),
        Decision(case=make_case(1, version=7)),
        Decision(case=make_case(99, version=1)),
    ],
    ids=["conversation moved on", "conversation begun", "case moved on", "case gone"],
)
def test_a_decision_on_something_that_moved_on_writes_nothing(
    store: Store, spoilt: Decision
) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    rows = claim_event(store, "2")
    before = take_snapshot(store)
    whole = replace(
        spoilt,
        new_lines=((1, CaseMessage("founder", "더 있어요", NOW)),),
        outgoing=(make_outgoing("x"),),
        new_binding=Binding("vn-hanoi", "slack", "C1"),
        new_case=make_case(2) if not spoilt.case else None,
    )
    with pytest.raises(Conflict):
        store.commit(rows, "a", whole, NOW)
    assert take_snapshot(store) == before
    store.commit(
        rows, "a", Decision(conversation=make_conversation(version=1)), NOW
    )  # decided again
    assert store.inbox.count_events("done") == 2


def test_a_worker_whose_lease_ended_writes_nothing(store: Store) -> None:
    rows = claim_event(store)
    quick = store.inbox.claim("b", seconds_later(INBOX_LEASE.total_seconds() + 1))
    with pytest.raises(Conflict):
        store.commit(rows, "a", make_opening_decision(), NOW)
    with pytest.raises(Conflict):
        store.bury_event(rows[0], "a", "boom", [make_outgoing("desk")], NOW)
    assert (store.list_cases(), store.outbox.count_messages("owed")) == ([], 0)
    store.commit(quick, "b", make_opening_decision(), NOW)
    with pytest.raises(Conflict):
        store.commit(rows, "a", make_opening_decision(), NOW)
    assert (len(store.list_cases()), store.outbox.count_messages("owed")) == (1, 2)


def test_of_two_who_begin_a_conversation_at_once_one_is_told(store: Store) -> None:
    def begin(key: str) -> bool:
        try:
            store.commit_without_message(key, Decision(conversation=make_conversation()), NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, "abcd")) == 1


def test_of_two_who_take_a_case_at_once_one_is_told(store: Store) -> None:
    store.commit_without_message("open", make_opening_decision(), NOW)
    seen = store.get_case(1)

    def take(user: str) -> str:
        try:
            taken = replace(seen, state="claimed", taken_by=user, taken_at=NOW)
            store.commit_without_message(
                user, Decision(case=taken, outgoing=(make_outgoing(user),)), NOW
            )
        except Conflict:
            return ""
        return user

    with ThreadPoolExecutor(4) as pool:
        (winner,) = [user for user in pool.map(take, "abcd") if user]
    assert (store.get_case(1).taken_by, store.get_case(1).version) == (winner, 2)
    assert store.outbox.count_messages("owed") == 3


def test_forgetting_erases_every_word_but_keeps_what_is_counted(
    store: Store, engine: Engine
) -> None:
    store.inbox.receive([replace(make_event("1"), payload=f'{{"text": "{WORDS}"}}')], NOW)
    store.commit(store.inbox.claim("a", NOW), "a", make_opening_decision(), NOW)
    for owed in store.outbox.claim("s", NOW, ["telegram", "slack"]):
        store.outbox.mark_sent(owed, NOW, "5")
    ended = replace(store.get_case(1), state="closed", ended_at=NOW)
    store.commit_without_message("close", Decision(case=ended), NOW)
    store.commit(claim_event(store, "2"), "a", Decision(erase_account="telegram:1001"), NOW)
    with engine.connect() as connection:
        kept = "".join(
            str(list(connection.execute(select(table)))) for table in t.metadata.sorted_tables
        )
    for word in (WORDS, "해결됐어요", "수출바우처는", "invoice.jpg", "Da Nang", "update_id"):
        assert word not in kept
    assert store.find_conversation("telegram:1001") is None
    one = store.get_case(1)
    assert (one.question, one.mission, one.urgency, one.opened_at) == (
        ERASED_TEXT, "vn-hanoi", "high", NOW,
    )  # fmt: skip
    assert (store.outbox.count_messages("sent"), store.inbox.count_events("done")) == (0, 2)


def test_forgetting_one_founder_leaves_the_others(store: Store) -> None:
    store.commit_without_message("a", make_opening_decision(), NOW)
    other = replace(make_conversation(), key="telegram:1002", chat="1002", user="1002")
    store.commit_without_message("b", Decision(conversation=other, new_case=replace(make_case(2), conversation=other.key),
                            new_lines=((2, CaseMessage("founder", "제 것", NOW)),)), NOW)  # fmt: skip
    store.commit_without_message("c", Decision(erase_account="telegram:1001"), NOW)
    assert store.find_conversation("telegram:1002") == replace(other, version=1)
    assert store.get_case(2).question == make_case(2).question
    assert [line.text for line in store.list_lines(2)] == ["제 것"]


def test_what_is_counted_is_told_to_the_doctor(store: Store) -> None:
    store.commit(claim_event(store), "a", make_opening_decision(), NOW)
    assert store.count_rows() == {
        "inbox": 2, "outbox": 2, "conversations": 1, "cases": 1, "bindings": 0,
    }  # fmt: skip
    assert store.is_writable()


def test_a_task_is_kept_with_the_message_that_asked_for_it_once_and_in_its_admins_lane(
    store: Store,
) -> None:
    task = LibraryTask("plan", "telegram:1001", FOUNDER, "ko", "0a1b2c3d", (PHOTO,), wait=1.5)
    store.commit(claim_event(store), "a", Decision(task=task), NOW)
    channel = [f"{LIBRARY_TASK_PREFIX}telegram"]
    assert store.inbox.claim("b", seconds_later(1), channel) == []
    assert store.inbox.list_open_tasks() == [task]
    (row,) = store.inbox.claim("b", seconds_later(2), channel)
    assert (row.lane, load_library_task(row.payload)) == (
        f"{LIBRARY_TASK_PREFIX}telegram:1001",
        task,
    )
    assert store.inbox.claim("c", seconds_later(80), channel) == []
    store.inbox.renew([row], "b", seconds_later(80))
    assert store.inbox.claim("c", seconds_later(160), channel) == []
    assert store.inbox.claim("c", seconds_later(171), channel) == [replace(row, attempts=1)]
    assert store.inbox.list_open_tasks() == [task]
    store.commit([row], "c", Decision(), seconds_later(172))
    assert store.inbox.list_open_tasks() == []
