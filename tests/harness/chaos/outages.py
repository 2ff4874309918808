"""Troubles that are not a kill: a poison message, a database that takes nothing, a long silence, a room that refuses."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import func, make_url, select

from bot.store import tables as t
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.chaos.altered_serve import Alteration
from tests.harness.chaos.calls import list_sent, read_clock, read_place
from tests.harness.chaos.ledger import Figures, Ledger, find_lost, judge, measure_waits
from tests.harness.chaos.plan import Lane
from tests.harness.chaos.trial import MISSION, Trial
from tests.harness.messenger_drivers import Person
from tests.harness.running_app import wait_until

POISON = "독이 든 글"
OUTAGE_SECONDS = 30.0
PATIENCE_SECONDS = 180.0
TRIES_SEEN_SECONDS = 15.0  # for which calls to a room that refuses are counted
DATABASE_TROUBLES = ("locked", "read-only", "full")

LEAN = Alteration(lean=True)

OpenTrouble = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class PoisonFigures:
    """`delay`: by how many seconds the longest wait of somebody else's messages was longer than that
    of those before the poison; `told`: the seconds to the notice."""

    delay: float
    told: float
    dead: int
    tries: int


def meet_poison(trial: Trial, count: int = 30) -> PoisonFigures:
    """A message fails whenever it is worked on, while staff of another case write `count` others; as many
    were written before. Not its founder: of what founders write, a thread gets a share in a minute."""
    desk = begin_trial(trial, Alteration(poison=POISON, lean=True))
    first, others = trial.lanes[0], trial.lanes[3]
    _write_evenly(trial, others, range(count))
    began = read_clock()
    first.writer.says(POISON)
    _write_evenly(trial, others, range(count, 2 * count))
    _wait(lambda: any("처리하지 못한 메시지" in text for text in desk.received_texts()))
    told = read_clock() - began
    trial.say(first, 0)  # the lane goes on
    trial.wait_for_arrivals()
    with trial.open_database() as connection:
        dead = select(func.count(), func.max(t.inbox.c.attempts)).where(t.inbox.c.state == "dead")
        buried, tries = connection.execute(dead).one()
    trial.terminate()
    trial.ledger.arrivals = trial.list_arrivals()
    theirs = [one for one in trial.ledger.written if one.lane == others.name]
    before, after = (max(measure_waits(Ledger(some, trial.ledger.arrivals)))
                     for some in (theirs[:count], theirs[count:]))  # fmt: skip
    return PoisonFigures(max(0.0, after - before), told, int(buried), int(tries or 0))


def _write_evenly(trial: Trial, lane: Lane, numbers: range) -> None:
    """Write, and wait until all has arrived."""
    for number in numbers:
        trial.say(lane, number)
        time.sleep(0.2)
    trial.wait_for_arrivals()


def outlast_database(trial: Trial, open_trouble: OpenTrouble, *, stopped: bool) -> Figures:
    """The database takes nothing for OUTAGE_SECONDS while all write; what ends by itself is started
    again, as a service manager does. `stopped`: it begins while Naru does not run."""
    begin_trial(trial, LEAN)
    if stopped:
        trial.kill()
    with open_trouble():
        end = time.monotonic() + OUTAGE_SECONDS
        number = 0
        while time.monotonic() < end:
            for lane in trial.lanes:
                trial.say(lane, number)
            number += 1
            time.sleep(1.0)
            if not trial.process.is_running():
                trial.start(LEAN, wait=False)
    if not trial.process.is_running():
        trial.start(LEAN)
    trial.wait_for_arrivals()
    trial.settle()
    return judge(trial.ledger, can_be_asked=trial.messenger.can_be_asked)


def return_after_silence(trial: Trial, count: int = 30) -> tuple[Figures, float]:
    """Nothing of what is written while Naru is away is delivered as an event, where the messenger
    keeps none; with the seconds from the start until all was there."""
    begin_trial(trial, LEAN)
    trial.kill()
    server = trial.messenger.server
    if isinstance(server, SlackServer):
        server.start_outage()
    for number in range(count):
        for lane in trial.lanes:
            trial.say(lane, number)
    if isinstance(server, SlackServer):
        server.end_outage()
    began = time.monotonic()
    trial.start(LEAN)
    trial.wait_for_arrivals()
    took = time.monotonic() - began
    trial.settle()
    return judge(trial.ledger, can_be_asked=trial.messenger.can_be_asked), took


@dataclass(frozen=True, slots=True)
class RefusalFigures:
    """`told` are the seconds until the desk knew, `tries` the calls to the room in
    TRIES_SEEN_SECONDS, `lost` what had not arrived when the room was open again."""

    told: float
    tries: int
    lost: list[str]


def meet_refusal(trial: Trial) -> RefusalFigures:
    """The room throws Naru out while a founder writes, and takes it in again."""
    desk = begin_trial(trial, LEAN)
    lane, server = trial.lanes[0], trial.messenger.server
    room, began = read_place(lane.reader), read_clock()
    if isinstance(server, SlackServer):
        server.kick_app(room)
    elif isinstance(server, TelegramServer):
        server.kick_bot(int(room))
    trial.say(lane, 0)
    _wait(lambda: any("올리지 못하고 있습니다" in text for text in desk.received_texts()))
    told = read_clock() - began
    time.sleep(TRIES_SEEN_SECONDS)
    tries = sum(one.chat == room and one.at > began for one in list_sent(trial.messenger))
    if isinstance(server, SlackServer):
        server.invite_app(room)
    elif isinstance(server, TelegramServer):
        server.add_bot(int(room))
    trial.wait_for_arrivals()
    trial.settle()
    return RefusalFigures(told, tries, find_lost(trial.ledger.written, trial.ledger.arrivals))


def list_database_troubles(
    database_url: str, disk: Path | None
) -> dict[str, tuple[OpenTrouble, bool]]:
    """By name: what keeps the database from taking anything, and whether Naru has to be stopped
    for it. `disk` is the small file system that a SQLite database lies on, if there is one."""
    if make_url(database_url).get_backend_name() != "sqlite":
        return {
            "locked": (lambda: lock_postgresql(database_url), False),
            "read-only": (lambda: forbid_postgresql(database_url), False),
        }
    path = str(make_url(database_url).database)
    troubles: dict[str, tuple[OpenTrouble, bool]] = {"locked": (lambda: lock_sqlite(path), False)}
    if disk is not None:
        troubles["read-only"] = (lambda: forbid_disk(disk), True)
        troubles["full"] = (lambda: fill_disk(disk), False)
    return troubles


@contextmanager
def lock_sqlite(path: str) -> Iterator[None]:
    """Somebody else holds the write lock."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def fill_disk(disk: Path) -> Iterator[None]:
    """There is no room on the disk, and none is made until the end."""
    filling, stop = disk / "filling", threading.Event()

    def fill() -> None:
        with filling.open("ab", buffering=0) as file:
            while not stop.is_set():
                try:
                    file.write(b"x" * 4096)
                except OSError:
                    stop.wait(0.1)

    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        filling.unlink()


