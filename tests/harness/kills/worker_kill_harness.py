"""Several `naru serve` over one PostgreSQL, all but one of which are killed while people write."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.bootstrap import App
from adapters.cli.operations.databases import list_tables, open_database
from adapters.settings import Settings
from knowledge.database.copying import copy_tables
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.chaos.altered_serve import Alteration
from tests.harness.databases import create_fresh_database
from tests.harness.kills.numbered_talk import (
    HANOI_CHAT,
    SLACK_RETRY_DELAYS_SECONDS,
    DeliveryOutcome,
    MessageWriter,
    RelayTalk,
    list_directions,
    parse_numbers,
)
from tests.harness.messenger_drivers import (
    Person,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
    bind_room_in,
)
from tests.harness.running_app import (
    build_slack_settings,
    build_telegram_settings,
    find_free_port,
    wait_until,
)
from tests.harness.serve_process import ServeProcess, ServeProcesses

PATIENCE_SECONDS = 120.0
GAP_MESSAGES = 5  # more than can be under way when a worker is killed
HEALTH_PAUSE_SECONDS = 0.2
WRITE_PAUSE_SECONDS = (0.05, 0.3)


@dataclass
class ServeWorker:
    """One process, and where its health is asked."""

    process: ServeProcess
    port: int

    def leads(self) -> bool:
        """Whether it says that it leads; false while it does not answer."""
        return bool(self._fetch_health().get("leads"))

    def is_ready(self) -> bool:
        """Whether it has loaded what it needs."""
        return self._fetch_health().get("library") == "ready"

    def _fetch_health(self) -> dict[str, Any]:
        time.sleep(HEALTH_PAUSE_SECONDS)  # asking is work for the workers
        url = f"http://127.0.0.1:{self.port}/health"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:  # it says that something is wrong
            with error:
                found = json.load(error)
        except OSError:
            return {}
        return found


@dataclass
class WorkerKillHarness:
    """A founder and staff who write numbered messages to `count` workers, each as on a machine of its
    own, of which one is left; at least `wrote` messages from each between two kills. `gaps` are the
    seconds from each kill until the founder had a few more of what staff wrote."""

    processes: ServeProcesses
    settings: Mapping[str, Any]
    talk: RelayTalk
    wrote: int = 5
    count: int = 3
    patience: float = PATIENCE_SECONDS  # until everything has arrived
    workers: list[ServeWorker] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)

    def run(self) -> list[DeliveryOutcome]:
        """Kill the leader again and again; what arrived in both directions."""
        app = App(Settings(**self._own_settings(0), _env_file=None))
        bind_room_in(app, self.talk.mission, self.talk.room)
        app.engine.dispose()
        self.workers = [self._start_worker(number) for number in range(self.count)]
        wait_until(lambda: all(one.is_ready() for one in self.workers), PATIENCE_SECONDS)
        self._wait_for_leader()
        self.talk.open_case()
        stop = threading.Event()
        ways = list_directions(self.talk)
        writers = [
            MessageWriter(person, word, stop, WRITE_PAUSE_SECONDS, 0, seed)
            for seed, (person, word, _) in enumerate(ways)
        ]
        for writer in writers:
            writer.start()
        for _ in range(self.count - 1):
            self._wait_for_messages(writers)
            leader = self._wait_for_leader()
            leader.process.kill()
            self.workers.remove(leader)
            self.gaps.append(self._measure_gap(*ways[1][1:]))
        self._wait_for_messages(writers)
        self._wait_for_leader()
        stop.set()
        for writer in writers:
            writer.join(PATIENCE_SECONDS)
        return [
            self._collect(writer, word, reader)
            for writer, (_, word, reader) in zip(writers, ways, strict=True)
        ]

    def _start_worker(self, number: int) -> ServeWorker:
        port = find_free_port()
        command = Alteration(lean=True, host=f"worker-{number}").to_arguments()
        return ServeWorker(self.processes.start(self._own_settings(port), command), port)

    def _measure_gap(self, word: str, reader: Person) -> float:
        """The seconds until `reader` has GAP_MESSAGES more; those written next may wait longer, behind
        all that are written before them."""
        began, had = time.monotonic(), len(parse_numbers(reader.received_texts(), word))
        wait_until(
            lambda: len(parse_numbers(reader.received_texts(), word)) >= had + GAP_MESSAGES,
            PATIENCE_SECONDS,
        )
        return time.monotonic() - began

    def _own_settings(self, port: int) -> dict[str, Any]:
        return {"data": self.processes.folder, **self.settings, "http_port": port or 8080}

    def _wait_for_leader(self) -> ServeWorker:
        """The one worker that leads. Raises AssertionError if there are two."""
        found: list[ServeWorker] = []

        def one_leads() -> bool:
            found[:] = [worker for worker in self.workers if worker.leads()]
            assert len(found) <= 1, "two workers lead"
            return bool(found)

        wait_until(one_leads, PATIENCE_SECONDS)
        return found[0]

    def _wait_for_messages(self, writers: list[MessageWriter]) -> None:
        goals = [writer.wrote + self.wrote for writer in writers]
        wait_until(
            lambda: all(one.wrote >= goal for one, goal in zip(writers, goals, strict=True)),
            PATIENCE_SECONDS,
        )

    def _collect(self, writer: MessageWriter, word: str, reader: Person) -> DeliveryOutcome:
        outcome = DeliveryOutcome(writer.wrote, [])

        def arrived() -> bool:
            outcome.received_numbers = parse_numbers(reader.received_texts(), word)
            return set(outcome.received_numbers) >= set(range(writer.wrote))

        try:
            wait_until(arrived, self.patience)
        except AssertionError:
            missing = sorted(set(range(writer.wrote)) - set(outcome.received_numbers))
            log = self.workers[0].process.read_log()[-3_000:]
            queues = self._describe_queues()
            raise AssertionError(
                f"of {writer.wrote} {word} {missing} are missing; {queues}\n{log}"
            ) from None
        return outcome

    def _describe_queues(self) -> str:
        """How many rows still wait for what: whether messages are lost, stuck, or on their way."""
        app = App(Settings(**self._own_settings(0), _env_file=None))
        inbox, outbox = app.store.inbox, app.store.outbox
        events = {state: inbox.count_events(state) for state in ("waiting", "working", "dead")}
        owed = {one: outbox.count_messages(one) for one in ("owed", "sending", "waiting", "later")}
        app.engine.dispose()
        return f"events {events}, messages {owed}"


@contextmanager
def open_worker_harness(
    processes: ServeProcesses, transport: str, kind: str, folder: Path
) -> Iterator[WorkerKillHarness]:
    """Both sides on `transport`, "telegram" (polling) or "slack" (sockets), over a PostgreSQL of a
    `kind` with the library of the processes' folder."""
    with create_fresh_database(kind, folder) as url:
        library = f"sqlite:///{processes.folder / 'naru.db'}"
        with open_database(library) as source, open_database(url) as target:
            copy_tables(source, target, list_tables())
        if transport == "telegram":
            with TelegramServer() as telegram:
                telegram.create_forum(HANOI_CHAT)
                people = TelegramPerson(telegram, 1001), TelegramRoom(telegram, HANOI_CHAT, 2002)
                settings = build_telegram_settings(telegram) | {"database_url": url}
                yield WorkerKillHarness(processes, settings, RelayTalk(*people))
            return
        with SlackServer(retries=SLACK_RETRY_DELAYS_SECONDS) as slack:
            slack.create_channel("C0HANOI", private=True)
            talk = RelayTalk(
                SlackPerson(slack, slack.open_dm()), SlackRoom(slack, "C0HANOI", "U0LEE")
            )
            settings = build_slack_settings(slack) | {"database_url": url}
            yield WorkerKillHarness(processes, settings, talk)
