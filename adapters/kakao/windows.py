"""The moments in which KakaoTalk takes a reply: from a founder's request until its answer is given."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.delivery.handing_out import Handout
from bot.store.readers.waiting_rows import ReaderState

LOOK_SECONDS = 0.1  # between two looks whether an answer is decided
REPLY_GRACE_SECONDS = 0.3  # that a message may come after its event is handled
RECEIPT_GRACE_SECONDS = 3.0  # that a receipt may take, which waits for the staff's room


@dataclass(eq=False, slots=True)
class ReplyWindow:
    """One request of a chat that waits for its reply, for at most `seconds`."""

    chat: str
    seconds: float
    _opened: float = field(default_factory=time.monotonic)
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def settle(self) -> None:
        """Nothing more is to be waited for."""
        self._settled.set()

    async def wait(self) -> bool:
        """Wait until everything that can be said is decided; False if time is over before that."""
        left = self.seconds - (time.monotonic() - self._opened)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(left, 0)):
                await self._settled.wait()
        return self._settled.is_set()


class ReplyWindows:
    """The open windows of one process, at most `most`, watched with one look at the database for
    all of them."""

    def __init__(
        self, handout: Handout, most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._handout = handout
        self._most = most
        self._clock = clock
        self._open: list[ReplyWindow] = []
        self._idle_since: dict[str, float] = {}
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def is_full(self) -> bool:
        """Whether no further request can wait."""
        return len(self._open) >= self._most

    def open(self, window: ReplyWindow) -> None:
        """Watch a window."""
        self._idle_since.pop(window.chat, None)
        self._open.append(window)
        self._wake.set()

    def settle_all(self) -> None:
        """Let no window wait any longer."""
        for window in self._open:
            window.settle()

    def close(self, window: ReplyWindow) -> bool:
        """Watch it no longer; whether a later request of its chat waits, whose reply says it all."""
        at = self._open.index(window)
        is_superseded = any(other.chat == window.chat for other in self._open[at + 1 :])
        del self._open[at]
        if all(other.chat != window.chat for other in self._open):
            self._idle_since.pop(window.chat, None)
        return is_superseded

    async def watch(self) -> None:
        """Settle windows as their answers are decided, until cancelled. Raises the database's
        errors."""
        while True:
            self._wake.clear()
            if not self._open:
                await self._wake.wait()
            chats = {window.chat for window in self._open}
            states = await asyncio.to_thread(self._handout.find_states, chats)
            for chat, state in states.items():
                if self._is_settled(chat, state):
                    self._settle(chat)
            await asyncio.sleep(LOOK_SECONDS)

    def _settle(self, chat: str) -> None:
        for window in self._open:
            if window.chat == chat:
                window.settle()

    def _is_settled(self, chat: str, state: ReaderState) -> bool:
        """Whether nothing more comes soon: all is handled, and what follows has had its time."""
        now = self._clock()
        if state.is_busy:
            self._idle_since.pop(chat, None)
            return False
        idle = now - self._idle_since.setdefault(chat, now)
        if state.has_receipts:
            return idle >= RECEIPT_GRACE_SECONDS
        return state.has_messages or idle >= REPLY_GRACE_SECONDS
