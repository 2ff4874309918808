"""Slack's own clock: what is compared with Slack's times is timed by it, as this machine's clock may be wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class SlackClock:
    """The time at Slack, to a second or two: from the date of an answer on, `monotonic` counts. Until
    one is known, this machine's time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._read: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        if self._read is None:
            return datetime.now(UTC)
        moment, at = self._read
        return moment + timedelta(seconds=self._monotonic() - at)

    def read(self, date: str | None) -> None:
        """Go by the `Date` of an answer that has just come; one that is no date is left aside."""
        try:
            moment = parsedate_to_datetime(date or "")
        except ValueError:
            return
        self._read = moment.astimezone(UTC), self._monotonic()
