"""`naru serve`: receivers, workers and senders of every configured channel, until SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from adapters.bootstrap import App
from adapters.messaging.messenger import CommitEvents, Messenger, Receiver
from adapters.messaging.previews import PreviewSender
from adapters.messaging.supervision import run_forever, watch_receivers
from adapters.serve.desk.files import own_files
from adapters.serve.file_fetcher import FileFetcher, FileSource
from adapters.serve.health import WorkerWatch
from adapters.serve.http import build_sites, start_http
from adapters.serve.leading import Leadership, Peers
from adapters.serve.messengers import connect_messengers
from adapters.serve.monitoring.monitor import Monitor
from adapters.serve.preparation import Preparation
from adapters.serve.steady_clock import SteadyClock
from adapters.serve.sweeping import check_library, read_sources, recover_work, sweep_hourly
from adapters.serve.timings import ServeTimings
from adapters.serve.watchdog import DatabaseWatchdog, force_exit_later
from bot.delivery.sender import SHUTDOWN_GRACE_SECONDS, Sender
from bot.store import InboxEvent
from bot.store.inbox import LIBRARY_TASK_PREFIX
from knowledge.database.file_modes import restrict_folder

if TYPE_CHECKING:
    from bot.assistant import Assistant

log = logging.getLogger(__name__)

WORKER_COUNT = 4
LIBRARY_WORKER_COUNT = 2  # so that one long library task does not hold up another
_make_pool = partial(partial, ThreadPoolExecutor)
STOP_TIMEOUT_SECONDS = 2.0  # that each receiver and channel gets to close

# Opens the staff console, whose pages use what is here; returns what stops it.
StartConsole = Callable[
    [App, CommitEvents, Monitor],
    Awaitable[Callable[[], Awaitable[None]]],
]


@dataclass
class Service:
    """One process of Naru. Any number of them may work on one PostgreSQL; one of them leads.

    `files` is the fetcher whose `fetch_from_thread` the App was built with. `channels` are the
    connected messengers by name, once `run` has begun. `prepares` says that it fills an empty
    library with the shipped one, and loads what the first answer needs; `start_console` opens the
    staff console, if the settings give it a port.
    """

    app: App
    files: FileFetcher
    timings: ServeTimings = field(default_factory=ServeTimings)
    prepares: bool = False
    start_console: StartConsole | None = None
    channels: dict[str, Messenger] = field(default_factory=dict)
    _receivers: list[Receiver] = field(default_factory=list)
    _wake_workers: asyncio.Event = field(default_factory=asyncio.Event)
    _wake_sender: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _receiving: list[asyncio.Task[None]] = field(default_factory=list)
    _background_tasks: set[asyncio.Task[None]] = field(default_factory=set)
    # Of one thread, so that events are stored in their order.
    _receiver_pool: Executor = field(default_factory=_make_pool(1, "receiver"))
    _worker_pool: Executor = field(default_factory=_make_pool(WORKER_COUNT, "worker"))
    _library_pool: Executor = field(default_factory=_make_pool(LIBRARY_WORKER_COUNT, "library"))
    _watchdog: DatabaseWatchdog = field(init=False)
    _preparation: Preparation = field(init=False)
    _worker_watch: WorkerWatch = field(default_factory=WorkerWatch)
    _leadership: Leadership = field(default_factory=Leadership)
    _peers: Peers = field(init=False)
    _monitor: Monitor = field(init=False)
    _failure: str = ""
    _owns_process: bool = False

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Serve until SIGTERM or SIGINT, or until `stop` is set if the caller gives one. Raises
        NothingToServe, or RuntimeError if the database stays unwritable."""
        if stop is None:
            stop = self._install_signal_handlers()
        restrict_folder(self.app.settings.data)
        self._connect_messengers()
        if isinstance(self.app.now, SteadyClock):
            self.app.now.raise_to(self.app.store.inbox.find_newest())
        self.app.recover_abandoned_work()
        for rows in (self.app.store.inbox, self.app.store.outbox):
            rows.queue.rest_suspects(self.app.engine, self.app.now())
        outage_limit, pause = self.timings.database_outage_limit, self.timings.database_check
        self._watchdog = DatabaseWatchdog(self.app.store.is_writable, outage_limit, pause)
        self._preparation = Preparation(self.app, lambda: self._leadership.leads)
        self._peers = Peers(self._leadership, self._wake_workers.set, self._wake_sender.set)
        self._monitor = Monitor(
            self.app, self._receivers, self._watchdog, self._preparation, self._worker_watch,
            self._leadership, WORKER_COUNT,
        )  # fmt: skip
        stop_http = await self._start_http()
        start = self.start_console
        stop_console = start and await start(self.app, self._commit_events, self._monitor)
        try:
            self._peers.start(self.app.engine, self.app.owner)
            if self.prepares:
                self._preparation.start()
            self._start_tasks()
            self._failure = await self._wait_for_end(stop)
        finally:
            if stop_console:
                await stop_console()
            await self._shut_down(stop_http)
        if self._failure:
            raise RuntimeError(self._failure)

    def _install_signal_handlers(self) -> asyncio.Event:
        """An event that the signals to end this process set."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        self._owns_process = True
        return stop

    def _connect_messengers(self) -> None:
        connections = connect_messengers(
            self.app,
            self.files.fetch,
            self._commit_events,
            self._leadership.run_while_leading,
            self.timings,
        )
        self.channels = {connection.channel.name: connection.channel for connection in connections}
        self._receivers = [connection.receiver for connection in connections]
        sources: dict[str, FileSource] = {**self.channels, **own_files(self.app.store)}
        self.files.connect(asyncio.get_running_loop(), sources)
        self.app.directory.connect(asyncio.get_running_loop(), self.channels)

    async def _start_http(self) -> Callable[[], Awaitable[None]]:
        settings = self.app.settings
        listed = [receiver.list_routes() for receiver in self._receivers]
        routes = {path: handle for one in listed for path, handle in one.items()}
        states = {
            "/health": self._monitor.collect_health,
            "/healthz": self._monitor.collect_liveness,
            "/readyz": self._monitor.collect_readiness,
        }
        return await start_http(
            settings.http_host,
            settings.http_port,
            routes,
            states,
            self._monitor.write_metrics,
            build_sites(self.app, self._commit_events, self.timings.message_settle_time),
        )

    def _start_tasks(self) -> None:
        """Start everything that runs concurrently."""
        assistant, filled = self._build_assistant(), self._preparation.wait_until_filled
        sender = Sender(
            self.app.store, self.channels, self.app.now, self.app.owner, self.app.missions,
            self.app.settings.admin_ids, self._monitor.watch,
        )  # fmt: skip
        self._spawn(run_forever("sender", lambda: sender.run(self._wake_sender)))
        for number in range(WORKER_COUNT):
            work = partial(self._work_lanes, assistant, number)
            self._spawn(run_forever(f"worker {number}", work))
        for number in range(LIBRARY_WORKER_COUNT):
            self._spawn(
                run_forever(f"librarian {number}", lambda: self._run_library_tasks(assistant))
            )
        self._spawn(run_forever("library", partial(check_library, self.app, self.timings, filled)))
        self._spawn(run_forever("golden", partial(self._monitor.check_golden, self.timings)))
        read = partial(read_sources, self.app, self.timings, filled, self._wake_sender.set)
        self._spawn_leading("sources", read)
        self._spawn_leading("recovery", partial(recover_work, self.app, self.timings))
        self._spawn_leading("sweeper", partial(sweep_hourly, self.app, self.timings))
        self._receiving = [asyncio.create_task(one.run()) for one in self._receivers]
        self._tasks += self._receiving

    def _build_assistant(self) -> Assistant:
        """The App's assistant, with previews through this loop's channels."""
        loop = asyncio.get_running_loop()
        previews = {
            name: PreviewSender(loop, channel.show_preview)
            for name, channel in self.channels.items()
        }
        assistant = self.app.assistant
        ask, watch = self._monitor.watch_asking(assistant.ask), self._monitor.watch
        return replace(assistant, previews=previews, ask=ask, watch=watch)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    def _spawn_leading(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._spawn(run_forever(name, lambda: self._leadership.run_while_leading(work)))

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something small that nothing waits for."""
        task = asyncio.create_task(work)
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)

    async def _commit_events(self, events: Sequence[InboxEvent]) -> int:
        """Commit events in the order they came and return how many were new. Raises the
        database's errors; what is not committed must not be confirmed."""
        if not events:
            return 0
        if await self._preparation.greet(events):
            self._wake_sender.set()
        with self._monitor.watch("receive", events[0].channel):
            receive = partial(self.app.store.inbox.receive, events, self.app.now())
            new = await asyncio.get_running_loop().run_in_executor(self._receiver_pool, receive)
        self._wake_workers.set()
        return new

    async def _work_lanes(self, assistant: Assistant, number: int) -> None:
        """Take lanes and work them, one at a time, as the worker of this number."""
        loop = asyncio.get_running_loop()
        await self._preparation.wait_until_filled()
        while True:
            self._wake_workers.clear()
            self._worker_watch.begin(number)
            try:
                worked = await loop.run_in_executor(
                    self._worker_pool, assistant.work_lane, self.app.owner
                )
            finally:
                self._worker_watch.end(number)
            if worked is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.timings.inbox_poll):
                        await self._wake_workers.wait()
                continue
            self._wake_sender.set()
            message = worked.to_acknowledge
            if message and (channel := self.channels.get(message.channel)):
                self._run_in_background(channel.mark_seen(message))

    async def _run_library_tasks(self, assistant: Assistant) -> None:
        """Run what admins ask of the library in threads of its own: it may take minutes."""
        loop = asyncio.get_running_loop()
        lanes = [f"{LIBRARY_TASK_PREFIX}{name}" for name in self.channels]
        await self._preparation.wait_until_filled()
        while True:
            worked = await loop.run_in_executor(
                self._library_pool, assistant.work_lane, self.app.owner, lanes
            )
            if worked is None:
                await asyncio.sleep(self.timings.inbox_poll)
            else:
                self._wake_sender.set()

    async def _wait_for_end(self, stop: asyncio.Event) -> str:
        """Wait for `stop`, or for what ends serving; why to give up, "" if asked to stop."""
        stopped = asyncio.create_task(stop.wait())
        ends = [
            self._watchdog.watch(),
            self._preparation.watch(),
            watch_receivers(self._receivers, self._receiving, self.app.now),
        ]
        watches = [asyncio.create_task(one) for one in ends]
        try:
            await asyncio.wait({stopped, *watches}, return_when=asyncio.FIRST_COMPLETED)
            failure = next((one.result() for one in watches if one.done()), "")
        finally:
            for task in (stopped, *watches):
                task.cancel()
        if failure:
            log.error(failure)
        return failure

    async def _shut_down(self, stop_http: Callable[[], Awaitable[None]]) -> None:
        """Within ten seconds: receivers first, then what is under way. A thread that goes on is
        left behind: what it did not write is taken up at the next start."""
        if self._owns_process:
            force_exit_later(self.timings.forced_exit, 1 if self._failure else 0)
        pending = {*self._tasks, *self._background_tasks}
        while pending:  # a library may swallow one cancellation
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=SHUTDOWN_GRACE_SECONDS + 1)
        self._peers.stop()
        parts: list[Receiver | Messenger] = [*self._receivers, *self.channels.values()]
        for part in parts:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(part.stop(), STOP_TIMEOUT_SECONDS)
        self._library_pool.shutdown(wait=False, cancel_futures=True)
        await stop_http()
        await self._monitor.stop()
        for pool in (self._receiver_pool, self._worker_pool):
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
