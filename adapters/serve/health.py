"""What `/health` says: the state of each part, and a sentence for each that needs somebody.

With a sentence the answer is 503: this process should get no new work until it is gone.
"""

from __future__ import annotations

import asyncio
import math
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.store import Store

# A poll of Telegram takes 25 s at most; an inbox may by its setting stay unasked for ten minutes.
POLL_AGE_LIMITS_SECONDS = {"telegram": 120.0, "slack": math.inf, "email": 900.0}
WORKER_STUCK_SECONDS = 90.0  # over one lane: its lease has ended
DISK_FREE_MIN_MEGABYTES = 100
BYTES_PER_MEGABYTE = 1024 * 1024


@dataclass
class WorkerWatch:
    """Since when each worker is at one lane; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _busy_since: dict[int, float] = field(default_factory=dict)

    def begin(self, worker: int) -> None:
        """The worker of this number begins a lane."""
        self._busy_since[worker] = self.clock()

    def end(self, worker: int) -> None:
        """It is done with its lane."""
        self._busy_since.pop(worker, None)

    def count_stuck(self) -> int:
        """How many workers are at one lane for longer than WORKER_STUCK_SECONDS."""
        now = self.clock()
        return sum(now - begun > WORKER_STUCK_SECONDS for begun in self._busy_since.values())


async def measure_queues(store: Store, now: datetime) -> dict[str, object]:
    """The age in seconds of the oldest open row of each queue, how many rows were given up
    and how many wait for a room or a person that refuses.
    Raises SQLAlchemyError if the database does not answer."""

    def measure() -> dict[str, object]:
        return {
            "inbox_oldest_seconds": _age_seconds(store.inbox.find_oldest_open(), now),
            "outbox_oldest_seconds": _age_seconds(store.outbox.find_oldest_open(), now),
            "inbox_dead": store.inbox.count_events("dead"),
            "outbox_dead": store.outbox.count_messages("dead"),
            "outbox_waiting": store.outbox.count_messages("waiting"),
            "places_refusing": len(store.outbox.list_refusals()),
        }

    return await asyncio.to_thread(measure)


def measure_free_megabytes(folder: Path) -> int | None:
    """What is free on the disk of a folder; None if that cannot be told."""
    try:
        return shutil.disk_usage(folder).free // BYTES_PER_MEGABYTE
    except OSError:
        return None


def find_problems(state: Mapping[str, Any]) -> list[str]:
    """A sentence with the remedy for each part of a state of health that needs somebody."""
    problems = []
    if state.get("database_failing"):
        problems.append("The database cannot be written. Check its disk or server.")
    if library := state.get("library_problem"):
        problems.append(str(library))
    free = state.get("disk_free_megabytes")
    if free is not None and free < DISK_FREE_MIN_MEGABYTES:
        problems.append(f"The disk of NARU_DATA has {free} MB left. Make room on it.")
    if state.get("workers_stuck", 0) >= state.get("workers", 1):
        problems.append("Every worker is stuck over one message. See the log; restart Naru.")
    for name, age_limit in POLL_AGE_LIMITS_SECONDS.items():
        if state.get(name) == "off":
            problems.append(f"{name} is off: it refused the token. Correct it and start again.")
        elif state.get(name) == "starting":
            problems.append(f"{name} is not reached yet. See the log.")
        if (state.get(f"{name}_last_poll_seconds") or 0) > age_limit:
            problems.append(f"{name} could not be polled for some time. See the log.")
    if state.get("slack_socket") is False:
        problems.append("slack has no open socket. See the log.")
    return problems


def _age_seconds(moment: datetime | None, now: datetime) -> float:
    return round((now - moment).total_seconds(), 1) if moment else 0.0
