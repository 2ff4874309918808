"""`naru serve` as a process that tests end, kill and start again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.harness.running_app import UNLIMITED

ROOT = Path(__file__).parents[2]
SERVE = ("-m", "adapters.cli", "serve")


@dataclass
class ServeProcesses:
    """The processes of a test over one data folder; `kill_all` ends those that are left."""

    folder: Path
    started: list[ServeProcess] = field(default_factory=list)

    def start(self, settings: Mapping[str, Any], command: Sequence[str] = SERVE) -> ServeProcess:
        process = ServeProcess(self.folder, settings, command)
        self.started.append(process)
        process.start()
        return process

    def kill_all(self) -> None:
        for process in self.started:
            process.kill_if_running()


class ServeProcess:
    """`naru serve` over a data folder; `settings` as in the environment, without NARU_, `command`
    the arguments of the interpreter."""

    def __init__(
        self, folder: Path, settings: Mapping[str, Any], command: Sequence[str] = SERVE
    ) -> None:
        self.log = folder / "serve.log"
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("NARU_")
        }
        own = {"data": folder, **UNLIMITED, **settings}
        self._environment |= {f"NARU_{key.upper()}": str(value) for key, value in own.items()}
        self._environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._folder = folder
        self._command = command
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)  # over servers nothing has made it yet
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, *self._command],
                env=self._environment, cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        """Send SIGKILL, which no handler sees, and wait for the end."""
        self._signal(signal.SIGKILL)
        self.wait(10)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def wait(self, within: float) -> int:
        """The exit code. Raises TimeoutExpired after `within` seconds."""
        assert self._running
        return self._running.wait(within)

    @property
    def pid(self) -> int:
        """The number of the process that was started last."""
        assert self._running
        return self._running.pid

    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill_if_running(self) -> None:
        """End the process if it is still running."""
        if self._running and self._running.poll() is None:
            self._running.kill()
            self._running.wait(10)

    def read_memory(self) -> tuple[int, int]:
        """The MiB that it and its children have now, and the most they had."""
        assert self._running
        service = psutil.Process(self._running.pid)
        read = [_read_memory(one.pid) for one in (service, *service.children(recursive=True))]
        return sum(now for now, _ in read), sum(most for _, most in read)

    def read_log(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def _signal(self, number: signal.Signals) -> None:
        assert self._running
        self._running.send_signal(number)


def _read_memory(pid: int) -> tuple[int, int]:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    now, most = (int(fields[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    return now, most
