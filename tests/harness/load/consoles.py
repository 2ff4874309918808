"""Open pages of the console, without a browser, and when each line of a record came to them."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from adapters.console.security import SESSION_COOKIE, make_form_token

REFRESH_SECONDS = 2.0  # as in console.js
PRESENCE_SECONDS = 20.0
_AT = re.compile(r'data-at="([0-9.]+)"')
_WRITTEN = re.compile(r"T=([0-9.]+)")


@dataclass
class OpenConsoles:
    """Pages at `url` with a session's `cookie` each. The seconds from when a line was decided on, and
    from when its founder wrote it (as "T=seconds" in its words), until a page had it."""

    url: str
    since_decided: list[float] = field(default_factory=list)
    since_written: list[float] = field(default_factory=list)
    refreshes: list[float] = field(default_factory=list)

    async def watch_case(self, cookie: str, case: int, stop: asyncio.Event) -> None:
        """The page of a case, until `stop`."""
        async with aiohttp.ClientSession(headers=self._head(cookie)) as session:
            presence = asyncio.create_task(self._stay(session, cookie, case))
            path = f"{self.url}/cases/{case}"
            async with session.get(path) as page:
                last = max(map(int, re.findall(r'data-number="(\d+)"', await page.text())))
            async for name, data in self._listen(session, f"{path}/events?after={last}", stop):
                if name == "line":
                    self._note(data)
            presence.cancel()

    async def watch_inbox(self, cookie: str, stop: asyncio.Event) -> None:
        """The inbox, which is fetched anew when anything changed, until `stop`."""
        async with aiohttp.ClientSession(headers=self._head(cookie)) as session:
            fetched = 0.0
            async for name, _ in self._listen(session, f"{self.url}/events", stop):
                if name == "changed" and time.monotonic() - fetched >= REFRESH_SECONDS:
                    fetched = time.monotonic()
                    async with session.get(f"{self.url}/") as page:
                        await page.read()
                        assert page.status == 200
                    self.refreshes.append(time.monotonic() - fetched)

    def _note(self, data: str) -> None:
        html, now = json.loads(data)["html"], time.time()
        if written := _WRITTEN.search(html):
            self.since_written.append(now - float(written[1]))
        if decided := _AT.search(html):
            self.since_decided.append(now - float(decided[1]))

    async def _listen(
        self, session: aiohttp.ClientSession, path: str, stop: asyncio.Event
    ) -> AsyncIterator[tuple[str, str]]:
        timeout = aiohttp.ClientTimeout(total=None, sock_read=10)
        async with session.get(path, timeout=timeout) as stream:
            assert stream.status == 200, path
            name = ""
            async for raw in stream.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, line.removeprefix("data: ")
                if stop.is_set():
                    return

    async def _stay(self, session: aiohttp.ClientSession, cookie: str, case: int) -> None:
        form = {"token": make_form_token(cookie), "tab": str(case)}
        with suppress(asyncio.CancelledError):
            while True:
                async with session.post(f"{self.url}/cases/{case}/presence", data=form) as answer:
                    assert answer.status == 200
                await asyncio.sleep(PRESENCE_SECONDS)

    @staticmethod
    def _head(cookie: str) -> dict[str, str]:
        return {"Cookie": f"{SESSION_COOKIE}={cookie}", "Sec-Fetch-Site": "same-origin"}
