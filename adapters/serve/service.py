"""`naru serve`: receivers, workers and senders of every configured channel, until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.bootstrap import App
from adapters.previews import Previews
from bot.delivery.sender import LAST_SENDS, Sender
from bot.errors import NotDelivered, Refused
from bot.store import Event
from bot.store.inbox import LIBRARY
from bot.types import File

if TYPE_CHECKING:
    from adapters.slack.channel import Slack
    from adapters.telegram.channel import Telegram

log = logging.getLogger(__name__)

WORKERS = 4
LIBRARIANS = 2  # tasks for the library that are done beside each other and beside the talk
FETCH_SECONDS = 120.0  # that a messenger gets to hand out one file
LOOK_AGAIN = 0.3  # seconds between two looks, for what other processes received
DATABASE_PATIENCE = 25.0  # seconds without a writable database before the process gives up
DATABASE_LOOK = 2.0  # seconds between two looks at it
SLACK_PATIENCE = 1.5  # of the three seconds that Slack waits for an answer
LAST_MOMENT = 8.0  # seconds a thread that thinks may still hold up the end
SOURCES_LOOK = 60.0  # seconds between two looks for sources that are due
CHANNEL_PATIENCE = 5.0  # seconds between two tries to reach a messenger at start


class NothingToServe(Exception):
    """No channel is configured: a sentence that says how to set one."""


@dataclass
class Service:
    """One process of Naru. Any number of them may work on one database; one polls Telegram."""

    app: App
    telegram: Telegram | None = None
    slack: Slack | None = None
    database_patience: float = DATABASE_PATIENCE
    _keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _whole: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_workers: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_sender: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _asides: set[asyncio.Task[None]] = field(default_factory=set)
    _reader: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "sources"))
    _library: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(LIBRARIANS, "library")
    )
    _failed: str = ""
    _alone: bool = False

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Serve until SIGTERM or SIGINT, or until `stop` where the caller has one. Raises
        NothingToServe, or RuntimeError when the database stays unwritable."""
        if stop is None:
            stop = self._signalled()
        self._connect()
        self.app.fetch = self._fetcher(asyncio.get_running_loop())
        self.app.recover()
        runner = await self._listen()
        try:
            self._start()
            await self._until(stop)
        finally:
            await self._end(runner)
        if self._failed:
            raise RuntimeError(self._failed)

    def _signalled(self) -> asyncio.Event:
        """Set by the signals that end this process."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        self._alone = True
        return stop

    def _connect(self) -> None:
        settings = self.app.settings
        if token := settings.telegram_token.get_secret_value():
            from adapters.telegram.channel import Telegram

            admins = settings.telegram_admins
            self.telegram = Telegram(token, settings.telegram_api_url, self._fetch, admins)
        if token := settings.slack_bot_token.get_secret_value():
            from adapters.slack.channel import Slack

            secret = settings.slack_signing_secret.get_secret_value()
            if not (secret or settings.slack_app_token.get_secret_value()):
                raise NothingToServe(
                    "NARU_SLACK_BOT_TOKEN is set, but neither NARU_SLACK_APP_TOKEN (Socket Mode) "
                    "nor NARU_SLACK_SIGNING_SECRET (HTTP). Set one of them."
                )
            self.slack = Slack(token, settings.slack_api_url, secret, self._keep, self._fetch)
        if not (self.telegram or self.slack):
            raise NothingToServe(
                "No channel is configured. Set NARU_TELEGRAM_TOKEN (from @BotFather), or "
                "NARU_SLACK_BOT_TOKEN with NARU_SLACK_APP_TOKEN; the README says how. "
                "`naru chat` works without either."
            )

    def _start(self) -> None:
        """Everything that runs beside each other."""
        channels = {one.name: one for one in (self.telegram, self.slack) if one}
        loop = asyncio.get_running_loop()
        self.app.showings |= {name: Previews(loop, one.preview) for name, one in channels.items()}
        sender = Sender(self.app.store, channels, self.app.now, self.app.owner)
        self._spawn(self._lasting("sender", lambda: sender.run(self._wake_sender)))
        for number in range(WORKERS):
            self._spawn(self._lasting(f"worker {number}", self._work))
        self._spawn(self._watch_database())
        tasks = [f"{LIBRARY}{name}" for name in channels]
        for number in range(LIBRARIANS):
            self._spawn(self._lasting(f"librarian {number}", lambda: self._keep_library(tasks)))
        self._spawn(self._lasting("sources", self._read_sources))
        if self.telegram:
            self._spawn(self._receive_telegram(self.telegram))
        if self.slack:
            self._spawn(self._receive_slack(self.slack))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _lasting(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run for ever: whatever goes wrong is logged, and the work goes on."""
        while True:
            try:
                await work()
            except SQLAlchemyError as error:
                log.warning("%s: the database: %s", name, type(error).__name__)
            except Exception:
                log.exception("%s failed and goes on", name)
            await asyncio.sleep(1)

    async def _work(self) -> None:
        """Take lanes and work them, one at a time."""
        while True:
            self._wake_workers.clear()
            worked = await asyncio.to_thread(self.app.assistant.work, self.app.owner)
            if worked is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN):
                        await self._wake_workers.wait()
                continue
            self._wake_sender.set()
            if (message := worked.seen) is not None:
                channel = self.telegram if message.channel == "telegram" else self.slack
                if channel:
                    self._aside(channel.seen(message))

    async def _keep_library(self, channels: Sequence[str]) -> None:
        """Do what admins ask of the library, in threads of its own: it may take minutes."""
        loop, app = asyncio.get_running_loop(), self.app
        while True:
            done = await loop.run_in_executor(
                self._library, app.assistant.work, app.owner, channels
            )
            if done is None:
                await asyncio.sleep(LOOK_AGAIN)
            else:
                self._wake_sender.set()

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Something small that nothing waits for."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _keep(self, events: Sequence[Event]) -> int:
        """Commit events, in the order they came; only after this may they be confirmed."""
        if not events:
            return 0
        async with self._keeping:
            kept = await asyncio.to_thread(self.app.store.inbox.receive, events, self.app.now())
        self._wake_workers.set()
        return kept

    async def _read_sources(self) -> None:
        """Read the sources that are due, in a thread of their own: they may take long."""
        from adapters.serve.scheduled_sources import read_due

        while True:
            await asyncio.get_running_loop().run_in_executor(self._reader, read_due, self.app)
            self._wake_sender.set()
            await asyncio.sleep(SOURCES_LOOK)

    async def _receive_telegram(self, telegram: Telegram) -> None:
        if not await self._started("Telegram", telegram.start):
            return
        settings = self.app.settings
        if url := settings.telegram_webhook_url:
            secret = settings.telegram_webhook_secret.get_secret_value()

            async def hook() -> str:
                await telegram.set_webhook(url, secret)
                return url

            await self._started("Telegram's webhook", hook)
            return
        await self._lasting("Telegram's polling", lambda: telegram.poll(self._keep, self.app.now))

    async def _receive_slack(self, slack: Slack) -> None:
        if not await self._started("Slack", slack.start):
            return
        from adapters.slack.history import Gaps

        gaps = Gaps(slack, self.app.store, self._keep, self.app.now)
        await self._started("Slack's open cases", gaps.first)
        token = self.app.settings.slack_app_token.get_secret_value()
        if token and not await self._started("Slack's socket", lambda: slack.connect(token)):
            return
        self._whole.set()
        await self._lasting("Slack's histories", gaps.watch)

    async def _hear_slack(self, request: web.Request) -> web.Response:
        """What Slack tells waits a little for what it told before, at the start."""
        assert self.slack
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SLACK_PATIENCE):
                await self._whole.wait()
        return await self.slack.handle(request)

    async def _started(self, name: str, start: Callable[[], Awaitable[str]]) -> bool:
        """Reach a messenger, however long it takes; false for a token it does not know."""
        while True:
            try:
                log.info("%s: %s", name, await start())
            except Refused as error:
                log.error("%s is off: %s", name, error)
                return False
            except Exception as error:  # the network's and the libraries' own
                log.warning("%s cannot be reached yet: %s", name, error)
                await asyncio.sleep(CHANNEL_PATIENCE)
            else:
                return True

    async def _watch_database(self) -> None:
        """A process that cannot write is worse than none: give up loudly."""
        well = time.monotonic()
        while time.monotonic() - well < self.database_patience:
            await asyncio.sleep(min(DATABASE_LOOK, self.database_patience))
            left = self.database_patience - (time.monotonic() - well)
            with contextlib.suppress(SQLAlchemyError, TimeoutError):
                async with asyncio.timeout(max(left, DATABASE_LOOK)):
                    if await asyncio.to_thread(self.app.store.alive):
                        well = time.monotonic()
        self._failed = (
            f"The database could not be written for {self.database_patience:.0f} s. Check its "
            "disk or server, then start `naru serve` again: nothing confirmed is lost."
        )
        log.error(self._failed)

    async def _until(self, stop: asyncio.Event) -> None:
        """Until a signal comes, or a task ends that must not."""
        stopped = asyncio.create_task(stop.wait())
        watch = {stopped, self._tasks[1 + WORKERS]}
        await asyncio.wait(watch, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()

    async def _end(self, runner: web.AppRunner) -> None:
        """Within ten seconds: receivers first, then what is under way. A thread that thinks on
        is left behind: what it did not write is taken up at the next start."""
        if self._alone:
            last = threading.Timer(LAST_MOMENT, os._exit, (1 if self._failed else 0,))
            last.daemon = True
            last.start()
        pending = {*self._tasks, *self._asides}
        while pending:  # a library may swallow one cancellation
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=LAST_SENDS + 1)
        for channel in (self.telegram, self.slack):
            if channel:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(channel.stop(), 2)
        for threads in (self._reader, self._library):
            threads.shutdown(wait=False, cancel_futures=True)
        await runner.cleanup()

    async def _listen(self) -> web.AppRunner:
        """The HTTP side: webhooks and health."""
        site = web.Application()
        site.router.add_get("/health", self._health)
        settings = self.app.settings
        if self.telegram and settings.telegram_webhook_url:
            secret = settings.telegram_webhook_secret.get_secret_value()
            site.router.add_post(
                "/telegram/webhook", _guarded(self.telegram.webhook(secret, self._keep))
            )
        if self.slack and not settings.slack_app_token.get_secret_value():
            site.router.add_post("/slack/events", _guarded(self._hear_slack))
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        except OSError as error:
            await runner.cleanup()
            raise NothingToServe(
                f"{settings.http_host}:{settings.http_port} cannot be listened on "
                f"({error.strerror}). Set NARU_HTTP_PORT to a free port."
            ) from error
        return runner

    async def _health(self, _: web.Request) -> web.Response:
        """How old what is undone is; 503 when the database does not answer."""
        try:
            state = await asyncio.to_thread(self._state)
        except SQLAlchemyError as error:
            return web.json_response({"database": type(error).__name__}, status=503)
        if self.slack:
            state["slack_socket"] = await self.slack.connected()
        return web.json_response(state)

    def _state(self) -> dict[str, object]:
        store, now = self.app.store, self.app.now()

        def age(moment: datetime | None) -> float:
            return round((now - moment).total_seconds(), 1) if moment else 0.0

        return {
            "inbox_oldest_seconds": age(store.inbox.oldest()),
            "outbox_oldest_seconds": age(store.outbox.oldest()),
            "inbox_dead": store.inbox.count("dead"),
            "outbox_dead": store.outbox.count("dead"),
            "telegram_last_poll_seconds": age(self.telegram.last_poll)
            if self.telegram and self.telegram.last_poll
            else None,
        }

    def _fetcher(self, loop: asyncio.AbstractEventLoop) -> Callable[[File], bytes]:
        """Fetching for threads: the messengers' libraries live in the loop."""

        def fetch(file: File) -> bytes:
            asked = asyncio.run_coroutine_threadsafe(self._fetch(file), loop)
            return asked.result(FETCH_SECONDS)

        return fetch

    async def _fetch(self, file: File) -> bytes:
        """A file from the messenger it lies on."""
        channel = self.telegram if file.channel == "telegram" else self.slack
        if channel is None:
            raise Refused(f"{file.name} lies on {file.channel}, which is not configured")
        return await channel.fetch(file)


def _guarded(
    handle: Callable[[web.Request], Awaitable[web.Response]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """What cannot be kept is not confirmed: the platform sends it again."""

    async def guarded(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except (SQLAlchemyError, NotDelivered):
            log.exception("an event could not be kept")
            return web.Response(status=503)

    return guarded
