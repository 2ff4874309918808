"""`make simulate`: plays the year, says what came of it, and draws it. Exit 1 if a promise was broken."""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.simulate.chart import draw_chart
from tests.simulate.checking.findings import Findings
from tests.simulate.halves import DAYS, HALVES, SEED, START, play_half

CHART = Path("simulate.svg")
EXAMPLES = 5  # faults of one kind that are shown


def say(line: str) -> None:
    """A line for whoever runs it."""
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Play both halves at once, a year or the days that are given."""
    begun, days = time.monotonic(), int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        halves = list(pool.map(play_half, HALVES, [days] * 2))
    found, counts = Findings(), Counter[str]()
    for half, counted in halves:
        found.add(half)
        counts += counted
    CHART.write_text(draw_chart(found, START.date()), encoding="utf-8")
    steps = ", ".join(f"{step} {times}" for step, times in found.steps.items())
    say(
        f"seed {SEED}; {found.cases} cases and {found.requests} requests to the desk "
        f"at {HALVES[-1].stop} missions in {days} days: {dict(counts)}"
    )
    say(f"targets: {found.targets}, met {found.met}, slipped and escalated {found.slipped}")
    say(f"founders told of a delay: {found.told}, of what was done: {found.words}")
    say(f"offers that lapsed: {found.lapsed}")
    say(f"steps of the ladder: {steps}; forgotten: {found.forgotten}")
    say(f"broken promises: {len(found.faults)}; {time.monotonic() - begun:.0f} s; drawn: {CHART}")
    for kind, faults in found.count_faults().items():
        say(f"  {len(faults)} × {kind}")
        for fault in faults[:EXAMPLES]:
            say(f"      {fault}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
