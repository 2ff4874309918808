"""Progress of long work on stderr: bars in a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from ingest.types import Progress

WORKING_AFTER_SECONDS = 0.5
CLEAR_LINE = "\r\x1b[K"  # back to the line's beginning, and erase it
PROGRESS_LINE_SECONDS = 10.0  # seconds between two lines of one phase


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Yields the function to call with a phase, the steps done and the steps in all."""
    if not sys.stderr.isatty():
        yield ProgressLines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Rich

    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Rich(*columns, console=Console(stderr=True)) as rich:
        bars: dict[str, TaskID] = {}

        def update(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = rich.add_task(what)
            rich.update(bars[what], completed=done, total=total)

        yield update


@contextmanager
def show_working(words: str) -> Iterator[None]:
    """Shows `words` on the terminal's stderr while what takes longer than half a second is at work,
    and takes them away again; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    is_shown = threading.Event()

    def show() -> None:
        is_shown.set()
        print(words, end="", file=sys.stderr, flush=True)

    timer = threading.Timer(WORKING_AFTER_SECONDS, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if is_shown.is_set():
            print(CLEAR_LINE, end="", file=sys.stderr, flush=True)


class ProgressLines:
    """Prints a line every few seconds, and one with the duration when a phase ends."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._last_line = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        began = self._began.setdefault(what, now)
        if done >= total:
            self._print_line(f"{what}: {total} in {now - began:.1f} s")
        elif now - max(self._last_line, began) >= PROGRESS_LINE_SECONDS:
            self._last_line = now
            self._print_line(f"{what}: {done} of {total}")

    def _print_line(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)
