"""`naru demo --console`: the founder in the terminal, the staff of Hanoi on the real console."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.bootstrap import App
from adapters.cli.chat.play import (
    MISSION,
    DemoRun,
    ask_question,
    fill_library,
    hand_over,
    open_founder,
)
from adapters.cli.chat.session import INPUT_WAIT_SECONDS, bind_for
from adapters.cli.chat.stage import DIM, Play, paint
from adapters.cli.chat.typed_lines import read_lines
from adapters.console.start import start_console
from adapters.serve.console_room.channel import ConsoleChannel
from bot.messages import Account
from bot.store import InboxEvent
from bot.types import CONSOLE_CHANNEL, Binding

CONSUL = "consul@hanoi.example"
LOOPBACK = "127.0.0.1"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AWAKE = ""  # put among the typed lines: there is something to work on

Lines = asyncio.Queue[str | None]


def find_free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])


async def play_on_console(app: App, play: Play, library: Path) -> list[str]:
    """Hand a case over, and open the console to whom it went until the input ends or a signal does;
    the steps that did not happen. Raises NothingToServe if the port has been taken since."""

    def tell(key: str, account: str, text: str) -> None:
        app.store.console.notices.tell(key, account, text, app.now())

    heard: list[str] = []
    founder = open_founder(app, play, heard, {CONSOLE_CHANNEL: ConsoleChannel(tell)})
    steps = (play.steps[0], play.steps[1], play.steps[3], play.console_step)
    stage = DemoRun(app, play, steps, founder, heard)
    fill_library(stage, library)
    bind_for(app, Binding(MISSION, CONSOLE_CHANNEL, MISSION), Account(CONSUL, play.consul))
    await ask_question(stage, 2, play.question)
    stage.begin_step(3)
    await hand_over(stage)
    if not stage.failed_steps:
        await _open_for_staff(stage)
    return stage.failed_steps


async def _open_for_staff(stage: DemoRun) -> None:
    app, play = stage.app, stage.play
    async with _serve_console(app) as lines:
        stage.begin_step(4)
        account = f"{CONSOLE_CHANNEL}:{CONSUL}"
        token = app.store.console.sessions.make_link(account, app.now())
        link = f"{app.settings.console_address}/sign-in/{token}"
        print("\n" + play.console.format(consul=play.consul, link=link).rstrip(), flush=True)
        await _talk(stage, lines)
    print("\n" + paint(play.console_end, DIM), flush=True)


@asynccontextmanager
async def _serve_console(app: App) -> AsyncIterator[Lines]:
    """The console, open within the block; what is typed, and AWAKE when something was done there."""
    lines, loop = read_lines(), asyncio.get_running_loop()

    async def commit(events: Sequence[InboxEvent]) -> int:
        new = await asyncio.to_thread(app.store.inbox.receive, events, app.now())
        lines.put_nowait(AWAKE)
        return new

    stop = await start_console(app, commit)
    for number in ENDING:
        loop.add_signal_handler(number, lines.put_nowait, None)
    try:
        yield lines
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
        await stop()


async def _talk(stage: DemoRun, lines: Lines) -> None:
    """Work on both sides until the input ends. To the first reply of staff the founder says what is
    theirs in the play, unless somebody typed for them before."""
    goes_on = False
    while True:
        await stage.founder.run_until_idle()
        if not goes_on and await asyncio.to_thread(_has_reply, stage.app):
            goes_on = True
            await stage.play_line(stage.founder, stage.play.follow_up)
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(lines.get(), INPUT_WAIT_SECONDS)
            if line is None:
                return
            if line != AWAKE:
                goes_on = True
                stage.founder.submit_line(line)


def _has_reply(app: App) -> bool:
    """Whether staff wrote to the founder."""
    return any(line.author == "staff" for _, line in app.store.console.notices.list_record(1))
