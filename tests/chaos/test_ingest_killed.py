"""`naru ingest` through thirty kills at any moment and twenty aimed at the vectors, each way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.kills.ingest_kill_harness import IngestKillHarness, run_through_kills
from tests.scenarios.conftest import chroma

RANDOM_KILLS, VECTOR_KILLS = 30, 20
__all__ = ["chroma"]
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_800)]


def test_an_ingest_through_fifty_kills(tmp_path: Path, chroma: str) -> None:
    def act(ordeal: IngestKillHarness) -> None:
        ordeal.kill_at_random(RANDOM_KILLS, seed=30)
        ordeal.kill_during_vectors(VECTOR_KILLS, seed=20)

    ordeal = run_through_kills(tmp_path, chroma, act)
    sys.stdout.write(f"{ordeal.kill_count} kills, {ordeal.finished_count} ingests ended first\n")
    assert ordeal.kill_count == RANDOM_KILLS + VECTOR_KILLS
