"""`naru chat`: a founder or a staff member in the terminal, through the same inbox and outbox."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from adapters.bootstrap import App
from adapters.cli.chat.typed_lines import read_lines
from adapters.errors import CommandFailed
from adapters.terminal import (
    FOUNDER_CHANNEL,
    TerminalChannel,
    build_event,
    number_buttons,
    render_content,
    staff_channel,
)
from bot.admin import binding as admin
from bot.buttons import is_number
from bot.context import Decision
from bot.delivery.channel import Channel, PlatformMessage
from bot.delivery.sender import Sender
from bot.messages import Account, Button, Message
from bot.missions.missions import mission_name
from bot.store.inbox import CLOCK_CHANNEL, LIBRARY_TASK_PREFIX
from bot.types import Binding, Mission
from knowledge.types import Language

INPUT_WAIT_SECONDS = 0.3


@dataclass
class TerminalSession:
    """One terminal: typed lines go into the inbox, messages of the outbox to it are shown by
    `display`. `buttons` are those of the last message that had any; `thread` is the case spoken in.
    `others` are the channels that this process works for as well, by name.
    """

    app: App
    channel: str
    chat: str
    display: Callable[[str], None] = print
    others: Mapping[str, Channel] = field(default_factory=dict)
    buttons: dict[int, Button] = field(default_factory=dict)
    thread: str | None = None

    def __post_init__(self) -> None:
        self._sender = Sender(
            self.app.store,
            {self.channel: TerminalChannel(self.channel, self._display_parcel), **self.others},
            self.app.now,
            self.app.owner,
            self.app.missions,
        )

    def submit_line(self, line: str) -> None:
        """Commit a typed line; a bare number chooses a button, `#17 …` speaks in case 17."""
        if is_number(line) and int(line) in self.buttons:
            chosen = build_event(self.channel, self.chat, "", thread=self.thread,
                           button=self.buttons[int(line)].key)  # fmt: skip
            self.app.store.inbox.receive([chosen], self.app.now())
            return
        if line.startswith("#"):
            number, _, line = line[1:].partition(" ")
            self.thread = self._find_thread(number) or self.thread
            if not line:
                return
        typed = build_event(self.channel, self.chat, line, thread=self.thread)
        self.app.store.inbox.receive([typed], self.app.now())

    async def run_until_idle(self) -> None:
        """Handle events and show messages until none is waiting for this terminal."""
        mine = [self.channel, *self.others, CLOCK_CHANNEL, f"{LIBRARY_TASK_PREFIX}{self.channel}"]
        assistant = replace(self.app.assistant, previews={self.channel: self._open_preview})
        while True:
            worked = await asyncio.to_thread(assistant.work_lane, self.app.owner, mine)
            sent = await self._sender.send_due()
            if worked is None and sent == 0:
                return

    def _display_parcel(self, parcel: PlatformMessage) -> None:
        if choices := number_buttons(parcel.content):
            self.buttons = choices
        if parcel.thread:
            self.thread = parcel.thread
        self.display(render_content(parcel.content))

    @contextmanager
    def _open_preview(
        self,
        message: Message,  # noqa: ARG002
        language: Language,  # noqa: ARG002
    ) -> Iterator[Callable[[str], None]]:
        """Shows each sentence on a line of its own; the whole answer follows."""

        def show(sentence: str) -> None:
            with contextlib.suppress(OSError, ValueError):  # the screen is gone
                self.display(f"… {sentence}")

        yield show

    def _find_thread(self, number: str) -> str | None:
        """The last thread of a case in this terminal; None if it has none here."""
        if not is_number(number):
            return None
        threads = self.app.store.list_staff_threads(int(number))
        here = [one.thread for one in threads if one.channel == self.channel and one.thread]
        return here[-1] if here else None


async def run_founder_chat(app: App, place: str | None, lang: str | None) -> None:
    """A founder's terminal, until the input ends; `place` and `lang` (ko, en, vi) are said first.
    Raises CommandFailed if the library is empty."""
    session = TerminalSession(app, FOUNDER_CHANNEL, "me", lambda text: print(f"\n나루> {text}\n"))
    if app.catalogue.get_active_edition() is None:
        raise CommandFailed("The library is empty. Run `naru ingest` first.")
    for line in [f"/lang {lang}"] * bool(lang) + [f"/where {place}"] * bool(place):
        session.submit_line(line)
        await session.run_until_idle()
    await _run_input_loop(session)


async def run_staff_chat(app: App, mission: Mission) -> None:
    """A staff terminal of `mission`, until the input ends; a body without a room is bound to it.
    Raises CommandFailed if the body has a room on another channel."""
    channel = staff_channel(mission.id)
    rooms = {binding.mission: binding for binding in app.store.list_bindings()}
    bound = rooms.get(mission.id)
    if bound is not None and bound.channel != channel:
        raise CommandFailed(
            f"{mission.id} is bound to {bound.channel}:{bound.chat}; its cases appear there."
        )
    session = TerminalSession(app, channel, mission.id, lambda text: print(f"\n{text}\n"))
    bind_terminal(app, mission.id)
    if bound is not None:
        print(f"{mission_name(mission, 'ko')}: #17 답변 … 으로 건을 골라 답합니다.")
    await _run_input_loop(session)


def bind_terminal(app: App, mission: str) -> None:
    """Bind a mission to its staff terminal, and admit the person there as its lead."""
    bind_for(app, Binding(mission, staff_channel(mission), mission), Account(mission))


def bind_for(app: App, binding: Binding, person: Account) -> None:
    """Bind a mission to a room, and admit `person`, of its channel, as the lead if there is none;
    nothing happens where both are so already."""
    members, services = app.store.staff.list_members(binding.mission), app.build_services()
    lead = admin.choose_lead(binding, members, person, services)
    if binding not in services.bindings:
        waiting = app.store.list_cases_without_room()
        decision = admin.bind_room(binding, services, waiting, binding.channel, lead)
    elif lead is not None:
        decision = Decision(new_staff=(lead,))
    else:
        return
    app.store.commit_without_message(f"bind:{uuid.uuid4().hex}", decision, app.now())


async def _run_input_loop(session: TerminalSession) -> None:
    """Show messages as they come while waiting for typed lines."""
    lines = read_lines()
    while True:
        await session.run_until_idle()
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(lines.get(), INPUT_WAIT_SECONDS)
            if line is None:
                await session.run_until_idle()
                return
            if line:
                session.submit_line(line)
