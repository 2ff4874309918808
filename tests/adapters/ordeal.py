"""A relayed conversation whose Naru is killed again and again, and what became of every word."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from adapters.bootstrap import App
from adapters.settings import Settings
from bot import admin
from tests.adapters.house import eventually, free_port, slack_settings, telegram_settings
from tests.adapters.people import OnSlack, OnTelegram, Person, Room, SlackRoom, TelegramRoom
from tests.adapters.process import Process, Processes
from tests.fakes.slack_server import SlackServer
from tests.fakes.telegram_server import TelegramServer

HANOI = -1001000000001
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


class Ordeal:
    """Founder and staff write numbered messages while Naru is killed and started again."""

    def __init__(
        self,
        processes: Processes,
        settings: Mapping[str, Any],
        founder: Person,
        room: Room,
        is_up: Callable[[], Callable[[], object]],
    ) -> None:
        """`is_up()` takes a look now; what it returns tells whether Naru came up since."""
        self.founder = founder
        self.room = room
        self.kills = 0
        self._processes = processes
        self._settings = {**settings, "http_port": settings.get("http_port") or free_port()}
        self._is_up = is_up
        self._running: Process | None = None

    def run(self, kills: int, seed: int = 1) -> tuple[Outcome, Outcome]:
        """Kill so often, at random moments; (what staff read, what the founder read)."""
        chance = random.Random(seed)
        self._bind()
        self._up()
        case = self._taken_case()
        stop = threading.Event()
        writers = [
            Writer(self.founder, "말", stop, seed + 1), Writer(case, "답", stop, seed + 2),
        ]  # fmt: skip
        for writer in writers:
            writer.start()
        for _ in range(kills):
            time.sleep(chance.uniform(*LIFE))  # the moment of the kill is what is tried
            assert self._running
            self._running.kill()
            self.kills += 1
            self._up()
        stop.set()
        for writer in writers:
            writer.join(10)
        outcomes = tuple(
            Outcome(writer.wrote, []) for writer in writers
        )  # fmt: skip
        places = (case, "말"), (self.founder, "답")
        for outcome, (place, word) in zip(outcomes, places, strict=True):
            self._gather(outcome, place, word)
        return outcomes[0], outcomes[1]

    def _gather(self, outcome: Outcome, place: Person, word: str) -> None:
        def arrived() -> bool:
            outcome.arrived = numbers(place.heard(), word)
            return set(outcome.arrived) >= set(range(outcome.wrote))

        try:
            eventually(arrived, 40)
        except AssertionError:
            missing = set(range(outcome.wrote)) - set(outcome.arrived)
            log = self._running.said()[-3000:] if self._running else ""
            raise AssertionError(f"{word} lost: {sorted(missing)}\n{log}") from None

    def _up(self) -> None:
        look = self._is_up()
        self._running = self._processes.start(self._settings)
        eventually(look, 30)

    def _bind(self) -> None:
        app = App(Settings(data=self._processes.folder, _env_file=None))
        binding = self.room.binding("vn-hanoi")
        app.store.act("bind", admin.bound(binding, app.tools(), [], "test"), app.now())
        app.engine.dispose()

    def _taken_case(self) -> Person:
        """No question: the model is not needed."""
        word = "/human" if isinstance(self.founder, OnTelegram) else "담당자"
        self.founder.says(word)
        self.founder.hears("어느 나라, 어느 도시의 일입니까?")
        self.founder.says("하노이")
        self.founder.hears("접수번호 #1")
        case = self.room.case()
        case.presses("claim:1")
        self.founder.hears("맡았습니다")
        return case


class Writer(threading.Thread):
    """One person who writes on and on."""

    def __init__(self, person: Person, word: str, stop: threading.Event, seed: int) -> None:
        super().__init__(name=word, daemon=True)
        self.wrote = 0
        self._person = person
        self._word = word
        self._end = stop
        self._chance = random.Random(seed)

    def run(self) -> None:
        for number in count():
            self._person.says(f"{self._word} {number}")
            self.wrote = number + 1
            if self._end.wait(self._chance.uniform(*PACE)):
                return


def numbers(heard: list[str], word: str) -> list[int]:
    """The numbers of the messages that were passed on."""
    lines = [text.replace("창업자: ", "").rpartition("\n")[2].split() for text in heard]
    return [int(line[1]) for line in lines if len(line) == 2 and line[0] == word]


@contextmanager
def on_telegram(processes: Processes, *, webhook: bool = False) -> Iterator[Ordeal]:
    with TelegramServer(webhook_delays=(0.1,)) as server:
        server.forum(HANOI)
        port = free_port()
        settings = {**telegram_settings(server, port if webhook else 0), "http_port": port}
        method = "setWebhook" if webhook else "getUpdates"

        def look() -> Callable[[], object]:
            before = len(server.called("getMe"))
            polls = server.last_poll

            def up() -> object:
                if not webhook:
                    return server.last_poll > polls
                return len(server.called("getMe")) > before and server.called(method)

            return up

        founder, room = OnTelegram(server, 1001), TelegramRoom(server, HANOI, 2002)
        yield Ordeal(processes, settings, founder, room, look)


@contextmanager
def on_slack(processes: Processes, *, http: bool = False) -> Iterator[Ordeal]:
    with SlackServer(retries=(0.0, 0.5, *[1.0] * 20)) as server:
        server.channel("C0HANOI")
        port = free_port()
        settings = {**slack_settings(server, port if http else 0), "http_port": port}

        def look() -> Callable[[], object]:
            before = len(server.called("auth.test"))
            return lambda: (
                len(server.called("auth.test")) > before and (http or server.sockets == 1)
            )

        founder, room = OnSlack(server, server.dm()), SlackRoom(server, "C0HANOI", "U0LEE")
        yield Ordeal(processes, settings, founder, room, look)
