"""What each part of a serving Naru says of itself, gathered for /health, /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from adapters.serve.health import (
    WorkerWatch,
    find_problems,
    measure_free_megabytes,
    measure_queues,
)
from adapters.serve.monitoring.golden import GoldenWatch
from adapters.serve.monitoring.metrics import LIBRARY, Metrics
from adapters.serve.monitoring.tracing import Tracing, open_tracing
from adapters.settings import read_version
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.messaging.messenger import Receiver
    from adapters.serve.leading import Leadership
    from adapters.serve.preparation import Preparation
    from adapters.serve.timings import ServeTimings
    from adapters.serve.watchdog import DatabaseWatchdog
    from bot.context import ShowPreview, Step
    from knowledge.types import Answer, Question

STILL_PREPARING = "The library is being prepared; /health says how far it is."
ALL_STUCK = "Every worker is stuck over one message. See the log; restart Naru."


@dataclass
class Monitor:
    """The state of one process. `workers` is how many it has."""

    app: App
    receivers: Sequence[Receiver]
    watchdog: DatabaseWatchdog
    preparation: Preparation
    worker_watch: WorkerWatch
    leadership: Leadership
    workers: int
    metrics: Metrics = field(init=False)
    golden: GoldenWatch = field(init=False)
    _tracing: Tracing | None = field(init=False)

    def __post_init__(self) -> None:
        from knowledge.chain import Chain

        self.metrics = Metrics(self.app.now)
        self.golden = GoldenWatch(
            self.app.settings.data, lambda: Chain(self.app.chain.library), self.app.now
        )
        self._tracing = open_tracing(self.app.settings.otel_exporter_otlp_endpoint, read_version())

    @contextmanager
    def watch(self, step: Step, channel: str, since: datetime | None = None) -> Iterator[None]:
        """Count, time and, where traces are on, trace a step."""
        with self.metrics.watch(step, channel, since):
            if self._tracing is None:
                yield
                return
            with self._tracing.watch(step, channel, since):
                yield

    def watch_asking(
        self, ask: Callable[[Question, ShowPreview | None], Answer]
    ) -> Callable[[Question, ShowPreview | None], Answer]:
        """`ask` as the step "retrieve", with its verdicts counted."""

        def ask_watched(question: Question, show: ShowPreview | None) -> Answer:
            with self.watch("retrieve", LIBRARY):
                answer = ask(question, show)
            self.metrics.count_answer(answer)
            return answer

        return ask_watched

    async def check_golden(self, timings: ServeTimings) -> None:
        """Ask the golden questions once the library is open, and again with each edition."""
        if self.preparation.is_done:  # nothing was prepared: the first messages go before
            await asyncio.sleep(timings.library_first_check)
        await self.preparation.wait_until_done()
        while True:
            await asyncio.to_thread(self.golden.check)
            await asyncio.sleep(timings.library_check)

    async def collect_health(self) -> dict[str, object]:
        """What each part says of itself, and what is wrong. Raises SQLAlchemyError if the database
        does not answer."""
        now, state = self.app.now(), dict[str, object]()
        for receiver in self.receivers:
            state |= await receiver.collect_health(now)
        state |= {
            "leads": self.leadership.leads,
            "database_written_seconds": round(self.watchdog.age, 1),
            "database_failing": self.watchdog.is_failing,
            "library": self.preparation.describe(),
            "library_problem": self.app.library_keeper.problem,
            "disk_free_megabytes": measure_free_megabytes(self.app.settings.data),
            "workers": self.workers,
            "workers_stuck": self.worker_watch.count_stuck(),
        }
        queues = {} if self.watchdog.is_failing else await measure_queues(self.app.store, now)
        return {"problems": find_problems(state), **queues, **state}

    async def collect_liveness(self) -> dict[str, object]:
        """Whether the process does its work at all; a restart helps where it does not."""
        stuck = self.worker_watch.count_stuck() >= self.workers
        return {"problems": [ALL_STUCK] if stuck else []}

    async def collect_readiness(self) -> dict[str, object]:
        """Whether it may get work: it is healthy, its library is open, and the golden questions have
        their verdicts. Raises SQLAlchemyError like `collect_health`."""
        health = await self.collect_health()
        return {"problems": self._list_unready(health), "golden_questions": self.golden.asked}

    async def write_metrics(self, accept: str) -> tuple[bytes, str]:
        """The metrics in the form that an `Accept` header asks for, and its content type."""
        try:
            state = await self.collect_health()
            state |= await asyncio.to_thread(self._measure_edition)
            state["ready"] = not self._list_unready(state)
        except SQLAlchemyError:
            state = {"ready": False, "database_written_seconds": self.watchdog.age}
        state["golden_questions"] = self.golden.asked
        state["golden_changed"] = self.golden.changed
        self.metrics.show(state)
        return self.metrics.write(accept)

    async def stop(self) -> None:
        """Send the last spans."""
        if self._tracing:
            await asyncio.to_thread(self._tracing.stop)

    def _list_unready(self, health: Mapping[str, Any]) -> list[str]:
        problems = [*health["problems"]]
        if not self.preparation.is_done:
            problems.append(STILL_PREPARING)
        return [*problems, *self.golden.problems]

    def _measure_edition(self) -> dict[str, object]:
        try:
            number = self.app.catalogue.get_active_edition()
            if number is None:
                return {}
            made = self.app.catalogue.find_edition(number).created_at
        except KnowledgeError:  # the database does not answer, or it was pruned just now
            return {}
        return {
            "edition": number,
            "edition_age_seconds": (self.app.now() - made).total_seconds(),
        }
