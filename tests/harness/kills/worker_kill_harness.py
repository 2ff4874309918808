"""Several `naru serve` over one PostgreSQL, all but one of which are killed while people write."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
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

PATIENCE_SECONDS = 300.0  # for each step, on a machine that does much else
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
    own, of which one is left. Each writes `wrote` messages, the leader is killed in the middle of
    them, and the next are written when all have arrived: what waits is bounded on a slow machine, too.
    No lease ends while they do, so that only a worker that frees what another held brings it on.
    `gaps` are the seconds from each kill until the founder had a few more of what staff wrote."""

    processes: ServeProcesses
    settings: Mapping[str, Any]
    talk: RelayTalk
    wrote: int = 20
    count: int = 3
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
        outcomes = [DeliveryOutcome(0, []) for _ in list_directions(self.talk)]
        while len(self.workers) > 1:
            self._play_phase(outcomes, self._kill_leader)
        self._play_phase(outcomes)
        self._wait_for_leader()
        return outcomes

    def _play_phase(
        self, outcomes: list[DeliveryOutcome], interrupt: Callable[[int], None] | None = None
    ) -> None:
        """Both write, `interrupt` is called when half is written, with the number of messages of staff by
        the end, and all has to arrive."""
        ways = list_directions(self.talk)
        writers = []
        for (person, word, _), outcome in zip(ways, outcomes, strict=True):
            numbers = range(outcome.sent_count, outcome.sent_count + self.wrote)
            writers.append(MessageWriter(person, word, numbers, WRITE_PAUSE_SECONDS))
            outcome.sent_count += self.wrote
        for writer in writers:
            writer.start()
        if interrupt:
            half = self.wrote // 2
            wait_until(lambda: all(one.wrote >= half for one in writers), PATIENCE_SECONDS)
            interrupt(outcomes[1].sent_count)
        for writer in writers:
            writer.join(PATIENCE_SECONDS)
        for outcome, (_, word, reader) in zip(outcomes, ways, strict=True):
            self._collect(outcome, word, reader)

    def _kill_leader(self, count: int) -> None:
        """Kill it, and measure until the founder has GAP_MESSAGES more, or all `count`."""
        _, word, reader = list_directions(self.talk)[1]
        leader = self._wait_for_leader()
        had = len(parse_numbers(reader.received_texts(), word))
        leader.process.kill()
        self.workers.remove(leader)
        began = time.monotonic()
        enough = min(count, had + GAP_MESSAGES)
        wait_until(
            lambda: len(parse_numbers(reader.received_texts(), word)) >= enough, PATIENCE_SECONDS
        )
        self.gaps.append(time.monotonic() - began)

    def _start_worker(self, number: int) -> ServeWorker:
        port = find_free_port()
        command = Alteration(lean=True, host=f"worker-{number}", endless_leases=True).to_arguments()
        return ServeWorker(self.processes.start(self._own_settings(port), command), port)

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

    def _collect(self, outcome: DeliveryOutcome, word: str, reader: Person) -> None:
        """Wait until all that was written has arrived. Raises AssertionError with what is known of the rest."""

        def arrived() -> bool:
            outcome.received_numbers = parse_numbers(reader.received_texts(), word)
            return set(outcome.received_numbers) >= set(range(outcome.sent_count))

        try:
            wait_until(arrived, PATIENCE_SECONDS)
        except AssertionError:
            missing = sorted(set(range(outcome.sent_count)) - set(outcome.received_numbers))
            log = self.workers[0].process.read_log()[-3_000:]
            queues = self._describe_queues()
            raise AssertionError(
                f"of {outcome.sent_count} {word} {missing} are missing; {queues}\n{log}"
            ) from None

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
