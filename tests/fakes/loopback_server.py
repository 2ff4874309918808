"""A server on loopback in a thread of its own that can be scripted, watched and made to fail."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp
from aiohttp import web

Json = dict[str, Any]
HOST = "127.0.0.1"
MAX_BODY_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One request a client made: `time` is its arrival, `lost` says the answer was withheld."""

    method: str
    params: Json
    arrived_at: float
    status: int
    result: Any
    is_answer_lost: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next call of a method that `where` accepts."""

    kind: Literal["fail", "lose", "stall"]
    where: Callable[[Json], bool] | None = None
    status: int = 500
    retry_after: int | None = None
    message: str | None = None
    seconds: float = 0.0

    def matches(self, params: Json) -> bool:
        return self.where is None or self.where(params)


@dataclass(slots=True)
class _Running:
    """What exists only while the server runs."""

    loop: asyncio.AbstractEventLoop
    runner: web.AppRunner
    session: aiohttp.ClientSession
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class _Refusal(asyncio.Protocol):
    """Hangs up as soon as somebody connects."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


class LoopbackServer:
    """`with Server() as server:` – every public method may be called from any thread."""

    def __init__(self, port: int = 0) -> None:
        self.port, self.patience = port, 60.0  # seconds of wait_for, unless told otherwise
        self.changed = threading.Condition(threading.RLock())
        self._calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = {}
        self._down_until = 0.0
        self._run: _Running | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    # life

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    async def run_background(self) -> None:
        """What the server does by itself, from start to stop."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._main, args=(ready,), name=type(self).__name__, daemon=True
        )
        self._thread.start()
        if not ready.wait(10) or self._failure is not None:
            raise RuntimeError(f"{type(self).__name__} did not start") from self._failure

    def stop(self) -> None:
        if self._run is not None:
            self._run.loop.call_soon_threadsafe(self._run.stop.set)
        if self._thread is not None:
            self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def running(self) -> _Running:
        if self._run is None:
            raise RuntimeError(f"{type(self).__name__} is not running")
        return self._run

    def _main(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(ready))
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._run = None
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.add_routes(self.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        async with aiohttp.ClientSession() as session:
            loop = asyncio.get_running_loop()
            self._run = _Running(loop, runner, session)
            listener = await loop.create_server(self._protocol, HOST, self.port)
            self.port = listener.sockets[0].getsockname()[1]
            task = asyncio.create_task(self.run_background())
            ready.set()
            await self._run.stop.wait()
            listener.close()
            task.cancel()
            self._abort_connections()
            await runner.cleanup()

    def _protocol(self) -> asyncio.BaseProtocol:
        server = self.running.runner.server
        if self.is_down or server is None:
            return _Refusal()
        return server()

    def _abort_connections(self) -> None:
        server = self.running.runner.server
        for connection in server.connections if server else []:
            if connection.transport is not None:
                connection.transport.abort()

    # change and waiting

    @contextmanager
    def change(self) -> Iterator[None]:
        """Change the state, then wake every waiter."""
        with self.changed:
            yield
            self.changed.notify_all()
        self._notify_loop()

    def _notify_loop(self) -> None:
        run = self._run
        if run is not None and not run.loop.is_closed():
            run.loop.call_soon_threadsafe(self._swap_bell, run)

    @staticmethod
    def _swap_bell(run: _Running) -> None:
        run.bell.set()
        run.bell = asyncio.Event()

    async def wait_for_change(self, bell: asyncio.Event, seconds: float) -> None:
        """Wait inside the server until something changes. Take `bell` before looking."""
        with suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), max(seconds, 0))

    def wait_for(self, test: Callable[[Self], object], timeout: float | None = None) -> None:
        """Block until `test(server)` is true. Inside an event loop use `until`."""
        end = time.monotonic() + (timeout or self.patience)
        with self.changed:
            while not test(self):
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(self._describe_timeout(timeout or self.patience))
                self.changed.wait(min(left, 0.1))

    async def until(self, test: Callable[[Self], object], within: float | None = None) -> None:
        """`wait_for`, for a test that has an event loop of its own."""
        await asyncio.to_thread(self.wait_for, test, within)

    def _describe_timeout(self, timeout: float) -> str:
        last = "\n".join(
            f"  {c.method} {c.params} -> {c.status} {c.result}" for c in self.calls[-8:]
        )
        return f"not within {timeout} s. The last calls:\n{last or '  none'}"

    # what was asked

    @property
    def calls(self) -> list[Call]:
        with self.changed:
            return list(self._calls)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def record(self, call: Call) -> None:
        with self.change():
            self._calls.append(call)

    # faults

    def fail_next(
        self,
        method: str,
        n: int = 1,
        status: int = 429,
        retry_after: int | None = 2,
        *,
        message: str | None = None,
        where: Callable[[Json], bool] | None = None,
    ) -> None:
        """Refuse the next `n` calls without doing anything. `where(params)` picks the calls."""
        self._add_faults(method, n, Fault("fail", where, status, retry_after, message))

    def lose_answer(
        self, method: str, n: int = 1, *, where: Callable[[Json], bool] | None = None
    ) -> None:
        """Do what the next `n` calls ask, then hang up without an answer."""
        self._add_faults(method, n, Fault("lose", where))

    def stall(
        self,
        method: str,
        seconds: float,
        n: int = 1,
        *,
        where: Callable[[Json], bool] | None = None,
    ) -> None:
        """Do what the next `n` calls ask, but answer only after `seconds`."""
        self._add_faults(method, n, Fault("stall", where, seconds=seconds))

    def clear_faults(self) -> None:
        """Forget the faults not yet used and come `up`."""
        with self.change():
            self._faults.clear()
        self.come_up()

    def go_down(self, seconds: float = math.inf) -> None:
        """Hang up on everybody, at once, until `up()` or for so many seconds."""
        with self.change():
            self._down_until = time.monotonic() + seconds
        self.running.loop.call_soon_threadsafe(self._abort_connections)

    def come_up(self) -> None:
        with self.change():
            self._down_until = 0.0

    @property
    def is_down(self) -> bool:
        return time.monotonic() < self._down_until

    def _add_faults(self, method: str, n: int, fault: Fault) -> None:
        with self.change():
            self._faults.setdefault(method, deque()).extend([fault] * n)

    def take_fault(self, method: str, params: Json) -> Fault | None:
        with self.changed:
            waiting = self._faults.get(method, deque())
            found = next((fault for fault in waiting if fault.matches(params)), None)
            if found is not None:
                waiting.remove(found)
            return found

    async def respond_with_fault(
        self, request: web.Request, reply: web.StreamResponse, fault: Fault | None
    ) -> web.StreamResponse:
        """Answer, or do not, as the fault says."""
        if fault is not None and fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "lose" and request.transport is not None:
            request.transport.abort()
        return reply
