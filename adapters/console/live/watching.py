"""Looks for changes in the store, once for all pages that are open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.25


class Watch:
    """Wakes the streams of a site when anything changed. `read_mark` gives a text that is another one
    then; it is called while somebody listens."""

    def __init__(self, read_mark: Callable[[], str]) -> None:
        self.mark = ""
        self._read_mark = read_mark
        self._listeners = 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def listen(self) -> Iterator[None]:
        """Keeps looking while at least one listens."""
        self._listeners += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._listeners -= 1

    async def wait(self, seen: str, seconds: float) -> str:
        """The mark once it is another than `seen`, at the latest after `seconds`. Raises
        ConnectionResetError where the store does not answer: a page that is told nothing says so."""
        changed = self._changed
        if self.mark == seen:
            try:
                await asyncio.wait_for(changed.wait(), seconds)
            except TimeoutError:
                if self._task is None or self._task.done():
                    raise ConnectionResetError("the store does not answer") from None
        return self.mark

    async def _look(self) -> None:
        while self._listeners:
            mark = await asyncio.to_thread(self._read_mark)
            if mark != self.mark:
                self.mark = mark
                self._changed.set()
                self._changed = asyncio.Event()
            await asyncio.sleep(LOOK_SECONDS)