@contextmanager
def forbid_disk(disk: Path) -> Iterator[None]:
    """The file system is mounted read-only."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@contextmanager
def mount_small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A file system of its own; False where that may not be made, which only Linux's superuser can."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def lock_postgresql(url: str) -> Iterator[None]:
    """Somebody else holds the tables of both queues."""
    with _connect_postgresql(url) as connection:
        connection.execute("BEGIN")
        connection.execute("LOCK TABLE inbox, outbox IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


@contextmanager
def forbid_postgresql(url: str) -> Iterator[None]:
    """The server takes no writes, and has thrown everybody out, as after a switch to a standby."""
    with _connect_postgresql(url) as connection:
        name = make_url(url).database
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                           "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        try:
            yield
        finally:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                               "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip


def _connect_postgresql(url: str) -> psycopg.Connection[tuple[object, ...]]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def begin_trial(trial: Trial, altered: Alteration) -> Person:
    """Rooms are bound, cases open, and nothing has been written; the desk's room."""
    trial.bind_room(MISSION, trial.messenger.open_room())
    trial.bind_room("domestic", trial.messenger.open_desk())
    trial.start(altered)
    trial.open_talks()
    return trial.messenger.open_desk().staff_member()


def _wait(test: Callable[[], object]) -> None:
    wait_until(test, PATIENCE_SECONDS)
