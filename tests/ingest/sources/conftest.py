"""A schedule whose site has one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import IngestPipeline
from tests.fakes.website import run_website
from tests.ingest.sources.schedule_harness import ScheduleHarness


@pytest.fixture
def desk(ingest: IngestPipeline, tmp_path: Path) -> Iterator[ScheduleHarness]:
    with run_website() as site:
        site.pages["/a.md"] = b"# A\nThe first notice.\n"
        yield ScheduleHarness(ingest, site, tmp_path / "sources")
