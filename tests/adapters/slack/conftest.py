"""Slack's protocol server, and an outbox with a desk, for the channel alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import ChannelHarness, open_channel_harness
from tests.scenarios.conftest import slack

__all__ = ["slack"]
ROOM, DESK, FOUNDER = "C0HANOI", "C0DESK", "1001"


@pytest.fixture
def office(tmp_path: Path, slack: SlackServer) -> Iterator[ChannelHarness]:
    """A mission's room, the desk's, and the chat of the founder whose cases the harness opens."""
    for channel in (ROOM, DESK, FOUNDER):
        slack.create_channel(channel)
    with open_channel_harness(tmp_path) as opened:
        opened.bind_desk("slack", DESK)
        yield opened
