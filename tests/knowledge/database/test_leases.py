"""Rows that are leased, on both databases: in order, one owner a lane, taken over when due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select, true

from knowledge.database.engine import UtcDateTime, open_engine, write_transaction
from knowledge.database.leases import LeaseQueue, recover_leases
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

NOW = datetime.fromisoformat("2026-11-21T10:00:00+00:00")
LEASE = timedelta(seconds=60)

metadata = MetaData()
jobs = Table(
    "jobs",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("lane", String(20)),
    Column("state", String(20)),
    Column("ready_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("owner", String(20)),
    Column("lost", Integer, nullable=False, default=0),
)
feeds = Table(
    "feeds",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("owner", String(20)),
    Column("lease_until", UtcDateTime),
)
queue = LeaseQueue(jobs, waiting="todo", working="doing", lease=LEASE, lost="lost")


@pytest.fixture(params=DATABASE_KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        metadata.create_all(engine)
        yield engine
        engine.dispose()


def add_jobs(engine: Engine, *lanes: str, ready_at: datetime = NOW) -> None:
    with write_transaction(engine) as connection:
        for lane in lanes:
            connection.execute(insert(jobs).values(lane=lane, state="todo", ready_at=ready_at))


def claim(engine: Engine, owner: str, seconds: float = 0, **limits: int) -> list[tuple[int, str]]:
    now = NOW + timedelta(seconds=seconds)
    return [(row.seq, row.state) for row in queue.claim(engine, owner, now, true(), **limits)]


def update_held(engine: Engine, keys: list[int], holder: str | None = None, **values: Any) -> bool:
    with write_transaction(engine) as connection:
        return queue.update_held(connection, keys, values, owner=holder)


def test_a_lane_is_worked_in_order_by_one_owner(engine: Engine) -> None:
    add_jobs(engine, "A", "A", "B")
    assert claim(engine, "x") == [(1, "todo")]
    assert claim(engine, "y") == [(3, "todo")]
    assert claim(engine, "z") == []
    assert update_held(engine, [1], "x", state="done")
    assert claim(engine, "z") == [(2, "todo")]


@pytest.mark.parametrize(
    ("limits", "keys"),
    [
        ({}, [1]),
        ({"batch": 2}, [1, 3]),
        ({"batch": 9}, [1, 3, 4]),
        ({"lanes": 9}, [1, 2]),
        ({"lanes": 2, "batch": 2}, [1, 3, 2, 5]),
    ],
)
def test_a_claim_takes_so_many_lanes_and_rows_of_each(
    engine: Engine, limits: dict[str, int], keys: list[int]
) -> None:
    add_jobs(engine, "A", "B", "A", "A", "B")
    assert [seq for seq, _ in claim(engine, "x", **limits)] == keys


def test_where_limits_the_row_a_lane_begins_with(engine: Engine) -> None:
    add_jobs(engine, "A", "B")
    rows = queue.claim(engine, "x", NOW, jobs.c.lane == "B", lanes=9)
    assert [row.seq for row in rows] == [2]


def test_a_row_that_is_not_due_holds_its_lane(engine: Engine) -> None:
    add_jobs(engine, "A", ready_at=NOW + LEASE)
    add_jobs(engine, "A")
    assert claim(engine, "x") == []
    assert claim(engine, "x", LEASE.total_seconds(), batch=9) == [(1, "todo"), (2, "todo")]


def test_an_ended_lease_is_taken_over_and_can_be_told(engine: Engine) -> None:
    add_jobs(engine, "A")
    claim(engine, "slow")
    assert claim(engine, "quick", LEASE.total_seconds()) == []
    assert claim(engine, "quick", LEASE.total_seconds() + 1) == [(1, "doing")]
    assert not update_held(engine, [1], "slow", state="done")
    assert update_held(engine, [1], state="done")  # where no owner is asked for
    assert not update_held(engine, [1], state="todo")


def test_an_update_writes_the_owner_like_any_other_column(engine: Engine) -> None:
    add_jobs(engine, "A")
    claim(engine, "x")
    assert update_held(engine, [1], "x", state="todo", owner=None, lease_until=None)
    assert claim(engine, "y") == [(1, "todo")]


def test_only_the_rows_of_gone_owners_are_recovered(engine: Engine) -> None:
    add_jobs(engine, "A", "B", "C")
    claim(engine, "gone")
    claim(engine, "alive")
    free = {"state": "todo", "owner": None, "lease_until": None}
    assert queue.recover(engine, lambda owner: owner == "gone", free) == 1
    assert claim(engine, "x", lanes=9) == [(1, "todo"), (3, "todo")]
    assert queue.recover(engine, lambda owner: owner == "gone", free) == 0


def test_rows_that_are_done_are_not_recovered(engine: Engine) -> None:
    add_jobs(engine, "A")
    claim(engine, "gone")
    update_held(engine, [1], state="done")
    assert queue.recover(engine, lambda _: True, {"state": "todo"}) == 0


def test_leases_of_a_table_without_states_are_recovered(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        for name, owner in (("a", "gone"), ("b", "alive"), ("c", None)):
            connection.execute(insert(feeds).values(name=name, owner=owner, lease_until=NOW))
    free = {"owner": None, "lease_until": None}
    assert recover_leases(engine, feeds, lambda owner: owner == "gone", free) == 1
    with engine.connect() as connection:
        owners = connection.execute(select(feeds.c.owner).order_by(feeds.c.name)).scalars()
        assert list(owners) == [None, "alive", None]


def test_open_rows_are_counted_and_the_oldest_is_found(engine: Engine) -> None:
    assert queue.find_oldest(engine, "ready_at") is None
    add_jobs(engine, "B", ready_at=NOW + LEASE)
    add_jobs(engine, "A")
    assert queue.find_oldest(engine, "ready_at") == NOW
    assert queue.find_oldest(engine, "ready_at", jobs.c.lane != "A") == NOW + LEASE
    claim(engine, "x")
    assert (queue.count(engine, "todo"), queue.count(engine, "doing")) == (1, 1)
    assert queue.find_oldest(engine, "ready_at") == NOW
    update_held(engine, [2], state="done")
    assert queue.find_oldest(engine, "ready_at") == NOW + LEASE


def count_lost(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(select(jobs.c.lost).order_by(jobs.c.seq)).scalars())


def test_an_ended_lease_counts_against_the_row_that_was_worked_on(engine: Engine) -> None:
    add_jobs(engine, "A", "A", "B")
    ended = LEASE.total_seconds() + 1
    for turn in range(3):
        rows = queue.claim(engine, "x", NOW + timedelta(seconds=turn * ended), true(), batch=9)
        assert [queue.count_lost(row, rows[0]) for row in rows] == [turn, 0]
    assert count_lost(engine) == [2, 0, 0]


def test_a_gone_owner_counts_once_against_the_row_that_was_worked_on(engine: Engine) -> None:
    add_jobs(engine, "A", "A", "B")
    claim(engine, "gone", batch=9)
    claim(engine, "alive")
    free = {"lease_until": NOW - LEASE}  # still to be found as one that was worked on
    assert queue.recover(engine, lambda owner: owner == "gone", free) == 2
    assert count_lost(engine) == [1, 0, 0]
    assert claim(engine, "x") == [(1, "doing")]
    assert queue.recover(engine, lambda owner: owner == "gone", free) == 0
    assert count_lost(engine) == [1, 0, 0]
