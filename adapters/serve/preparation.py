"""Making the library ready while Naru already listens, and telling founders that it is under way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from adapters.serve.sweeping import release_memory
from bot.context import Decision
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase
from knowledge.errors import LibraryChanged
from knowledge.text.language import detect_language

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.store import InboxEvent

log = logging.getLogger(__name__)

# The share of the work that each phase of an ingest is, measured on the shipped library.
PHASE_SHARES = {"reading": 0.5, "analysing": 0.3, "embedding": 0.2}
LOGGED_PERCENT = 10  # between two lines of the log
FILLED_CHECK_SECONDS = 0.5  # between two looks whether another process has filled it
ASKING_KINDS = ("text", "command")
WARM_UP_QUESTION = "수출바우처 신청 자격이 어떻게 되나요?"


@dataclass
class Preparation:
    """The library on the way to its first answer: ingested where there is none, then opened.

    While it `is_filling` no message is worked: all wait in the inbox. `failure` is why it could
    not be filled, "" unless it failed. Of several processes the one that `leads` fills it.
    """

    app: App
    leads: Callable[[], bool] = lambda: True
    is_filling: bool = False
    is_done: bool = True
    failure: str = ""
    _percent: float = 0.0
    _logged: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _filled: asyncio.Event = field(default_factory=asyncio.Event)
    _failed: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin in a thread of its own, which no end of the process waits for. Called in the loop
        that waits for it."""
        self.is_done, self._loop = False, asyncio.get_running_loop()
        self.is_filling = self.app.catalogue.get_active_edition() is None
        if self.is_filling:
            log.info("The library is empty. The shipped one is read in, which takes minutes; founders "
                     "are told, and /health says how far it is.")  # fmt: skip
        threading.Thread(target=self._run, name="preparation", daemon=True).start()

    def describe(self) -> str:
        """What `/health` says of it."""
        return "ready" if self.is_done else f"preparing {int(self._percent)} %"

    async def wait_until_filled(self) -> None:
        """Wait while an empty library is filled."""
        if self.is_filling:
            await self._filled.wait()

    async def wait_until_done(self) -> None:
        """Wait while the library is being filled or opened."""
        if not self.is_done:
            await self._ended.wait()

    async def watch(self) -> str:
        """Wait until the library cannot be filled; why."""
        await self._failed.wait()
        return self.failure

    async def greet(self, events: Sequence[InboxEvent]) -> bool:
        """Tell each founder among the senders of `events`, once, that Naru is preparing and will
        answer; whether anything is to be sent. Called before the events are stored, so that the
        answer comes after it; that it fails keeps no event from being stored."""
        if not self.is_filling:
            return False
        try:
            return await asyncio.to_thread(self._greet, events)
        except Exception as error:  # events of any shape; the database
            log.warning("a founder was not told of the preparation: %s", error)
            return False

    def _greet(self, events: Sequence[InboxEvent]) -> bool:
        messages = [self.app.assistant.parser_for(one.channel)(one.payload) for one in events]
        told = [one for one in messages if one and one.private and one.kind in ASKING_KINDS]
        for message in told:
            self._tell(message)
        return bool(told)

    def _tell(self, message: Message) -> None:
        language = detect_language(message.text)
        words = Content(render_phrase("founder.preparing", language))
        to = Address(message.channel, message.chat, message.thread)
        decision = Decision(outgoing=(Outgoing(to, words),))
        key = f"preparing:{message.channel}:{message.chat}"
        self.app.store.commit_without_message(key, decision, self.app.now())

    def _run(self) -> None:
        try:
            if self.is_filling:
                self._wait_or_fill()
            self._open()
        except Exception as error:  # a sentence of the library's, or the database's or the disk's
            log.error("the library could not be prepared: %s", error)
            if self.is_filling:
                self.failure = f"The library could not be prepared: {error}"
                self._tell_loop(self._failed)
        finally:
            self.is_filling = False
            self.is_done = True
            self._tell_loop(self._filled)
            self._tell_loop(self._ended)
            release_memory()

    def _tell_loop(self, event: asyncio.Event) -> None:
        assert self._loop
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(event.set)

    def _wait_or_fill(self) -> None:
        """Return once there is a library: this process's own work, or that of the one that leads."""
        while self.app.catalogue.get_active_edition() is None:
            if self.leads():
                self._fill()
                break
            time.sleep(FILLED_CHECK_SECONDS)
        self.is_filling = False
        self._tell_loop(self._filled)

    def _fill(self) -> None:
        from ingest.plan.files import SHIPPED_LIBRARY

        plan = self.app.ingest.plan([SHIPPED_LIBRARY], self._count)
        with contextlib.suppress(LibraryChanged):  # by the process that led before
            self.app.ingest.apply(
                plan, note="shipped library", now=self.app.now(), progress=self._count
            )

    def _open(self) -> None:
        """Load what the first answer needs, by asking a question of which nothing is kept. No
        language model is asked."""
        from bot.founder.dry_run import run_dry_run
        from knowledge.chain import Chain

        self._percent = 100.0
        # Kiwi takes 60 MB more while it is loaded: best before the edition takes memory too.
        self.app.glossary.analyser.tokenise(WARM_UP_QUESTION, "ko")
        chain = Chain(self.app.chain.library)
        services = replace(self.app.build_services(), ask=chain.ask)
        run_dry_run(services, WARM_UP_QUESTION, None, "ko")
        log.info("the library is ready")

    def _count(self, phase: str, done: int, total: int) -> None:
        begun = 0.0
        for name, share in PHASE_SHARES.items():
            if name == phase:
                self._percent = max(self._percent, 100 * (begun + share * done / max(total, 1)))
            begun += share
        if self._percent >= self._logged + LOGGED_PERCENT:
            self._logged = int(self._percent) // LOGGED_PERCENT * LOGGED_PERCENT
            log.info("preparing the library: %s %%", self._logged)
