"""The metrics of one process, for Prometheus. Every label has a short list of values: no person, chat,
case or text is ever one.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder

from bot.context import Step
from bot.errors import (
    ChatMoved,
    DeliveryRefused,
    DeliveryUncertain,
    DeliveryUnknown,
    MarkupRefused,
    PlaceRefused,
    RateLimited,
    ThreadDeleted,
)
from bot.store.inbox import CLOCK_CHANNEL, LIBRARY_TASK_PREFIX
from knowledge.types import Answer

MESSENGERS = ("telegram", "slack", "kakao", "email", "web")
LIBRARY = "library"  # the label of its tasks, and of looking something up in it
CHANNEL_LABELS = (*MESSENGERS, CLOCK_CHANNEL, LIBRARY, "other")
# What became of a try to send: the first class that fits.
OUTCOMES: tuple[tuple[type[BaseException], str], ...] = (
    (RateLimited, "limited"), (DeliveryUncertain, "uncertain"), (TimeoutError, "uncertain"),
    (PlaceRefused, "place_refused"), (MarkupRefused, "markup_refused"),
    (ThreadDeleted, "thread_deleted"), (ChatMoved, "chat_moved"), (DeliveryRefused, "refused"),
    (DeliveryUnknown, "unknown"), (asyncio.CancelledError, "cancelled"),
)  # fmt: skip
SENT, FAILED = "sent", "failed"
STEP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90)
DELAY_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)


class Metrics:
    """Counts and durations of the five steps, and gauges that `show` sets before each reading.
    `now` is the clock that rows are stamped by, `clock` gives seconds. Thread-safe."""

    def __init__(
        self, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._now, self._clock = now, clock
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._steps = self._add_histogram(
            "naru_step_seconds", "How long a step took", STEP_BUCKETS, "step", "channel"
        )
        self._decision_delay = self._add_histogram(
            "naru_decision_delay_seconds", "From an event's arrival until what it led to was stored",
            DELAY_BUCKETS, "channel",
        )  # fmt: skip
        self._send_delay = self._add_histogram(
            "naru_send_delay_seconds", "From a decision until its message went out",
            DELAY_BUCKETS, "channel",
        )  # fmt: skip
        self._sends = Counter(
            "naru_sends", "Tries to send a message", ["channel", "outcome"], registry=self._registry
        )
        self._answers = Counter(
            "naru_answers", "Questions asked of the library", ["verdict", "language"],
            registry=self._registry,
        )  # fmt: skip
        add = self._add_gauge
        self._channel_up = add("naru_channel_up", "Whether a messenger is connected", "channel")
        self._poll_age = add(
            "naru_channel_poll_age_seconds", "Since the last poll of a messenger", "channel"
        )
        self._oldest = add("naru_queue_oldest_seconds", "Age of the oldest open row", "queue")
        self._dead = add("naru_dead_letters", "Rows that were given up and are kept", "queue")
        self._gauges = {
            "outbox_waiting": add("naru_waiting_messages", "Messages whose place refuses"),
            "places_refusing": add("naru_refusing_places", "Rooms and persons that refuse"),
            "database_written_seconds": add(
                "naru_database_write_age_seconds", "Since the last write that succeeded"
            ),
            "disk_free_megabytes": add("naru_disk_free_megabytes", "Free on the disk of NARU_DATA"),
            "workers": add("naru_workers", "Workers of this process"),
            "workers_stuck": add("naru_workers_stuck", "Workers at one message for too long"),
            "edition": add("naru_edition", "Number of the edition that answers"),
            "edition_age_seconds": add("naru_edition_age_seconds", "Since that edition was made"),
            "golden_questions": add("naru_golden_questions", "Golden questions asked"),
            "golden_changed": add("naru_golden_questions_changed", "Of these, with a new verdict"),
            "ready": add("naru_ready", "Whether /readyz is green"),
        }

    @contextmanager
    def watch(self, step: Step, channel: str, since: datetime | None = None) -> Iterator[None]:
        """Count and time a step: the WatchStep of bot.context."""
        label, begun = name_channel(channel), self._clock()
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            self._steps.labels(step, label).observe(self._clock() - begun)
            if step == "send":
                self._sends.labels(label, name_outcome(error)).inc()
            delays = {"commit": self._decision_delay, "send": self._send_delay}
            if since is not None and error is None and step in delays:
                waited = (self._now() - since).total_seconds()
                delays[step].labels(label).observe(max(0.0, waited))

    def count_answer(self, answer: Answer) -> None:
        """Count what the library said to a question."""
        self._answers.labels(answer.verdict, answer.language).inc()

    def show(self, state: Mapping[str, Any]) -> None:
        """Set the gauges to a state of health; what it does not tell is not a number."""
        for name, gauge in self._gauges.items():
            gauge.set(_to_number(state.get(name)))
        for queue in ("inbox", "outbox"):
            self._oldest.labels(queue).set(_to_number(state.get(f"{queue}_oldest_seconds")))
            self._dead.labels(queue).set(_to_number(state.get(f"{queue}_dead")))
        for name in MESSENGERS:
            if name in state:
                up = state[name] == "on" and state.get(f"{name}_socket") is not False
                self._channel_up.labels(name).set(up)
            if f"{name}_last_poll_seconds" in state:
                age = _to_number(state[f"{name}_last_poll_seconds"])
                self._poll_age.labels(name).set(age)

    def write(self, accept: str) -> tuple[bytes, str]:
        """All metrics in the form that an `Accept` header asks for, and that form's content type."""
        try:
            encode, content_type = choose_encoder(accept)
        except (TypeError, ValueError):  # a version that is no number
            encode, content_type = choose_encoder("")
        return encode(self._registry), content_type

    def _add_gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self._registry)

    def _add_histogram(
        self, name: str, what: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, what, labels, buckets=buckets, registry=self._registry)


def name_channel(channel: str) -> str:
    """The label of a channel, one of CHANNEL_LABELS."""
    if channel.startswith(LIBRARY_TASK_PREFIX):
        return LIBRARY
    return channel if channel in CHANNEL_LABELS else "other"


def name_outcome(error: BaseException | None) -> str:
    """The label of how a try to send ended."""
    if error is None:
        return SENT
    return next((name for kind, name in OUTCOMES if isinstance(error, kind)), FAILED)


def _to_number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
