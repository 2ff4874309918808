"""A relayed conversation whose Naru is killed again and again, and what became of every word."""

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
from bot.admin import binding
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    OnSlack,
    OnTelegram,
    Person,
    Room,
    SlackRoom,
    TelegramRoom,
)
from tests.harness.running_app import eventually, free_port, slack_settings, telegram_settings
from tests.harness.serve_process import Process, Processes

HANOI = -1001000000001
RETRIES = (0.0, 0.5, *[1.0] * 20)  # Slack's patience, shortened
PACE = (0.1, 0.6)  # seconds between two messages of one person
LIFE = (0.05, 1.0)  # seconds that Naru lives after it came up


@dataclass
class Outcome:
    """The numbers that arrived on one side, in the order they are seen there."""

    wrote: int
    arrived: list[int]

    @property
    def without_repeats(self) -> list[int]:
        """One message said twice in a row counts once."""
        return [number for number, _ in groupby(self.arrived)]

    @property
    def repeats(self) -> int:
        return len(self.arrived) - len(self.without_repeats)

    @property
    def all_in_order(self) -> bool:
        return self.without_repeats == list(range(self.wrote))


@dataclass
class Talk:
    """A founder and the mission whose staff they talk to."""

    founder: Person
    room: Room
    mission: str = "vn-hanoi"
    place: str = "하노이"
    case: Person | None = None

    def begin(self) -> None:
        """A case, taken. Without a question, for then no model is needed."""
        word = "/human" if isinstance(self.founder, OnTelegram) else "담당자"
        self.founder.says(word)
        self.founder.hears("어느 나라, 어느 도시의 일입니까?")
        self.founder.says(self.place)
        self.founder.hears("접수번호 #")
        self.case = self.room.case()
        self.case.commands("claim")
        self.founder.hears("맡았습니다")


class Ordeal:
    """Founders and staff write numbered messages while Naru is killed and started again."""

    def __init__(
        self,
        processes: Processes,
        settings: Mapping[str, Any],
        talks: Sequence[Talk],
        is_up: Callable[[], Callable[[], object]],
    ) -> None:
        """`is_up()` takes a look now; what it returns tells whether Naru came up since."""
        self.talks = talks
        self.pace = PACE
        self.patience = 40.0
        self.least = 0
        self._processes = processes
        self._settings = settings
        self._is_up = is_up
        self._running: Process | None = None

    def run(self, kills: int, seed: int = 1) -> dict[str, list[Outcome]]:
        """Kill so often, at random moments; what arrived on each messenger."""
        chance = random.Random(seed)
        self._bind()
        self._up()
        for talk in self.talks:
            talk.begin()
        stop = threading.Event()
        ways = [way for talk in self.talks for way in _ways(talk)]
        writers = [
            Writer(writer, word, stop, self.pace, self.least, seed + number)
            for number, (writer, word, _) in enumerate(ways, 1)
        ]
        for writer in writers:
            writer.start()
        for _ in range(kills):
            time.sleep(chance.uniform(*LIFE))  # the moment of the kill is what is tried
            assert self._running
            self._running.kill()
            self._up()
        stop.set()
        for writer in writers:
            writer.join(60)
        outcomes: dict[str, list[Outcome]] = {}
        for writer, (_, word, reader) in zip(writers, ways, strict=True):
            messenger = "telegram" if isinstance(reader, OnTelegram) else "slack"
            arrived = self._gathered(reader, word, writer.wrote)
            outcomes.setdefault(messenger, []).append(arrived)
        return outcomes

    def _gathered(self, place: Person, word: str, wrote: int) -> Outcome:
        """What arrived in a place; waits until all of it is there."""
        outcome = Outcome(wrote, [])

        def arrived() -> bool:
            outcome.arrived = numbers(place.heard(), word)
            return set(outcome.arrived) >= set(range(wrote))

        try:
            eventually(arrived, self.patience)
        except AssertionError:
            missing = sorted(set(range(wrote)) - set(outcome.arrived))
            log = self._running.said()[-3000:] if self._running else ""
            raise AssertionError(f"of {wrote} {word} {missing} are lost\n{log}") from None
        return outcome

    def _up(self) -> None:
        look = self._is_up()
        self._running = self._processes.start(self._settings)
        eventually(look, 30)

    def _bind(self) -> None:
        app = App(Settings(data=self._processes.folder, _env_file=None))
        for talk in self.talks:
            decision = binding.bound(talk.room.binding(talk.mission), app.tools(), [], "test")
            app.store.act(f"bind:{talk.mission}", decision, app.now())
        app.engine.dispose()


def _ways(talk: Talk) -> list[tuple[Person, str, Person]]:
    """Who writes what, and who is to read it."""
    assert talk.case
    return [(talk.founder, "말", talk.case), (talk.case, "답", talk.founder)]


class Writer(threading.Thread):
    """One person who writes on and on, until told to stop and `least` messages are written."""

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


def numbers(heard: list[str], word: str) -> list[int]:
    """The numbers of the messages that were passed on."""
    lines = [text.replace("창업자: ", "").rpartition("\n")[2].split() for text in heard]
    return [int(line[1]) for line in lines if len(line) == 2 and line[0] == word]


@contextmanager
def on_telegram(processes: Processes, *, webhook: bool = False) -> Iterator[Ordeal]:
    """Both sides on Telegram."""
    with TelegramServer(webhook_delays=(0.1,)) as server:
        server.forum(HANOI)
        port = free_port()
        settings = {**telegram_settings(server, port if webhook else 0), "http_port": port}
        talk = Talk(OnTelegram(server, 1001), TelegramRoom(server, HANOI, 2002))
        yield Ordeal(processes, settings, [talk], lambda: _telegram_up(server))


@contextmanager
def on_slack(processes: Processes, *, http: bool = False) -> Iterator[Ordeal]:
    """Both sides on Slack."""
    with SlackServer(retries=RETRIES) as server:
        server.channel("C0HANOI")
        port = free_port()
        settings = {**slack_settings(server, port if http else 0), "http_port": port}
        talk = Talk(OnSlack(server, server.dm()), SlackRoom(server, "C0HANOI", "U0LEE"))
        yield Ordeal(processes, settings, [talk], lambda: _slack_up(server))


@contextmanager
def across(processes: Processes) -> Iterator[Ordeal]:
    """A founder on Telegram and staff on Slack, and the reverse, through one Naru."""
    with TelegramServer() as telegram, SlackServer(retries=RETRIES) as slack:
        telegram.forum(HANOI)
        slack.channel("C0HCMC")
        settings = {**telegram_settings(telegram), **slack_settings(slack)}
        talks = [
            Talk(OnSlack(slack, slack.dm()), TelegramRoom(telegram, HANOI, 2002)),
            Talk(
                OnTelegram(telegram, 1001), SlackRoom(slack, "C0HCMC", "U0LEE"), "vn-hcmc", "호치민"
            ),
        ]

        def look() -> Callable[[], object]:
            ups = _telegram_up(telegram), _slack_up(slack)
            return lambda: all(up() for up in ups)

        yield Ordeal(processes, {**settings, "http_port": free_port()}, talks, look)


def _telegram_up(server: TelegramServer) -> Callable[[], object]:
    starts, polls = len(server.called("getMe")), server.last_poll

    def up() -> object:
        started = len(server.called("getMe")) > starts
        return started and (server.webhook or server.last_poll > polls)

    return up


def _slack_up(server: SlackServer) -> Callable[[], object]:
    starts = len(server.called("auth.test"))

    def up() -> object:
        started = len(server.called("auth.test")) > starts
        return started and (server.http_target or server.sockets == 1)

    return up
