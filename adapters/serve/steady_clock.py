"""A clock that does not go back: what waits for a moment would wait for that time once more.

Settle times, retries, leases and holds are stored moments. Where the machine's clock is set back (by
hand, or by a time server after a wrong start), this one goes on from where it was, a little slower, until
the machine's has caught up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

CATCH_UP_SPEED = 0.9  # of real time, while ahead of the machine's clock
MAX_AHEAD = timedelta(hours=3)  # beyond it the machine's clock is believed: it was far wrong before


class SteadyClock:
    """The time of `wall` that never runs back; `monotonic` gives seconds. Thread-safe."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._last, self._read_at = wall(), monotonic()

    def __call__(self) -> datetime:
        """The time now, not before any that was given earlier unless by more than MAX_AHEAD."""
        with self._lock:
            wall, read_at = self._wall(), self._monotonic()
            elapsed = timedelta(seconds=read_at - self._read_at)
            if self._last <= wall or self._last - wall > MAX_AHEAD:
                self._last = wall
            else:
                self._last += CATCH_UP_SPEED * elapsed
            self._read_at = read_at
            return self._last

    def raise_to(self, moment: datetime | None) -> None:
        """Go on from a moment that is stored already, if it is after now and within MAX_AHEAD."""
        now = self()
        if moment is not None and now < moment <= now + MAX_AHEAD:
            log.warning("the clock was set back: stored moments are %s ahead", moment - now)
            with self._lock:
                self._last = moment
