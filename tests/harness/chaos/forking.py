"""Processes forked from one that has read the code already: what most of a start takes, many times over.

`python -m tests.harness.chaos.forking` reads one `ForkOrder` as JSON a line from its input and writes
"pid number" for the process it started, "end number code" for one that has ended (minus a signal).
"""

from __future__ import annotations

import importlib
import json
import os
import random
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from tests.harness.serve_process import SERVE, ServeProcess, ServeProcesses

READ_AHEAD = (
    "adapters.telegram.receiver", "adapters.slack.receiver", "adapters.cli.app", "adapters.serve.desk.schedule",
    "adapters.serve.monitoring.monitor", "bot.assistant", "tests.harness.chaos.altered_serve",
)  # fmt: skip
ALTERED = "tests.harness.chaos.altered_serve"


@dataclass(frozen=True, slots=True)
class ForkOrder:
    """A process to start: its environment, folder and log, and the JSON of its Alteration."""

    number: int
    environment: dict[str, str]
    folder: str
    log: str
    altered: str


@dataclass
class ForkingProcesses(ServeProcesses):
    """Altered processes are forked, others started; `kill_all` ends the one that forks as well."""

    _parent: subprocess.Popen[str] | None = None
    _hearing: threading.Thread = field(default_factory=threading.Thread)
    _forked: dict[int, ForkedProcess] = field(default_factory=dict)

    def start(self, settings: Mapping[str, Any], command: Sequence[str] = SERVE) -> ServeProcess:
        if ALTERED not in command:
            return super().start(settings, command)
        process = ForkedProcess(self.folder, settings, command)
        process.order_from(self._find_parent(), len(self._forked))
        self._forked[len(self._forked)] = process
        self.started.append(process)
        process.start()
        return process

    def kill_all(self) -> None:
        super().kill_all()
        if self._parent:
            self._find_parent().close()
            self._parent.wait(10)
            self._hearing.join(10)
            assert self._parent.stdout
            self._parent.stdout.close()

    def _find_parent(self) -> IO[str]:
        if self._parent is None:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.chaos.forking"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            )  # fmt: skip
            self._hearing = threading.Thread(
                target=self._hear, args=(self._parent.stdout,), daemon=True
            )
            self._hearing.start()
        assert self._parent.stdin
        return self._parent.stdin

    def _hear(self, said: IO[str]) -> None:
        for line in said:
            what, number, value = line.split()
            self._forked[int(number)].hear(what, int(value))


class ForkedProcess(ServeProcess):
    """A process of another's: it is known to have ended when that one says so."""

    def order_from(self, orders: IO[str], number: int) -> None:
        """Where it is asked for, and its number there."""
        self._orders, self._number = orders, number
        self._pid, self._code = 0, 0
        self._begun, self._ended = threading.Event(), threading.Event()

    def hear(self, what: str, value: int) -> None:
        """It was started as process `value`, or has ended with that code."""
        if what == "pid":
            self._pid = value
            self._begun.set()
        else:
            self._code = value
            self._ended.set()

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)  # over servers nothing has made it yet
        order = ForkOrder(self._number, self._environment, str(self._folder), str(self.log),
                          self._command[-1])  # fmt: skip
        self._orders.write(json.dumps(asdict(order)) + "\n")
        if not self._begun.wait(60):
            raise TimeoutError("no process was forked")

    def wait(self, within: float) -> int:
        if not self._ended.wait(within):
            raise subprocess.TimeoutExpired(list(self._command), within)
        return self._code

    def is_running(self) -> bool:
        return not self._ended.is_set()

    def kill_if_running(self) -> None:
        if self.is_running():
            self._signal(signal.SIGKILL)
            self.wait(10)

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running():
            os.kill(self._pid, number)


def serve_orders() -> None:
    """Fork what is ordered, and say what has ended, until the input ends."""
    for name in READ_AHEAD:
        importlib.import_module(name)
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = selectors.DefaultSelector()
    waiting.register(sys.stdin, selectors.EVENT_READ)
    waiting.register(woken, selectors.EVENT_READ)
    numbers: dict[int, int] = {}
    while True:
        for key, _ in waiting.select():
            if key.fileobj == woken:
                os.read(woken, 1024)
                _say_ended(numbers)
            elif line := sys.stdin.readline():
                order = ForkOrder(**json.loads(line))
                if not (pid := os.fork()):
                    _become(order)
                numbers[pid] = order.number
                print("pid", order.number, pid, flush=True)  # noqa: T201
            else:
                return


def _say_ended(numbers: dict[int, int]) -> None:
    while numbers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        code = os.waitstatus_to_exitcode(status)
        print("end", numbers.pop(pid), code, flush=True)  # noqa: T201


def _become(order: ForkOrder) -> None:
    """Be the ordered process, from here to its end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    try:
        log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    except OSError:  # it starts on a disk that takes nothing, which is for it to deal with
        log = os.open(os.devnull, os.O_WRONLY)
    empty = os.open(os.devnull, os.O_RDONLY)
    for stream, target in ((empty, 0), (log, 1), (log, 2)):
        os.dup2(stream, target)
    random.seed()
    from tests.harness.chaos.altered_serve import run_altered

    code: object = 1
    try:
        run_altered(order.altered)
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    serve_orders()
