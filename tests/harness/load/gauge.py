"""What a process takes: memory by the second, and processor time."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import psutil

MEGABYTE = 2**20
SAMPLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class MemorySample:
    """The resident memory of a process (MB) at a moment of the monotonic clock."""

    at: float
    megabytes: float


@dataclass
class ProcessGauge:
    """`with ProcessGauge(pid) as gauge:` – samples in a thread until the block ends."""

    pid: int
    samples: list[MemorySample] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> ProcessGauge:
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        assert self._thread
        self._thread.join(5)

    def read_megabytes(self) -> float:
        """The resident memory of the process and its children now."""
        return float(sum(one.memory_info().rss for one in self._list_processes())) / MEGABYTE

    def read_cpu_seconds(self) -> float:
        """Processor time of the process and of those it started."""
        times = [one.cpu_times() for one in self._list_processes()]
        return float(
            sum(one.user + one.system + one.children_user + one.children_system for one in times)
        )

    def average(self, begin: float, end: float) -> float:
        """The mean memory (MB) between two moments of the monotonic clock."""
        found = [one.megabytes for one in self.samples if begin <= one.at < end]
        return sum(found) / len(found) if found else self.read_megabytes()

    def _list_processes(self) -> list[psutil.Process]:
        process = psutil.Process(self.pid)
        return [process, *process.children(recursive=True)]

    def _sample(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self.samples.append(MemorySample(time.monotonic(), self.read_megabytes()))


def compute_slope(samples: list[MemorySample]) -> float:
    """MB a minute, by least squares; 0 for fewer than two samples."""
    if len(samples) < 2:
        return 0.0
    mean_at = sum(one.at for one in samples) / len(samples)
    mean = sum(one.megabytes for one in samples) / len(samples)
    spread = sum((one.at - mean_at) ** 2 for one in samples)
    return 60 * sum((one.at - mean_at) * (one.megabytes - mean) for one in samples) / spread
