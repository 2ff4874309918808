"""Noticing a database that stays unwritable: a process that cannot write must not go on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

BEATS_MISSED_LIMIT = 4  # checks without a write before the database counts as failing


class DatabaseWatchdog:
    """Writes to the database again and again: reading tells nothing of a full disk.

    `beat` writes a row, runs in a thread every `check_interval` seconds and tells whether it could;
    it may raise SQLAlchemyError. `outage_limit` is in seconds, and so is `clock`.
    """

    def __init__(
        self,
        beat: Callable[[], bool],
        outage_limit: float,
        check_interval: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._beat = beat
        self._outage_limit = outage_limit
        self._check_interval = check_interval
        self._clock = clock
        self._last_write = clock()
        self._failed = False

    @property
    def age(self) -> float:
        """The seconds since the last write that succeeded, or since the start."""
        return self._clock() - self._last_write

    @property
    def is_failing(self) -> bool:
        """Whether the last write failed, or is under way for too long."""
        return self._failed or self.age > BEATS_MISSED_LIMIT * self._check_interval

    async def watch(self) -> str:
        """Wait until the database could not be written for the outage limit, and return the
        sentence to give up with."""
        while True:
            await asyncio.sleep(min(self._check_interval, self._outage_limit))
            remaining = self._outage_limit - self.age
            written = False
            with contextlib.suppress(SQLAlchemyError, TimeoutError):
                async with asyncio.timeout(max(remaining, self._check_interval)):
                    written = await asyncio.to_thread(self._beat)
            self._failed = not written
            if written:
                self._last_write = self._clock()
            elif self.age >= self._outage_limit:  # never without a try, however slow the start
                break
        return (
            f"The database could not be written for {self._outage_limit:.0f} s. Check its disk or "
            "server, then start `naru serve` again: nothing confirmed is lost."
        )


def force_exit_later(seconds: float, code: int) -> None:
    """End the process with exit `code` after so many seconds, whatever a thread still does."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()
