"""What the loads share: their size, and the table that is written at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.harness.load.trial import LoadFigures, LoadPlan, render_table

RATE_VARIABLE, SECONDS_VARIABLE = "NARU_TEST_RATE", "NARU_TEST_SECONDS"
REPORT_VARIABLE = "NARU_TEST_REPORT"


@dataclass
class LoadRun:
    """The figures of a run by their names."""

    plan: LoadPlan
    figures: dict[str, LoadFigures] = field(default_factory=dict)


@pytest.fixture(scope="session")
def load_run() -> Iterator[LoadRun]:
    """Writes the table at the end: to the folder in NARU_TEST_REPORT, else `build/`."""
    rate, seconds = (
        float(os.environ.get(name) or usual)
        for name, usual in ((RATE_VARIABLE, 20), (SECONDS_VARIABLE, 300))
    )
    run = LoadRun(LoadPlan(rate, seconds))
    yield run
    folder = Path(os.environ.get(REPORT_VARIABLE) or "build").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "load.md").write_text(render_table(run.figures), "utf-8")
    print(f"\n{render_table(run.figures)}\n{folder / 'load.md'}")  # noqa: T201
