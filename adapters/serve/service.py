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
from adapters.errors import NothingToServe
from adapters.previews import PreviewSender
from bot.delivery.sender import SHUTDOWN_GRACE_SECONDS, Sender
from bot.errors import DeliveryRefused, NotDelivered
from bot.store import InboxEvent
from bot.store.inbox import LIBRARY_TASK_PREFIX
from bot.types import File

if TYPE_CHECKING:
    from adapters.slack.channel import SlackChannel
    from adapters.telegram.channel import TelegramChannel

log = logging.getLogger(__name__)

WORKER_COUNT = 4
LIBRARY_WORKER_COUNT = (
    2  # tasks for the library that are done beside each other and beside the talk
)
FILE_FETCH_TIMEOUT_SECONDS = 120.0  # that a messenger gets to hand out one file
INBOX_POLL_SECONDS = 0.3  # seconds between two looks, for what other processes received
DATABASE_OUTAGE_LIMIT_SECONDS = (
    25.0  # seconds without a writable database before the process gives up
)
DATABASE_CHECK_SECONDS = 2.0  # seconds between two looks at it
SLACK_BACKFILL_WAIT_SECONDS = 1.5  # of the three seconds that Slack waits for an answer
FORCED_EXIT_SECONDS = 8.0  # seconds a thread that thinks may still hold up the end
SOURCES_CHECK_SECONDS = 60.0  # seconds between two looks for sources that are due
CHANNEL_RETRY_SECONDS = 5.0  # seconds between two tries to reach a messenger at start


