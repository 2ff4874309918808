"""Files for worker threads, from messengers that live in the event loop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.serve.file_fetcher import FileFetcher
from bot.errors import DeliveryRefused
from bot.messages import File

FILE = File("slack", "f", "a.pdf", "application/pdf", 5)


class OneFileMessenger:
    """Hands out every file with the same content."""

    async def fetch_file(self, file: File) -> bytes:
        return file.ref.encode()


def test_before_the_service_runs_a_file_is_refused() -> None:
    with pytest.raises(DeliveryRefused, match=r"a\.pdf lies on slack, which is not connected"):
        FileFetcher().fetch_from_thread(FILE)


def test_a_thread_gets_the_file_of_its_messenger_and_no_other() -> None:
    messengers: Any = {"slack": OneFileMessenger()}

    async def run() -> None:
        files = FileFetcher()
        files.connect(asyncio.get_running_loop(), messengers)
        assert await asyncio.to_thread(files.fetch_from_thread, FILE) == b"f"
        other = File("telegram", "f", "b.pdf", "application/pdf", 5)
        with pytest.raises(DeliveryRefused, match="telegram, which is not configured"):
            await asyncio.to_thread(files.fetch_from_thread, other)

    asyncio.run(run())
