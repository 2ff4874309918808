"""One phase of one system in a process of its own; prints what it measured as a line of JSON.

`python -m tests.bench.worker BEGAN SYSTEM ENCODER FOLDER CORPUS PASSAGES PHASE QUESTIONS`, where BEGAN
is the monotonic clock just before the process was started.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from knowledge.embedding.embedder import Embedder
from tests.bench.corpus import BenchQuestion, ask_questions
from tests.bench.encoders import make_encoder
from tests.bench.systems.system import System

SYSTEMS = {
    "floor": "floor.Floor",
    "langchain": "langchain_chroma.LangChainChroma",
    "llamaindex": "llamaindex_chroma.LlamaIndexChroma",
    "haystack": "haystack_chroma.HaystackChroma",
    "naru": "naru.Naru",
}
CLIENTS = 8
Measured = dict[str, Any]


def open_system(name: str, folder: Path, encoder: Embedder) -> System:
    """The system of a name over its folder. Raises KeyError for another name."""
    module, kind = SYSTEMS[name].split(".")
    found: System = getattr(importlib.import_module(f"tests.bench.systems.{module}"), kind)(folder, encoder)  # fmt: skip
    return found


def measure_ingest(system: System, corpus: Path, began: float) -> Measured:
    """Seconds and CPU seconds of an ingest as a command, from the start of its process on: one system
    loads its libraries when it is imported, another when it needs them."""
    system.ingest(corpus)
    return {"wall": time.monotonic() - began, "cpu": read_cpu_seconds()}


def measure_second_ingest(system: System, corpus: Path) -> Measured:
    """The same of one more ingest in a process that has done one, as a service does."""
    wall, cpu = time.monotonic(), read_cpu_seconds()
    system.ingest(corpus)
    return {"again_wall": time.monotonic() - wall, "again_cpu": read_cpu_seconds() - cpu}


def measure_queries(system: System, asked: Sequence[BenchQuestion]) -> Measured:
    """Milliseconds of each question alone and with CLIENTS at once, CPU milliseconds of one, and what
    was found."""
    found = [system.search(one.text) for one in asked[:3]]  # opened, and its libraries loaded
    cpu = read_cpu_seconds()
    found, alone = _time_each(system.search, [one.text for one in asked])
    alone_cpu = read_cpu_seconds() - cpu
    with ThreadPoolExecutor(CLIENTS) as pool:
        cpu, wall = read_cpu_seconds(), time.perf_counter()
        together = list(pool.map(lambda one: _time_one(system.search, one.text)[1], asked))
        seconds = time.perf_counter() - wall
    hits = [one.answer in names for one, names in zip(asked, found, strict=True)]
    exact = getattr(system, "compare_with_exact", None)
    return {
        "alone": alone, "together": together, "cpu": 1_000 * alone_cpu / len(asked),
        "together_cpu": 1_000 * (read_cpu_seconds() - cpu) / len(asked),
        "per_second": len(asked) / seconds, "found": found, "hits": sum(hits) / len(hits),
        "recall": exact([one.text for one in asked]) if exact else None,
        **read_memory(),
    }  # fmt: skip


def read_cpu_seconds() -> float:
    """The CPU seconds of this process and its children, those still running included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _read_running_children()


def read_memory() -> Measured:
    """The megabytes (MiB) that this process has now, and the most it had."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {
        "rss": int(fields["VmRSS"].split()[0]) / 1024,
        "peak": int(fields["VmHWM"].split()[0]) / 1024,
    }


def _read_running_children() -> float:
    ticks = 0
    for path in Path("/proc/self/task").glob("*/children"):
        for child in path.read_text(encoding="ascii").split():
            line = Path(f"/proc/{child}/stat").read_text(encoding="utf-8")
            fields = line.rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _time_one(search: Callable[[str], list[str]], text: str) -> tuple[list[str], float]:
    began = time.perf_counter()
    found = search(text)
    return found, 1_000 * (time.perf_counter() - began)


def _time_each(
    search: Callable[[str], list[str]], texts: Sequence[str]
) -> tuple[list[list[str]], list[float]]:
    timed = [_time_one(search, text) for text in texts]
    return [found for found, _ in timed], [took for _, took in timed]


def main(arguments: Sequence[str]) -> None:
    """Run one phase: `ingest`, `again` (two ingests), `query` or `first` (the first answer)."""
    began, name, encoder_name, folder, corpus, passages, phase, count = arguments
    encoder = make_encoder(encoder_name)
    system = open_system(name, Path(folder), encoder)
    asked = ask_questions(int(passages), int(count))
    if phase in ("ingest", "again"):
        measured = measure_ingest(system, Path(corpus), float(began))
        if phase == "again":
            measured |= measure_second_ingest(system, Path(corpus))
    elif phase == "query":
        measured = measure_queries(system, asked)
    else:
        found = system.search(asked[0].text)
        wall = time.monotonic() - float(began)
        measured = {"found": found, "wall": wall, "cpu": read_cpu_seconds()}
    sys.stdout.write(f"{json.dumps(measured)}\n")
    sys.stdout.flush()
    system.close()


if __name__ == "__main__":
    main(sys.argv[1:])
