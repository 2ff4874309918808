"""A Telegram stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.telegram.server import TelegramServer


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running
