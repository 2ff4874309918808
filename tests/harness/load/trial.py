"""One load of a serving Naru: founders ask at a steady rate, then all at once; the figures of both."""

from __future__ import annotations

import math
import re
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.harness.load.crowd import Crowd
from tests.harness.load.gauge import ProcessGauge, compute_slope

GREETING_RATE = 10.0  # founders a second who come before the load
ANSWER_PATIENCE_SECONDS = 120.0  # after the last message
FIRST_ANSWERS = 100  # after which memory is read once
MINUTE = 60.0
# The goals of issue 15.
ACK_P99_SECONDS, ANSWER_P95_SECONDS = 1.0, 2.0
READY_MEGABYTES, ANSWERED_MEGABYTES = 400.0, 450.0
MEGABYTES_A_MINUTE = 2.0  # that "flat" may grow: what is remembered of texts fills its bounds
MEMORY_SPAN = 15.0  # seconds that are averaged at the first and the last minute
ANSWERS_TOTAL = re.compile(r"^naru_answers_total\{.*\} (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """`rate` messages a second for `seconds`; of the time before `settling` no slope is taken."""

    rate: float
    seconds: float
    settling: float = MINUTE


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What one load showed. Times in seconds, memory in MB, processor time in seconds.

    `late_max` is how far the generator itself fell behind its plan; `asked_of_library` how many of
    the messages were looked up, by Naru's own count.
    """

    written: int
    answered: int
    unsaid: int
    asked_of_library: int
    rate: float
    ack_p50: float
    ack_p99: float
    answer_p50: float
    answer_p95: float
    answer_max: float
    late_max: float
    megabytes_ready: float
    megabytes_after_100: float
    megabytes_begin: float
    megabytes_end: float
    megabytes_a_minute: float
    cpu_per_message: float
    cpu_cores: float
    generator_cpu_cores: float
    at_once: int
    at_once_answered: int
    at_once_last: float

    def list_misses(self) -> list[str]:
        """Which goals of a load were missed."""
        goals = {
            f"{self.written - self.answered} messages without an answer": self.answered == self.written,
            f"{self.unsaid} messages for which no founder was free": self.unsaid == 0,
            f"confirmed after {self.ack_p99:.2f} s": self.ack_p99 <= ACK_P99_SECONDS,
            f"answered after {self.answer_p95:.2f} s": self.answer_p95 <= ANSWER_P95_SECONDS,
            f"{self.at_once_answered} of {self.at_once} at once": self.at_once_answered == self.at_once,
            f"{self.megabytes_ready:.0f} MB when ready": self.megabytes_ready <= READY_MEGABYTES,
            f"{self.megabytes_after_100:.0f} MB after 100 answers":
                self.megabytes_after_100 <= ANSWERED_MEGABYTES,
            f"{self.megabytes_a_minute:+.1f} MB a minute":
                self.megabytes_a_minute <= MEGABYTES_A_MINUTE,
        }  # fmt: skip
        return [told for told, is_met in goals.items() if not is_met]


@dataclass
class LoadTrial:
    """A crowd over a process that serves; `http_url` is where it shows its metrics."""

    crowd: Crowd
    gauge: ProcessGauge
    http_url: str

    def run(self, plan: LoadPlan) -> LoadFigures:
        """Greet, load, wait for the last answer, then let everybody ask at the same moment."""
        ready = self.gauge.read_megabytes()
        self.crowd.greet_all(GREETING_RATE)
        looked_up = self._count_answers()
        after_100 = 0.0
        begun, cpu, own_cpu = time.monotonic(), self.gauge.read_cpu_seconds(), time.process_time()
        first = min(FIRST_ANSWERS / plan.rate, plan.seconds)
        self.crowd.ask_steadily(plan.rate, first)
        after_100 = self.gauge.read_megabytes()
        self.crowd.ask_steadily(plan.rate, plan.seconds - first)
        loaded = time.monotonic() - begun
        own_cpu = time.process_time() - own_cpu
        self.crowd.wait_until_answered(ANSWER_PATIENCE_SECONDS)
        cpu = self.gauge.read_cpu_seconds() - cpu
        asked = list(self.crowd.asked)
        looked_up = self._count_answers() - looked_up
        ended = begun + loaded
        acks = self.crowd.list_ack_seconds()
        at_once = self.crowd.ask_at_once()
        self.crowd.wait_until_answered(ANSWER_PATIENCE_SECONDS)
        waits = sorted(one.answered_at - one.said_at for one in asked if one.answered_at)
        at_once_waits = [one.answered_at - one.said_at for one in at_once if one.answered_at]
        settled = begun + min(plan.settling, plan.seconds / 2)
        samples = [one for one in self.gauge.samples if settled <= one.at <= ended]
        return LoadFigures(
            written=len(asked),
            answered=len(waits),
            unsaid=self.crowd.unsaid,
            asked_of_library=looked_up,
            rate=len(asked) / loaded,
            ack_p50=find_quantile(acks, 0.5),
            ack_p99=find_quantile(acks, 0.99),
            answer_p50=find_quantile(waits, 0.5),
            answer_p95=find_quantile(waits, 0.95),
            answer_max=find_quantile(waits, 1.0),
            late_max=max((one.said_at - one.due_at for one in asked), default=0.0),
            megabytes_ready=ready,
            megabytes_after_100=after_100,
            megabytes_begin=self.gauge.average(settled, settled + MEMORY_SPAN),
            megabytes_end=self.gauge.average(ended - MEMORY_SPAN, ended),
            megabytes_a_minute=compute_slope(samples),
            cpu_per_message=cpu / max(len(asked), 1),
            cpu_cores=cpu / loaded,
            generator_cpu_cores=own_cpu / loaded,
            at_once=len(at_once),
            at_once_answered=len(at_once_waits),
            at_once_last=max(at_once_waits, default=math.inf),
        )

    def _count_answers(self) -> int:
        with urllib.request.urlopen(f"{self.http_url}/metrics", timeout=10) as answer:
            found = ANSWERS_TOTAL.findall(answer.read().decode())
        return round(sum(map(float, found)))


def find_quantile(values: Sequence[float], share: float) -> float:
    """The least value that `share` of the values do not exceed; infinity where there are none."""
    if not values:
        return math.inf
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def render_table(figures: dict[str, LoadFigures]) -> str:
    """A Markdown table with a column for each load."""
    names = list(figures)
    rows = [["", *names], ["---"] * (len(names) + 1)]
    for label, show in ROWS:
        rows.append([label, *(show(figures[name]) for name in names)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


ROWS: tuple[tuple[str, Callable[[LoadFigures], str]], ...] = (
    ("messages, answered, for which no founder was free",
     lambda one: f"{one.written}, {one.answered}, {one.unsaid}"),
    ("of these looked up in the library", lambda one: str(one.asked_of_library)),
    ("messages a second", lambda one: f"{one.rate:.1f}"),
    ("confirmed: p50, p99 (s)", lambda one: f"{one.ack_p50:.3f}, {one.ack_p99:.3f}"),
    ("answered: p50, p95, last (s)",
     lambda one: f"{one.answer_p50:.2f}, {one.answer_p95:.2f}, {one.answer_max:.2f}"),
    ("all at once: answered, the last after (s)",
     lambda one: f"{one.at_once_answered} of {one.at_once}, {one.at_once_last:.1f}"),
    ("memory: ready, after 100 answers (MB)",
     lambda one: f"{one.megabytes_ready:.0f}, {one.megabytes_after_100:.0f}"),
    ("memory: settled, at the end (MB); slope (MB/min)",
     lambda one: f"{one.megabytes_begin:.0f}, {one.megabytes_end:.0f}; {one.megabytes_a_minute:+.1f}"),
    ("processor: a message (ms), cores", lambda one: f"{1000 * one.cpu_per_message:.0f}, {one.cpu_cores:.2f}"),
    ("generator: cores, latest behind its plan (s)",
     lambda one: f"{one.generator_cpu_cores:.2f}, {one.late_max:.2f}"),
)  # fmt: skip
