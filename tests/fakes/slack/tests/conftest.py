"""A Slack stand-in with one channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.tests.scripts import DESK


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(retries=(0.0, 0.1), answer_time=0.5) as running:
        running.create_channel(DESK, "desk-hanoi")
        yield running
