"""`naru ingest` through thirty kills at any moment and twenty aimed at the vectors, each way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.ingest_kill_harness import Ordeal, endured
from tests.scenarios.conftest import chroma

ANY, AIMED = 30, 20
__all__ = ["chroma"]
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_800)]


def test_an_ingest_through_fifty_kills(tmp_path: Path, chroma: str) -> None:
    def act(ordeal: Ordeal) -> None:
        ordeal.run(ANY, seed=30)
        ordeal.aim(AIMED, seed=20)

    ordeal = endured(tmp_path, chroma, act)
    sys.stdout.write(f"{ordeal.kills} kills, {ordeal.finished} ingests ended first\n")
    assert ordeal.kills == ANY + AIMED
