"""A command of Naru in a process of its own, at a terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60.0
NARU = ("-m", "adapters.cli")
ROOT = str(Path(__file__).parents[3])


class TerminalProcess:
    """`naru ARGUMENTS` at a terminal: what is typed into it, and what it has shown. `python` are the
    arguments of Python that start it, `more` is of its environment."""

    def __init__(
        self, data: Path, *arguments: str, python: Sequence[str] = NARU, **more: str
    ) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
        environment |= {"NARU_DATA": str(data), "PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1"}
        environment |= {"NARU_CONSENT": "off"} | more
        self.process = subprocess.Popen(
            [sys.executable, *python, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=data, env=environment, text=True, encoding="utf-8",
        )  # fmt: skip
        self._shown = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def types(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def shows(self, text: str) -> str:
        """Wait until `text` has been shown; everything up to its end, taken off the screen."""
        with self._changed:
            seen = self._changed.wait_for(lambda: text in self._shown, PATIENCE_SECONDS)
            assert seen, f"{text!r} never came:\n{self._shown}"
            before, _, self._shown = self._shown.partition(text)
            return before + text

    def ends(self) -> str:
        """Close the input; what was still shown."""
        assert self.process.stdin
        self.process.stdin.close()
        return self._finish(0)

    def is_interrupted(self, code: int) -> str:
        """Press Ctrl+C; what was still shown before it ended with the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self._finish(code)

    def _finish(self, code: int) -> str:
        assert self.process.stdout
        assert self.process.wait(PATIENCE_SECONDS) == code
        self._reader.join(PATIENCE_SECONDS)
        self.process.stdout.close()
        return self._shown

    def _read(self) -> None:
        assert self.process.stdout
        while piece := self.process.stdout.read(1):
            with self._changed:
                self._shown += piece
                self._changed.notify_all()


@contextmanager
def run_naru(
    data: Path, *arguments: str, python: Sequence[str] = NARU, **more: str
) -> Iterator[TerminalProcess]:
    """The process; it is killed if it has not ended by itself."""
    screen = TerminalProcess(data, *arguments, python=python, **more)
    try:
        yield screen
    finally:
        if screen.process.poll() is None:
            screen.process.kill()
            screen.process.wait()
        for pipe in (screen.process.stdin, screen.process.stdout):
            if pipe:
                pipe.close()