@dataclass
class Service:
    """One process of Naru. Any number of them may work on one database; one polls Telegram."""

    app: App
    telegram: TelegramChannel | None = None
    slack: SlackChannel | None = None
    database_outage_limit: float = DATABASE_OUTAGE_LIMIT_SECONDS
    _commit_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _backfill_done: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_workers: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_sender: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _background_tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _sources_pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "sources")
    )
    _library_pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(LIBRARY_WORKER_COUNT, "library")
    )
    _failure: str = ""
    _owns_process: bool = False

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Serve until SIGTERM or SIGINT, or until `stop` where the caller has one. Raises
        NothingToServe, or RuntimeError when the database stays unwritable."""
        if stop is None:
            stop = self._install_signal_handlers()
        self._create_channels()
        self.app.fetch_file = self._make_fetcher(asyncio.get_running_loop())
        self.app.recover_abandoned_work()
        runner = await self._start_http()
        try:
            self._start_tasks()
            await self._wait_for_stop(stop)
        finally:
            await self._shut_down(runner)
        if self._failure:
            raise RuntimeError(self._failure)

    def _install_signal_handlers(self) -> asyncio.Event:
        """Set by the signals that end this process."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        self._owns_process = True
        return stop

    def _create_channels(self) -> None:
        settings = self.app.settings
        if token := settings.telegram_token.get_secret_value():
            from adapters.telegram.channel import TelegramChannel

            admins = settings.telegram_admin_ids
            self.telegram = TelegramChannel(
                token, settings.telegram_api_url, self._fetch_file, admins
            )
        if token := settings.slack_bot_token.get_secret_value():
            from adapters.slack.channel import SlackChannel

            secret = settings.slack_signing_secret.get_secret_value()
            if not (secret or settings.slack_app_token.get_secret_value()):
                raise NothingToServe(
                    "NARU_SLACK_BOT_TOKEN is set, but neither NARU_SLACK_APP_TOKEN (Socket Mode) "
                    "nor NARU_SLACK_SIGNING_SECRET (HTTP). Set one of them."
                )
            self.slack = SlackChannel(
                token, settings.slack_api_url, secret, self._commit_events, self._fetch_file
            )
        if not (self.telegram or self.slack):
            raise NothingToServe(
                "No channel is configured. Set NARU_TELEGRAM_TOKEN (from @BotFather), or "
                "NARU_SLACK_BOT_TOKEN with NARU_SLACK_APP_TOKEN; the README says how. "
                "`naru chat` works without either."
            )

    def _start_tasks(self) -> None:
        """Everything that runs beside each other."""
        channels = {one.name: one for one in (self.telegram, self.slack) if one}
        loop = asyncio.get_running_loop()
        self.app.previews |= {
            name: PreviewSender(loop, one.show_preview) for name, one in channels.items()
        }
        sender = Sender(self.app.store, channels, self.app.now, self.app.owner)
        self._spawn(self._run_forever("sender", lambda: sender.run(self._wake_sender)))
        for number in range(WORKER_COUNT):
            self._spawn(self._run_forever(f"worker {number}", self._work_lanes))
        self._spawn(self._watch_database())
        tasks = [f"{LIBRARY_TASK_PREFIX}{name}" for name in channels]
        for number in range(LIBRARY_WORKER_COUNT):
            self._spawn(
                self._run_forever(f"librarian {number}", lambda: self._run_library_tasks(tasks))
            )
        self._spawn(self._run_forever("sources", self._read_due_sources))
        if self.telegram:
            self._spawn(self._receive_telegram(self.telegram))
        if self.slack:
            self._spawn(self._receive_slack(self.slack))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _run_forever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run for ever: whatever goes wrong is logged, and the work goes on."""
        while True:
            try:
                await work()
            except SQLAlchemyError as error:
                log.warning("%s: the database: %s", name, type(error).__name__)
            except Exception:
                log.exception("%s failed and goes on", name)
            await asyncio.sleep(1)

    async def _work_lanes(self) -> None:
        """Take lanes and work them, one at a time."""
        while True:
            self._wake_workers.clear()
            worked = await asyncio.to_thread(self.app.assistant.work_lane, self.app.owner)
            if worked is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(INBOX_POLL_SECONDS):
                        await self._wake_workers.wait()
                continue
            self._wake_sender.set()
            if (message := worked.to_acknowledge) is not None:
                channel = self.telegram if message.channel == "telegram" else self.slack
                if channel:
                    self._run_in_background(channel.mark_seen(message))

    async def _run_library_tasks(self, channels: Sequence[str]) -> None:
        """Do what admins ask of the library, in threads of its own: it may take minutes."""
        loop, app = asyncio.get_running_loop(), self.app
        while True:
            done = await loop.run_in_executor(
                self._library_pool, app.assistant.work_lane, app.owner, channels
            )
            if done is None:
                await asyncio.sleep(INBOX_POLL_SECONDS)
            else:
                self._wake_sender.set()

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Something small that nothing waits for."""
        task = asyncio.create_task(work)
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)

    async def _commit_events(self, events: Sequence[InboxEvent]) -> int:
        """Commit events, in the order they came; only after this may they be confirmed."""
        if not events:
            return 0
        async with self._commit_lock:
            kept = await asyncio.to_thread(self.app.store.inbox.receive, events, self.app.now())
        self._wake_workers.set()
        return kept

    async def _read_due_sources(self) -> None:
        """Read the sources that are due, in a thread of their own: they may take long."""
        from adapters.serve.scheduled_sources import read_due_sources

        while True:
            await asyncio.get_running_loop().run_in_executor(
                self._sources_pool, read_due_sources, self.app
            )
            self._wake_sender.set()
            await asyncio.sleep(SOURCES_CHECK_SECONDS)

    async def _receive_telegram(self, telegram: TelegramChannel) -> None:
        if not await self._retry_start("Telegram", telegram.start):
            return
        settings = self.app.settings
        if url := settings.telegram_webhook_url:
            secret = settings.telegram_webhook_secret.get_secret_value()

            async def hook() -> str:
                await telegram.set_webhook(url, secret)
                return url

            await self._retry_start("Telegram's webhook", hook)
            return
        await self._run_forever(
            "Telegram's polling", lambda: telegram.poll_updates(self._commit_events, self.app.now)
        )

    async def _receive_slack(self, slack: SlackChannel) -> None:
        if not await self._retry_start("Slack", slack.start):
            return
        from adapters.slack.history import SlackBackfill

        gaps = SlackBackfill(slack, self.app.store, self._commit_events, self.app.now)
        await self._retry_start("Slack's open cases", gaps.backfill_open_cases)
        token = self.app.settings.slack_app_token.get_secret_value()
        if token and not await self._retry_start(
            "Slack's socket", lambda: slack.open_socket(token)
        ):
            return
        self._backfill_done.set()
        await self._run_forever("Slack's histories", gaps.run_forever)

    async def _handle_slack_request(self, request: web.Request) -> web.Response:
        """What Slack tells waits a little for what it told before, at the start."""
        assert self.slack
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SLACK_BACKFILL_WAIT_SECONDS):
                await self._backfill_done.wait()
        return await self.slack.handle_request(request)

    async def _retry_start(self, name: str, start: Callable[[], Awaitable[str]]) -> bool:
        """Reach a messenger, however long it takes; false for a token it does not know."""
        while True:
            try:
                log.info("%s: %s", name, await start())
            except DeliveryRefused as error:
                log.error("%s is off: %s", name, error)
                return False
            except Exception as error:  # the network's and the libraries' own
                log.warning("%s cannot be reached yet: %s", name, error)
                await asyncio.sleep(CHANNEL_RETRY_SECONDS)
            else:
                return True

    async def _watch_database(self) -> None:
        """A process that cannot write is worse than none: give up loudly."""
        well = time.monotonic()
        while time.monotonic() - well < self.database_outage_limit:
            await asyncio.sleep(min(DATABASE_CHECK_SECONDS, self.database_outage_limit))
            left = self.database_outage_limit - (time.monotonic() - well)
            with contextlib.suppress(SQLAlchemyError, TimeoutError):
                async with asyncio.timeout(max(left, DATABASE_CHECK_SECONDS)):
                    if await asyncio.to_thread(self.app.store.is_writable):
                        well = time.monotonic()
        self._failure = (
            f"The database could not be written for {self.database_outage_limit:.0f} s. Check its "
            "disk or server, then start `naru serve` again: nothing confirmed is lost."
        )
        log.error(self._failure)

    async def _wait_for_stop(self, stop: asyncio.Event) -> None:
        """Until a signal comes, or a task ends that must not."""
        stopped = asyncio.create_task(stop.wait())
        watch = {stopped, self._tasks[1 + WORKER_COUNT]}
        await asyncio.wait(watch, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()

    async def _shut_down(self, runner: web.AppRunner) -> None:
        """Within ten seconds: receivers first, then what is under way. A thread that thinks on
        is left behind: what it did not write is taken up at the next start."""
        if self._owns_process:
            last = threading.Timer(FORCED_EXIT_SECONDS, os._exit, (1 if self._failure else 0,))
            last.daemon = True
            last.start()
        pending = {*self._tasks, *self._background_tasks}
        while pending:  # a library may swallow one cancellation
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=SHUTDOWN_GRACE_SECONDS + 1)
        for channel in (self.telegram, self.slack):
            if channel:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(channel.stop(), 2)
        for threads in (self._sources_pool, self._library_pool):
            threads.shutdown(wait=False, cancel_futures=True)
        await runner.cleanup()

    async def _start_http(self) -> web.AppRunner:
        """The HTTP side: webhooks and health."""
        site = web.Application()
        site.router.add_get("/health", self._handle_health)
        settings = self.app.settings
        if self.telegram and settings.telegram_webhook_url:
            secret = settings.telegram_webhook_secret.get_secret_value()
            site.router.add_post(
                "/telegram/webhook",
                reject_uncommitted(self.telegram.make_webhook_handler(secret, self._commit_events)),
            )
        if self.slack and not settings.slack_app_token.get_secret_value():
            site.router.add_post("/slack/events", reject_uncommitted(self._handle_slack_request))
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

    async def _handle_health(self, _: web.Request) -> web.Response:
        """How old what is undone is; 503 when the database does not answer."""
        try:
            state = await asyncio.to_thread(self._collect_health)
        except SQLAlchemyError as error:
            return web.json_response({"database": type(error).__name__}, status=503)
        if self.slack:
            state["slack_socket"] = await self.slack.is_connected()
        return web.json_response(state)

    def _collect_health(self) -> dict[str, object]:
        store, now = self.app.store, self.app.now()

        def age(moment: datetime | None) -> float:
            return round((now - moment).total_seconds(), 1) if moment else 0.0

        return {
            "inbox_oldest_seconds": age(store.inbox.find_oldest_open()),
            "outbox_oldest_seconds": age(store.outbox.find_oldest_open()),
            "inbox_dead": store.inbox.count_events("dead"),
            "outbox_dead": store.outbox.count_messages("dead"),
            "telegram_last_poll_seconds": age(self.telegram.last_poll)
            if self.telegram and self.telegram.last_poll
            else None,
        }

    def _make_fetcher(self, loop: asyncio.AbstractEventLoop) -> Callable[[File], bytes]:
        """Fetching for threads: the messengers' libraries live in the loop."""

        def fetch(file: File) -> bytes:
            asked = asyncio.run_coroutine_threadsafe(self._fetch_file(file), loop)
            return asked.result(FILE_FETCH_TIMEOUT_SECONDS)

        return fetch

    async def _fetch_file(self, file: File) -> bytes:
        """A file from the messenger it lies on."""
        channel = self.telegram if file.channel == "telegram" else self.slack
        if channel is None:
            raise DeliveryRefused(f"{file.name} lies on {file.channel}, which is not configured")
        return await channel.fetch_file(file)


def reject_uncommitted(
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
