"""Processes over one PostgreSQL: one leads, another takes over, and all hear what is written."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from knowledge.database import peers
from knowledge.database.engine import open_engine, write_transaction
from knowledge.database.peers import (
    PeerLine,
    PresenceWatch,
    has_peers,
    hold_presence,
    send_signal,
)
from tests.harness.databases import ALL_DATABASE_KINDS, create_fresh_database

PATIENCE_SECONDS = 20.0


@dataclass
class Process:
    """One of several over a database: what it heard, and whether it leads."""

    engine: Engine
    owner: str = "a:1:x"
    heard: queue.Queue[str] = field(default_factory=queue.Queue)
    told: queue.Queue[bool] = field(default_factory=queue.Queue)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        line = PeerLine(self.engine, self.owner, self.heard.put, self.told.put)
        self.thread = threading.Thread(target=line.watch, args=[self.stop], daemon=True)
        self.thread.start()

    def waits_until_told(self, leads: bool) -> None:
        while self.told.get(timeout=PATIENCE_SECONDS) != leads:
            pass

    def hears_of_all(self) -> None:
        """As it does when it begins to listen."""
        assert {self.heard.get(timeout=PATIENCE_SECONDS) for _ in range(2)} == {"inbox", "outbox"}

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE_SECONDS)


@pytest.fixture(params=ALL_DATABASE_KINDS[1:])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:  # fmt: skip
    monkeypatch.setattr(peers, "ROUND_SECONDS", 0.05)
    monkeypatch.setattr(peers, "RECONNECT_SECONDS", 0.05)
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def two(server: Engine) -> Iterator[tuple[Process, Process]]:
    """Two processes, of which the first leads."""
    with ExitStack() as stack:
        first = Process(server)
        stack.callback(first.end)
        first.waits_until_told(True)
        second = Process(server, "b:1:y")
        stack.callback(second.end)
        second.waits_until_told(False)
        for one in (first, second):
            one.hears_of_all()
        yield first, second


def cut_line(engine: Engine) -> None:
    """End the connection of the leader, as a server or a network does."""
    holders = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = {peers.LEADER_LOCK_KEY}"
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN ({holders})"
    with engine.connect() as connection:
        assert connection.execute(text(ended)).all()


def test_another_process_leads_when_the_leader_ends(two: tuple[Process, Process]) -> None:
    first, second = two
    first.end()
    second.waits_until_told(True)
    assert first.told.queue[-1] is False  # told before the lock was free


def test_a_leader_whose_connection_is_lost_stops_and_one_leads_again(
    two: tuple[Process, Process], server: Engine
) -> None:
    first, second = two
    cut_line(server)
    first.waits_until_told(False)
    end = time.monotonic() + PATIENCE_SECONDS
    while not any(one.told.get(timeout=PATIENCE_SECONDS) for one in (first, second)):
        assert time.monotonic() < end


def test_a_signal_comes_with_the_commit_and_not_without(
    two: tuple[Process, Process], server: Engine
) -> None:
    with pytest.raises(ZeroDivisionError), write_transaction(server) as connection:
        send_signal(connection, "inbox")
        raise ZeroDivisionError
    with write_transaction(server) as connection:
        send_signal(connection, "outbox")
    for process in two:
        assert process.heard.get(timeout=PATIENCE_SECONDS) == "outbox"


def test_after_a_lost_connection_both_queues_are_looked_at(
    two: tuple[Process, Process], server: Engine
) -> None:
    first, _ = two
    cut_line(server)
    first.hears_of_all()


def test_two_narus_of_one_database_have_a_leader_each(
    two: tuple[Process, Process], server: Engine
) -> None:
    elsewhere = server.url.update_query_dict({"options": "-csearch_path=pg_catalog"})
    other = open_engine(elsewhere.render_as_string(hide_password=False))
    alone = Process(other)
    alone.waits_until_told(True)
    alone.end()
    other.dispose()


def look_until(watch: PresenceWatch, is_so: Callable[[PresenceWatch], bool]) -> None:
    """Look again until it is so: a server ends a connection a moment after its client."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so(watch):
        watch.look()
        assert time.monotonic() < end


def test_a_process_is_gone_when_two_looks_do_not_find_it(
    two: tuple[Process, Process], server: Engine
) -> None:
    first, second = two
    watch = PresenceWatch(server)
    look_until(watch, lambda seen: seen.sees(first.owner) and seen.sees(second.owner))
    second.end()  # with its connection, as after a kill
    look_until(watch, lambda seen: not seen.sees(second.owner))
    assert not watch.is_gone(second.owner)
    watch.look()
    assert watch.is_gone(second.owner) and not watch.is_gone(first.owner)


def test_a_process_that_lost_its_connection_is_there_again(
    two: tuple[Process, Process], server: Engine
) -> None:
    first, _ = two
    cut_line(server)
    first.hears_of_all()  # over its new connection
    look_until(PresenceWatch(server), lambda seen: seen.sees(first.owner))


def test_one_look_tells_of_nobody(server: Engine) -> None:
    watch = PresenceWatch(server)
    assert not watch.is_gone("a:1:x")
    watch.look()
    assert not watch.is_gone("a:1:x")
    watch.look()
    assert watch.is_gone("a:1:x")


def test_who_only_chats_in_a_terminal_is_there_as_well(server: Engine) -> None:
    with hold_presence(server, "c:1:z"):
        look_until(PresenceWatch(server), lambda seen: seen.sees("c:1:z"))
    look_until(PresenceWatch(server), lambda seen: seen.is_gone("c:1:z"))


def test_sqlite_has_no_other_processes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    assert not has_peers(engine)
    with write_transaction(engine) as connection:
        send_signal(connection, "inbox")
    with hold_presence(engine, "c:1:z"):
        engine.dispose()
