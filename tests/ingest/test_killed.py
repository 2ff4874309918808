"""`naru ingest` killed a few times, embedded and with a Chroma server; hundreds are in tests/chaos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.ordeal import endured
from tests.knowledge.chroma_server import chroma_server


@pytest.fixture(params=["embedded", "server"])
def chroma(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A Chroma server's address, or none."""
    if request.param == "embedded":
        yield ""
        return
    (tmp_path / "server").mkdir()
    with chroma_server(tmp_path / "server") as url:
        yield url


def test_an_ingest_that_is_killed_while_it_writes_vectors_leaves_one_whole_edition(
    tmp_path: Path, chroma: str
) -> None:
    ordeal = endured(tmp_path, chroma, lambda one: one.aim(2, seed=4), documents=20)
    assert ordeal.kills == 2
