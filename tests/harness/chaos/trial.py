"""One trial: founders and staff write to each other through `naru serve`, which is killed again and again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from adapters.bootstrap import App
from adapters.settings import Settings
from bot.store import tables as t
from tests.harness.chaos.altered_serve import Alteration
from tests.harness.chaos.calls import (
    count_lost_answers,
    list_arrivals,
    list_limits,
    list_sent,
    read_clock,
    read_natural_key,
    read_place,
    tell_stories,
)
from tests.harness.chaos.ledger import Arrival, Ledger, Written, find_unstored
from tests.harness.chaos.messengers import ChaosMessenger
from tests.harness.chaos.plan import Lane, Life, TrialPlan
from tests.harness.messenger_drivers import Person, Room, TelegramPerson, bind_room_in
from tests.harness.running_app import wait_until
from tests.harness.serve_process import SERVE, ServeProcess, ServeProcesses

MISSION, PLACE = "vn-hanoi", "하노이"
START_SECONDS = 90  # at most until it has come up, on a machine that does much else
OPENING_SECONDS = 90  # at most for each step in which a case is opened
AIMED_SECONDS = 4.0  # at most that an aimed kill waits for its moment
TERM_SECONDS = 30
CONFIRMING_SECONDS = 30
FIRST_LIMITS = 3  # while no kill keeps them from being noted
STEADY_MARGIN_SECONDS = 2.0  # before the first fault, in which nothing counts as undisturbed


@dataclass
class Trial:
    """`settings` are more of the environment's, without NARU_: the database's address, Chroma's."""

    messenger: ChaosMessenger
    processes: ServeProcesses
    plan: TrialPlan
    settings: Mapping[str, Any] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    lanes: list[Lane] = field(default_factory=list)
    _process: ServeProcess | None = None
    _is_jumping: bool = False
    _is_up: bool = False
    _steady_end: float = 0.0
    _troubled_end: float = 0.0
    _lives: int = 0
    _stop_faults: threading.Event = field(default_factory=threading.Event)

    def run(self) -> Ledger:
        """Run the plan, then wait for all that was written. What is missing is in the ledger."""
        self.bind_room(MISSION, self.messenger.open_room())
        self.start(self.plan.undisturbed())
        self.open_talks()
        writers = [threading.Thread(target=self._write, args=(lane, self.plan.seed + number), daemon=True)
                   for number, lane in enumerate(self.lanes)]  # fmt: skip
        self._steady_end = time.monotonic() + self.plan.steady
        self._troubled_end = self._steady_end + self.plan.troubled
        for writer in writers:
            writer.start()
        self._stay_steady()
        trouble = threading.Thread(target=self._make_trouble, daemon=True)
        trouble.start()
        self._lives = 1
        self._wait_for_end(Life("random", max(1.0, self.plan.troubled), self.plan.undisturbed()))
        self.kill()
        for life in self.plan.draw_lives()[1:]:
            self._live(life)
        self._lives = self.plan.kills
        for writer in writers:
            writer.join(300)
        self._stop_faults.set()
        trouble.join(60)
        self.settle()
        return self.ledger

    def settle(self) -> None:
        """Without faults, wait for everything, end by SIGTERM, and note what was seen."""
        self.messenger.server.clear_faults()
        if self._process is None or not self._process.is_running():
            self.start(self.plan.undisturbed())
        self.wait_for_arrivals()
        self.messenger.redeliver_unconfirmed()
        with suppress(AssertionError):  # what is left is counted
            wait_until(lambda: not self.messenger.list_unconfirmed(), CONFIRMING_SECONDS)
        self.terminate()
        ledger, messenger = self.ledger, self.messenger
        ledger.unacked = messenger.list_unconfirmed()
        ledger.arrivals = self.list_arrivals()
        ledger.sent, ledger.limits = list_sent(messenger), list_limits(messenger)
        ledger.lost_answers = count_lost_answers(messenger)
        with self.open_database() as connection:
            ledger.stories = tell_stories(ledger, messenger.list_confirmed(), connection)

    # people

    def bind_room(self, mission: str, room: Room) -> None:
        """As `naru bind` does it, before anything runs."""
        app = self._open_app()
        bind_room_in(app, mission, room)
        app.engine.dispose()

    def open_talks(self) -> None:
        """Each founder opens a case, and staff claim it; without a question, so without a model."""
        room = self.messenger.open_room()
        for number in range(self.plan.founders):
            founder = self.messenger.open_founder(number)
            founder.says("/human" if isinstance(founder, TelegramPerson) else "담당자")
            self._hear(founder, "어느 나라, 어느 도시의 일입니까?")
            founder.says(PLACE)
            self._hear(founder, "접수번호 #")
            case = room.wait_for_case(number + 1)
            case.sends_command("claim")
            self._hear(founder, "맡았습니다")
            self.lanes += [Lane(f"말{number}", founder, case), Lane(f"답{number}", case, founder)]

    def list_arrivals(self) -> list[Arrival]:
        """The numbered messages that have arrived where they belong."""
        return list_arrivals(
            self.messenger, {one.name: read_place(one.reader) for one in self.lanes}
        )

    def say(self, lane: Lane, number: int) -> None:
        """Write a numbered message."""
        at = read_clock()
        said = lane.writer.says(f"{lane.name} {number}")
        written = Written(lane.name, number, self.messenger.identify(lane.writer, said), at)
        self.ledger.written.append(written)

    def _write(self, lane: Lane, seed: int) -> None:
        """Write without end until the kills begin, then as much in each life of the process as the plan
        says: on a slow machine, too, what waits can be worked off."""
        chance, number = random.Random(seed), 0
        while (now := time.monotonic()) < self._troubled_end:
            self.say(lane, number)
            number += 1
            is_steady = now < self._steady_end
            time.sleep(self.plan.steady_pace if is_steady else chance.uniform(*self.plan.pace))
        before = number
        each = self.plan.least / len(self.lanes)
        while number < before + each:
            allowed = each * min(1.0, self._lives / self.plan.kills)
            if number < before + allowed:
                self.say(lane, number)
                number += 1
            time.sleep(chance.uniform(*self.plan.pace))

    @staticmethod
    def _hear(person: Person, text: str) -> None:
        wait_until(lambda: any(text in one for one in person.received_texts()), OPENING_SECONDS)

    def wait_for_arrivals(self) -> None:
        """Until all is there, or nothing more has come for so long."""
        least, since = self._count_missing(), time.monotonic()
        while least and time.monotonic() - since < self.plan.patience:
            time.sleep(0.5)
            if (missing := self._count_missing()) < least:
                least, since = missing, time.monotonic()

    def _count_missing(self) -> int:
        arrived = {(one.lane, one.number) for one in self.list_arrivals()}
        return sum((one.lane, one.number) not in arrived for one in self.ledger.written)

    # the process

    @property
    def process(self) -> ServeProcess:
        assert self._process
        return self._process

    def start(self, altered: Alteration, *, wait: bool = True) -> None:
        """Start it, and wait until it has come up or killed itself."""
        self.messenger.server.clear_faults()  # what was not spent would fail the next lives only
        is_up, sent = self.messenger.watch_start(), len(list_sent(self.messenger))
        command = SERVE if altered == Alteration() else altered.to_arguments()
        self._is_jumping = bool(altered.jump)
        began = read_clock()
        settings = {**self.messenger.settings, **self.settings}
        self._process = self.processes.start(settings, command)
        if wait:
            wait_until(lambda: is_up() or not self.process.is_running(), START_SECONDS)
            self.ledger.away.append((began, read_clock()))
            self._is_up = True
        threading.Thread(
            target=self._time_start, args=(self._process, began, sent), daemon=True
        ).start()

    def kill(self) -> None:
        """`kill -9`, unless it has done that itself."""
        self._is_up = False
        self.process.kill()
        self.ledger.kills.append(read_clock())
        self._check_stored()

    def terminate(self) -> None:
        """SIGTERM, and the seconds until it has ended."""
        began, self._is_up = time.monotonic(), False
        self.process.terminate()
        self.process.wait(TERM_SECONDS)
        self.ledger.ends.append(time.monotonic() - began)
        self.ledger.terms += 1
        self._check_stored()

    def _stay_steady(self) -> None:
        """Let them write without any fault: that is when confirming is timed."""
        time.sleep(self.plan.steady)
        self.ledger.steady_until = read_clock() - STEADY_MARGIN_SECONDS
        self.ledger.confirmed = self.messenger.list_confirmed()

    def _live(self, life: Life) -> None:
        """One life of the process, from start to end."""
        ended_at = read_clock()
        self._lives += 1
        self.start(life.alteration, wait=life.end != "start")
        self.ledger.away.append((ended_at, read_clock()))
        self._wait_for_end(life)
        if life.end == "term":
            self.terminate()
        else:
            self.kill()

    def _wait_for_end(self, life: Life) -> None:
        time.sleep(life.seconds)  # the moment is what is tried
        confirmed, sent = self._count_seen()
        moments: dict[str, Callable[[], object]] = {
            "confirm": lambda: self._count_seen()[0] > confirmed,
            "send": lambda: self._count_seen()[1] > sent,
            "point": lambda: not self.process.is_running(),
        }
        if moment := moments.get(life.end):
            with suppress(AssertionError):
                self.messenger.server.wait_for(lambda _: moment(), AIMED_SECONDS)

    def _count_seen(self) -> tuple[int, int]:
        return len(self.messenger.list_confirmed()), len(list_sent(self.messenger))

    def _time_start(self, process: ServeProcess, began: float, sent: int) -> None:
        """Note when the first message of this life went out."""
        while process.is_running() and process is self._process:
            tries = list_sent(self.messenger)
            if len(tries) > sent:
                self.ledger.starts.append(tries[sent].at - began)
                return
            time.sleep(0.2)

    def _check_stored(self) -> None:
        """What was confirmed has to be in the database, whenever the process ended."""
        confirmed = self.messenger.list_confirmed()
        with self.open_database() as connection:
            keys = connection.execute(select(t.inbox.c.natural_key)).scalars().all()
        stored = {read_natural_key(key) for key in keys if key}
        written = {one.id for one in self.ledger.written}
        self.ledger.confirmed_unstored |= find_unstored(written & confirmed.keys(), stored)

    @contextmanager
    def open_database(self) -> Iterator[Connection]:
        """Naru's database, from outside."""
        app = self._open_app()
        with app.engine.connect() as connection:
            yield connection
        app.engine.dispose()

    def _open_app(self) -> App:
        names = {"database_url", "chroma_url"}
        own = {name: value for name, value in self.settings.items() if name in names}
        return App(Settings(data=self.processes.folder, _env_file=None, **own))

    # faults

    def _make_trouble(self) -> None:
        chance = random.Random(self.plan.seed)
        known = self.messenger.list_faults()
        names = [name for name in known if self.plan.faults is None or name in self.plan.faults]
        owed = ["429"] * FIRST_LIMITS if "429" in names else []  # then each as often as the others
        while names and not self._stop_faults.wait(chance.uniform(*self.plan.fault_pause)):
            owed = owed or chance.sample(names, len(names))
            if not self._is_up or (owed[-1] == "429" and self._is_jumping):
                continue  # how long to wait is a stored moment
            name = owed.pop()
            began = read_clock()
            seconds = known[name](chance)
            self.ledger.redelivered += name in ("redelivered", "event's answer lost")
            if seconds:
                self.ledger.away.append((began, began + seconds))
