"""`naru chat`: a founder or a staff member in the terminal, through the same inbox and outbox."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from adapters.bootstrap import App
from adapters.cli.output import Failed
from adapters.terminal import FOUNDER, Terminal, event, numbered, rendered, staff_channel
from bot.admin import binding as admin
from bot.delivery.sender import Parcel, Sender
from bot.missions import called
from bot.showing import Show
from bot.store.inbox import CLOCK, LIBRARY
from bot.types import Binding, Button, Message, Mission
from knowledge.types import Language

LOOK_AGAIN = 0.3


@dataclass
class Seat:
    """One end of the terminal: what was typed goes in, what is owed to it is shown."""

    app: App
    channel: str
    chat: str
    show: Callable[[str], None] = print
    buttons: dict[int, Button] = field(default_factory=dict)
    thread: str | None = None

    def __post_init__(self) -> None:
        self._sender = Sender(
            self.app.store,
            {self.channel: Terminal(self.channel, self._shown)},
            self.app.now,
            self.app.owner,
        )
        self.app.showings[self.channel] = self._showing

    def type(self, line: str) -> None:
        """Keep a typed line; a bare number chooses a button, `#17 …` speaks in case 17."""
        if line.isdigit() and int(line) in self.buttons:
            chosen = event(self.channel, self.chat, "", thread=self.thread,
                           button=self.buttons[int(line)].key)  # fmt: skip
            self.app.store.inbox.receive([chosen], self.app.now())
            return
        if line.startswith("#"):
            number, _, line = line[1:].partition(" ")
            self.thread = self._thread_of(number) or self.thread
            if not line:
                return
        typed = event(self.channel, self.chat, line, thread=self.thread)
        self.app.store.inbox.receive([typed], self.app.now())

    async def settle(self) -> None:
        """Work and show until nothing is waiting here."""
        mine = [self.channel, CLOCK, f"{LIBRARY}{self.channel}"]
        while True:
            worked = await asyncio.to_thread(self.app.assistant.work, self.app.owner, mine)
            sent = await self._sender.once()
            if worked is None and sent == 0:
                return

    def _shown(self, parcel: Parcel) -> None:
        if choices := numbered(parcel.body):
            self.buttons = choices
        if parcel.thread:
            self.thread = parcel.thread
        self.show(rendered(parcel.body))

    @contextmanager
    def _showing(self, message: Message, language: Language) -> Iterator[Show]:  # noqa: ARG002
        """A sentence a line as they come; the whole answer follows."""

        def show(sentence: str) -> None:
            with contextlib.suppress(OSError, ValueError):  # the screen is gone
                self.show(f"… {sentence}")

        yield show

    def _thread_of(self, number: str) -> str | None:
        """The current thread of a case in this terminal."""
        if not number.isdigit():
            return None
        threads = self.app.store.staff_threads(int(number))
        mine = [one.thread for one in threads if one.channel == self.channel and one.thread]
        return mine[-1] if mine else None


async def founder_chat(app: App, place: str | None, lang: str | None) -> None:
    """A founder's terminal, until the input ends."""
    seat = Seat(app, FOUNDER, "me", lambda text: print(f"\n나루> {text}\n"))
    if app.catalogue.active_edition() is None:
        raise Failed("The library is empty. Run `naru ingest` first.")
    for line in [f"/lang {lang}"] * bool(lang) + [f"/where {place}"] * bool(place):
        seat.type(line)
        await seat.settle()
    await _converse(seat)


async def staff_chat(app: App, mission: Mission) -> None:
    """A staff member's terminal; a body that sits nowhere yet sits here from now on."""
    channel = staff_channel(mission.id)
    rooms = {binding.mission: binding for binding in app.store.bindings()}
    bound = rooms.get(mission.id)
    if bound is not None and bound.channel != channel:
        raise Failed(
            f"{mission.id} is bound to {bound.channel}:{bound.chat}; its cases appear there."
        )
    seat = Seat(app, channel, mission.id, lambda text: print(f"\n{text}\n"))
    if bound is None:
        binding = Binding(mission.id, channel, mission.id)
        waiting = app.store.waiting_for_a_room()
        decision = admin.bound(binding, app.tools(), waiting, "terminal")
        app.store.act(f"bind:{channel}:{app.owner}", decision, app.now())
    else:
        print(f"{called(mission, 'ko')}: #17 답변 … 으로 건을 골라 답합니다.")
    await _converse(seat)


async def _converse(seat: Seat) -> None:
    """Show what comes while waiting for what is typed."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    loop.run_in_executor(None, listen)
    while True:
        await seat.settle()
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(lines.get(), LOOK_AGAIN)
            if line is None:
                await seat.settle()
                return
            if line:
                seat.type(line)
