"""A complete Naru in a thread, connected to fake messengers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.bootstrap import App
from adapters.console.start import start_console
from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.serve.file_fetcher import FileFetcher
from adapters.serve.service import Service
from adapters.serve.steady_clock import SteadyClock
from adapters.serve.timings import ServeTimings
from adapters.settings import Settings
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from knowledge.chain import Chain
from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer

TELEGRAM_ADMIN, SLACK_ADMIN = 9001, "U0ADMIN"
UNLIMITED = {  # tests ask and open cases quickly; those about limits and consents set their own
    "questions_per_minute": 0, "questions_per_hour": 0, "room_questions_per_minute": 0, "cases_per_day": 0, "files_per_hour": 0,
    "case_messages_per_hour": 0, "consent": "off",
}  # fmt: skip
WEBHOOK_SECRET = "webhook-secret-of-the-tests"


@dataclass(frozen=True, slots=True)
class AppFixtures:
    """What takes long to make and never changes: all apps of a session share it.

    `data` is a data folder with the library in it, to be copied.
    """

    missions: Missions
    places: Gazetteer
    chain: Chain
    data: Path


@dataclass
class ShiftedClock:
    """The real time plus `shift`."""

    shift: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.shift


class RunningApp:
    """Naru serving in a thread. `settings` are the environment's, without NARU_; `timings`
    replace single values of ServeTimings."""

    message_settle_time = MESSAGE_SETTLE_TIME
    patience = 30.0  # seconds that it may take to start; it may take half as long again to end

    def __init__(
        self,
        folder: Path,
        furniture: AppFixtures | None = None,
        *,
        timings: dict[str, Any] | None = None,
        prepares: bool = False,
        **settings: Any,
    ) -> None:
        self._prepares = prepares
        self.clock = ShiftedClock()
        self.timings = ServeTimings(
            **{"message_settle_time": self.message_settle_time} | (timings or {})
        )
        self._files = FileFetcher()
        own: dict[str, Any] = {"data": folder, "http_port": find_free_port()}
        self.options: dict[str, Any] = own | UNLIMITED | settings
        self.app = App(
            Settings(**self.options, _env_file=None),
            now=SteadyClock(self.clock),
            fetch_file=self._files.fetch_from_thread,
        )
        if furniture:
            self.app.missions = furniture.missions
            self.app.places = furniture.places
            self.app.chain = furniture.chain
            self.app.glossary = furniture.chain.library.glossary
        self.failure: BaseException | None = None
        self._running = threading.Event()
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._thread = threading.Thread(target=self._main, name="naru", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.app.settings.http_port}"

    def start(self) -> None:
        _ = self.app.store  # creates the tables before the thread starts
        self._thread.start()
        assert self._running.wait(self.patience)

    def stop(self) -> None:
        if self._stop and self._thread.is_alive():
            loop, stop = self._stop
            loop.call_soon_threadsafe(stop.set)
        self._thread.join(1.5 * self.patience)
        assert not self._thread.is_alive(), "Naru did not end"
        self.app.engine.dispose()

    def wait_for_end(self, within: float = 60) -> BaseException | None:
        """Wait until Naru ends by itself; returns the error it ended with, None without one."""
        self._thread.join(within)
        assert not self._thread.is_alive(), "Naru is still serving"
        return self.failure

    def is_listening(self) -> bool:
        return is_port_open(self.app.settings.http_port)

    def fetch_health(self) -> dict[str, Any]:
        """What `/health` says, with the HTTP status as "status"."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=30) as answer:
                return {"status": answer.status, **json.load(answer)}
        except urllib.error.HTTPError as error:
            with error:
                return {"status": error.code, **json.load(error)}

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            self.failure = error

    async def _serve(self) -> None:
        stop = asyncio.Event()
        self._stop = asyncio.get_running_loop(), stop
        self._running.set()
        await Service(self.app, self._files, self.timings, self._prepares, start_console).run(stop)


@contextmanager
def run_app(
    folder: Path,
    furniture: AppFixtures | None = None,
    *,
    telegram: TelegramServer | None = None,
    slack: SlackServer | None = None,
    webhook: bool = False,
    http: bool = False,
    patience: float = RunningApp.patience,
    **more: Any,
) -> Iterator[RunningApp]:
    """Run Naru connected to the given messengers; yields once it listens to them, within `patience`
    seconds each."""
    port = find_free_port()
    settings: dict[str, Any] = {"http_port": port}
    settings["admins"] = f"telegram:{TELEGRAM_ADMIN},slack:{SLACK_ADMIN}"
    if telegram:
        settings |= build_telegram_settings(telegram, port if webhook else 0)
    if slack:
        settings |= build_slack_settings(slack, port if http else 0)
    house = RunningApp(folder, furniture, **(settings | more))
    house.patience = patience
    house.start()
    try:
        if telegram:
            telegram.wait_for(lambda t: t.webhook if webhook else t.last_poll, patience)
        if slack and not http:
            slack.wait_for(lambda s: s.sockets == 1, patience)
        wait_until(lambda: is_port_open(port), patience)
        yield house
    finally:
        house.stop()


def build_telegram_settings(server: TelegramServer, webhook_port: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"telegram_token": server.token, "telegram_api_url": server.url}
    if webhook_port:
        found["telegram_webhook_url"] = f"http://127.0.0.1:{webhook_port}/telegram/webhook"
        found["telegram_webhook_secret"] = WEBHOOK_SECRET
    return found


def build_slack_settings(server: SlackServer, http_port: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"slack_bot_token": server.bot_token, "slack_api_url": server.api_url}
    if http_port:
        server.http_target = f"http://127.0.0.1:{http_port}/slack/events"
        return found | {"slack_signing_secret": server.signing_secret}
    return found | {"slack_app_token": server.app_token}


def find_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def is_port_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_until(test: Callable[[], object], within: float = 60) -> None:
    """Wait until `test()` is true. Raises AssertionError after `within` seconds."""
    end = time.monotonic() + within
    while not test():
        assert time.monotonic() < end, f"not within {within} s"
        time.sleep(0.02)


def send_post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a POST request; returns the HTTP status."""
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def wait_until_idle(server: LoopbackServer, house: RunningApp) -> None:
    """Wait until the inbox and the outbox are empty."""
    store = house.app.store
    server.wait_for(
        lambda _: store.inbox.find_oldest_open() is None and store.outbox.find_oldest_open() is None
    )
