"""The year in two halves of the missions, each an installation of its own, one for each core."""

from __future__ import annotations

import gc
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulate.checking.check import check_year
from tests.simulate.checking.findings import Findings
from tests.simulate.plan import CASES_A_YEAR
from tests.simulate.year import Year

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS, SEED = 364, 2026
# A year makes and keeps much: it is searched for garbage less often than by default.
GENERATIONS = (50_000, 20, 100)
HALVES = (slice(0, 13), slice(13, 25))


def play_half(bodies: slice, days: int = DAYS) -> tuple[Findings, Counter[str]]:
    """The year of some of the missions, checked; and what happened, counted."""
    share = CASES_A_YEAR * days * (bodies.stop - bodies.start) // (HALVES[-1].stop * DAYS)
    with TemporaryDirectory() as folder:
        year = Year(Path(folder), START, days, bodies, share, changes=1, seed=SEED + bodies.start)
        gc.freeze()
        gc.set_threshold(*GENERATIONS)
        begun = time.process_time()
        year.run()
        counts = Counter(
            merges=year.merges, moves=year.moves, restarts=year.restarts,
            events=year.office.handled, reopened=year.reopened,
            handed=year.handed, absences=year.away, requests=year.relays, messages=len(year.deliveries),
            processor_seconds=round(time.process_time() - begun),
        )  # fmt: skip
        return check_year(year), counts
