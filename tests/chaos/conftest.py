"""What the chaos suite shares: its seed and its reports, a filled library, a small disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.harness.chaos.messengers import TRANSPORTS
from tests.harness.chaos.outages import mount_small_disk
from tests.harness.chaos.report import ChaosReport
from tests.harness.chaos.stores import fill_library
from tests.harness.serve_process import ServeProcesses

SEED_VARIABLE, REPORT_VARIABLE = "NARU_TEST_SEED", "NARU_TEST_REPORT"
DEFAULT_SEED = 20_261_202
DISK_MEGABYTES = 24  # of the small disk that is filled


@dataclass
class ChaosRun:
    """A run of the suite: its seed, and a report for each kind of stores."""

    seed: int
    folder: Path
    reports: dict[str, ChaosReport] = field(default_factory=dict)

    def get_report(self, stores: str) -> ChaosReport:
        return self.reports.setdefault(stores, ChaosReport(stores))


@pytest.fixture(scope="session")
def chaos_run() -> Iterator[ChaosRun]:
    """Says the seed, and writes the tables at the end: to the folder in NARU_TEST_REPORT, else `build/`."""
    seed = int(os.environ.get(SEED_VARIABLE) or DEFAULT_SEED)
    run = ChaosRun(seed, Path(os.environ.get(REPORT_VARIABLE) or "build").resolve())
    print(f"\nseed {seed}: make chaos SEED={seed}")  # noqa: T201
    yield run
    run.folder.mkdir(parents=True, exist_ok=True)
    for stores, report in run.reports.items():
        path = run.folder / f"chaos-{stores.split()[0].lower()}.md"
        print(f"\n{report.write(path, TRANSPORTS, seed)}\n{path}")  # noqa: T201


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small library, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    fill_library(folder / "data", folder / "documents", {})
    return folder / "data"


@pytest.fixture
def processes(filled: Path, tmp_path: Path) -> Iterator[ServeProcesses]:
    """Starts `naru serve` as processes of their own, over a folder that has a library."""
    shutil.copytree(filled, tmp_path / "data")
    started = ServeProcesses(tmp_path / "data")
    yield started
    started.kill_all()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of its own for a data folder; None where none may be mounted."""
    with mount_small_disk(tmp_path / "disk", DISK_MEGABYTES) as is_mounted:
        yield tmp_path / "disk" if is_mounted else None
