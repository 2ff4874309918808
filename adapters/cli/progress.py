"""How far long work is: bars in a terminal, a line now and then otherwise. Always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.types import Progress

if TYPE_CHECKING:
    from rich.progress import TaskID

PROGRESS_LINE_SECONDS = 10.0  # seconds between two lines of one phase


@contextmanager
def show_progress() -> Iterator[Progress]:
    """What to tell how far each phase is."""
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

        def tell(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = rich.add_task(what)
            rich.update(bars[what], completed=done, total=total)

        yield tell


class ProgressLines:
    """A line every few seconds, and one with the seconds when a phase ends."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._said = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        began = self._began.setdefault(what, now)
        if done >= total:
            self._print_line(f"{what}: {total} in {now - began:.1f} s")
        elif now - max(self._said, began) >= PROGRESS_LINE_SECONDS:
            self._said = now
            self._print_line(f"{what}: {done} of {total}")

    def _print_line(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)
