"""`naru ingest` through thirty kills at any moment and twenty aimed at the vectors, each way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.ordeal import Ordeal, endured
from tests.knowledge.chroma_server import chroma_server

ANY, AIMED = 30, 20
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_800)]


@pytest.fixture(params=["embedded", "server"])
def chroma(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "embedded":
        yield ""
        return
    (tmp_path / "server").mkdir()
    with chroma_server(tmp_path / "server") as url:
        yield url


def test_an_ingest_through_fifty_kills(tmp_path: Path, chroma: str) -> None:
    def act(ordeal: Ordeal) -> None:
        ordeal.run(ANY, seed=30)
        ordeal.aim(AIMED, seed=20)

    ordeal = endured(tmp_path, chroma, act)
    sys.stdout.write(f"{ordeal.kills} kills, {ordeal.finished} ingests ended first\n")
    assert ordeal.kills == ANY + AIMED
