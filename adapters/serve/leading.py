"""Several `naru serve` over one database: who does what only one may do, and hearing the others."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from knowledge.catalogue import Engine
from knowledge.database.peers import LEAD_SECONDS, PeerLine, has_peers

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


@dataclass
class Leadership:
    """Whether this process leads, and the work that it does only while it leads.

    Of one process it is the leader from the start; of several, as long as `confirm` is called with
    true at least every `limit` seconds.
    """

    limit: float = LEAD_SECONDS
    _leads: asyncio.Event = field(default_factory=asyncio.Event)
    _follows: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.TimerHandle | None = None

    @property
    def leads(self) -> bool:
        """Whether this process leads now."""
        return self._leads.is_set()

    def begin_alone(self) -> None:
        """Lead for good: there are no other processes."""
        self._leads.set()

    def confirm(self, leads: bool) -> None:
        """This process was just seen to lead, or not to. Called in the loop."""
        if self._end:
            self._end.cancel()
            self._end = None
        if not leads:
            self._lose()
            return
        self._end = asyncio.get_running_loop().call_later(self.limit, self._lose)
        if not self.leads:
            log.info("this process leads: it polls, reads sources and sweeps")
            self._follows.clear()
            self._leads.set()

    async def run_while_leading(self, work: Work) -> None:
        """Wait until this process leads, then do `work`, which is cancelled when it no longer does
        and begun again when it does. Returns when the work ends by itself, and raises what it raises."""
        while True:
            await self._leads.wait()
            own = asyncio.ensure_future(work())
            lost = asyncio.create_task(self._follows.wait())
            try:
                await asyncio.wait({own, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                lost.cancel()
                own.cancel()
                await asyncio.wait({own})  # to await it would swallow a cancellation of this task
            if not own.cancelled():
                return own.result()

    def _lose(self) -> None:
        if self.leads:
            log.warning("this process no longer leads")
            self._leads.clear()
        self._follows.set()


@dataclass
class Peers:
    """The line to the other processes over a database, followed in a thread of its own; `look_in` and
    `look_out` have the inbox and the outbox looked at, at once."""

    leadership: Leadership
    look_in: Callable[[], None]
    look_out: Callable[[], None]
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, engine: Engine, owner: str) -> None:
        """Begin to hear the others and to try to lead, as `owner`. Called in the loop."""
        if not has_peers(engine):
            self.leadership.begin_alone()
            return
        loop = asyncio.get_running_loop()
        look = {"inbox": self.look_in, "outbox": self.look_out}

        def call(function: Callable[[], None]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(function)

        line = PeerLine(
            engine,
            owner,
            hear=lambda topic: call(look[topic]),
            lead=lambda leads: call(lambda: self.leadership.confirm(leads)),
        )
        thread = threading.Thread(target=line.watch, args=[self._stop], name="peers", daemon=True)
        thread.start()

    def stop(self) -> None:
        """Let another process lead. The lock is free within a second, at the latest with the end of
        this process."""
        self._stop.set()
