"""A site on loopback, and a client that may read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.web.fetch import WebClient
from tests.fakes.website import (
    Website,
    run_website,
)
from tests.ingest.web.quick_web import make_web


@pytest.fixture
def site() -> Iterator[Website]:
    with run_website(notice=b"A notice.") as site:
        yield site


@pytest.fixture
def web() -> WebClient:
    return make_web()
