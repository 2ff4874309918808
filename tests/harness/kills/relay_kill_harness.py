"""A relayed conversation while Naru is killed repeatedly, and which messages arrived."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    Room,
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

HANOI_CHAT = -1001000000001
SLACK_RETRY_DELAYS_SECONDS = (0.0, 0.5, *[1.0] * 20)  # Slack's patience, shortened
WRITE_PAUSE_SECONDS = (0.1, 0.6)  # seconds between two messages of one person
UPTIME_SECONDS = (0.05, 1.0)  # seconds that Naru lives after it came up


@dataclass
class DeliveryOutcome:
    """The numbers of the messages that arrived on one side, in the order shown there."""

    sent_count: int
    received_numbers: list[int]

    @property
    def without_repeats(self) -> list[int]:
        """The received numbers with repeats in a row removed."""
        return [number for number, _ in groupby(self.received_numbers)]

    @property
    def repeats(self) -> int:
        return len(self.received_numbers) - len(self.without_repeats)

    @property
    def is_complete_in_order(self) -> bool:
        return self.without_repeats == list(range(self.sent_count))


@dataclass
class RelayTalk:
    """A founder and the mission whose staff they talk to."""

    founder: Person
    room: Room
    mission: str = "vn-hanoi"
    place: str = "하노이"
    case: Person | None = None

    def open_case(self) -> None:
        """Open a case and claim it; without a question, so that no model is needed."""
        word = "/human" if isinstance(self.founder, TelegramPerson) else "담당자"
        self.founder.says(word)
        self.founder.hears("어느 나라, 어느 도시의 일입니까?")
        self.founder.says(self.place)
        self.founder.hears("접수번호 #")
        self.case = self.room.wait_for_case()
        self.case.sends_command("claim")
        self.founder.hears("맡았습니다")


class RelayKillHarness:
    """Founders and staff write numbered messages while Naru is killed and started again."""

    def __init__(
        self,
        processes: ServeProcesses,
        settings: Mapping[str, Any],
        talks: Sequence[RelayTalk],
        is_up: Callable[[], Callable[[], object]],
    ) -> None:
        """`is_up()` notes the present state; the function it returns tells whether Naru has come up since."""
        self.talks = talks
        self.pace = WRITE_PAUSE_SECONDS
        self.patience = 40.0
        self.least = 0
        self._processes = processes
        self._settings = settings
        self._is_up = is_up
        self._running: ServeProcess | None = None

    def run(self, kills: int, seed: int = 1) -> dict[str, list[DeliveryOutcome]]:
        """Kill `kills` times at random moments; returns what arrived, by messenger."""
        chance = random.Random(seed)
        self._bind_rooms()
        self._start_and_wait()
        for talk in self.talks:
            talk.open_case()
        stop = threading.Event()
        ways = [way for talk in self.talks for way in list_directions(talk)]
        writers = [
            MessageWriter(writer, word, stop, self.pace, self.least, seed + number)
            for number, (writer, word, _) in enumerate(ways, 1)
        ]
        for writer in writers:
            writer.start()
        for _ in range(kills):
            time.sleep(chance.uniform(*UPTIME_SECONDS))  # the moment of the kill is what is tried
            assert self._running
            self._running.kill()
            self._start_and_wait()
        stop.set()
        for writer in writers:
            writer.join(60)
        outcomes: dict[str, list[DeliveryOutcome]] = {}
        for writer, (_, word, reader) in zip(writers, ways, strict=True):
            messenger = "telegram" if isinstance(reader, TelegramPerson) else "slack"
            arrived = self._collect_outcome(reader, word, writer.wrote)
            outcomes.setdefault(messenger, []).append(arrived)
        return outcomes

    def _collect_outcome(self, place: Person, word: str, wrote: int) -> DeliveryOutcome:
        """The messages that arrived in a place; waits until all are there.

        Raises AssertionError naming those that are lost.
        """
        outcome = DeliveryOutcome(wrote, [])

        def arrived() -> bool:
            outcome.received_numbers = parse_numbers(place.received_texts(), word)
            return set(outcome.received_numbers) >= set(range(wrote))

        try:
            wait_until(arrived, self.patience)
        except AssertionError:
            missing = sorted(set(range(wrote)) - set(outcome.received_numbers))
            log = self._running.read_log()[-3000:] if self._running else ""
            raise AssertionError(f"of {wrote} {word} {missing} are lost\n{log}") from None
        return outcome

    def _start_and_wait(self) -> None:
        look = self._is_up()
        self._running = self._processes.start(self._settings)
        wait_until(look, 60)

    def _bind_rooms(self) -> None:
        app = App(Settings(data=self._processes.folder, _env_file=None))
        for talk in self.talks:
            bind_room_in(app, talk.mission, talk.room)
        app.engine.dispose()


def list_directions(talk: RelayTalk) -> list[tuple[Person, str, Person]]:
    """(writer, word, reader) for both directions of a conversation."""
    assert talk.case
    return [(talk.founder, "말", talk.case), (talk.case, "답", talk.founder)]


class MessageWriter(threading.Thread):
    """A person who writes until `stop` is set and at least `least` messages are written."""

    def __init__(
        self,
        person: Person,
        word: str,
        stop: threading.Event,
        pace: tuple[float, float],
        least: int,
        seed: int,
    ) -> None:
        super().__init__(name=word, daemon=True)
        self.wrote = 0
        self._person = person
        self._word = word
        self._end = stop
        self._pace = pace
        self._least = least
        self._chance = random.Random(seed)

    def run(self) -> None:
        for number in count():
            self._person.says(f"{self._word} {number}")
            self.wrote = number + 1
            if self._end.wait(self._chance.uniform(*self._pace)) and self.wrote >= self._least:
                return


def parse_numbers(heard: list[str], word: str) -> list[int]:
    """The numbers of the relayed messages that begin with `word`."""
    lines = [text.replace("창업자: ", "").rpartition("\n")[2].split() for text in heard]
    return [int(line[1]) for line in lines if len(line) == 2 and line[0] == word]


@contextmanager
def open_telegram_harness(
    processes: ServeProcesses, *, webhook: bool = False
) -> Iterator[RelayKillHarness]:
    """Both sides on Telegram."""
    with TelegramServer(webhook_delays=(0.1,)) as server:
        server.create_forum(HANOI_CHAT)
        port = find_free_port()
        settings = {**build_telegram_settings(server, port if webhook else 0), "http_port": port}
        talk = RelayTalk(TelegramPerson(server, 1001), TelegramRoom(server, HANOI_CHAT, 2002))
        yield RelayKillHarness(processes, settings, [talk], lambda: _watch_telegram_start(server))


@contextmanager
def open_slack_harness(
    processes: ServeProcesses, *, http: bool = False
) -> Iterator[RelayKillHarness]:
    """Both sides on Slack."""
    with SlackServer(retries=SLACK_RETRY_DELAYS_SECONDS) as server:
        server.create_channel("C0HANOI", private=True)
        port = find_free_port()
        settings = {**build_slack_settings(server, port if http else 0), "http_port": port}
        talk = RelayTalk(
            SlackPerson(server, server.open_dm()), SlackRoom(server, "C0HANOI", "U0LEE")
        )
        yield RelayKillHarness(processes, settings, [talk], lambda: _watch_slack_start(server))


@contextmanager
def open_cross_messenger_harness(processes: ServeProcesses) -> Iterator[RelayKillHarness]:
    """A founder on Telegram and staff on Slack, and the reverse, through one Naru."""
    with TelegramServer() as telegram, SlackServer(retries=SLACK_RETRY_DELAYS_SECONDS) as slack:
        telegram.create_forum(HANOI_CHAT)
        slack.create_channel("C0HCMC", private=True)
        settings = {**build_telegram_settings(telegram), **build_slack_settings(slack)}
        talks = [
            RelayTalk(
                SlackPerson(slack, slack.open_dm()), TelegramRoom(telegram, HANOI_CHAT, 2002)
            ),
            RelayTalk(
                TelegramPerson(telegram, 1001),
                SlackRoom(slack, "C0HCMC", "U0LEE"),
                "vn-hcmc",
                "호치민",
            ),
        ]

        def look() -> Callable[[], object]:
            ups = _watch_telegram_start(telegram), _watch_slack_start(slack)
            return lambda: all(up() for up in ups)

        yield RelayKillHarness(processes, {**settings, "http_port": find_free_port()}, talks, look)


def _watch_telegram_start(server: TelegramServer) -> Callable[[], object]:
    starts, polls = len(server.calls_of("getMe")), server.last_poll

    def up() -> object:
        started = len(server.calls_of("getMe")) > starts
        return started and (server.webhook or server.last_poll > polls)

    return up


def _watch_slack_start(server: SlackServer) -> Callable[[], object]:
    starts = len(server.calls_of("auth.test"))

    def up() -> object:
        started = len(server.calls_of("auth.test")) > starts
        return started and (server.http_target or server.sockets == 1)

    return up
