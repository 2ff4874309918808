"""`naru demo`: a founder and staff at Hanoi talk through the real inbox, chain and outbox."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession, bind_terminal
from adapters.cli.chat.stage import (
    BLUE,
    BOLD,
    DIM,
    GREEN,
    Play,
    name_command,
    paint,
    print_heading,
    read_play,
)
from adapters.settings import Settings, read_settings
from adapters.terminal import FOUNDER_CHANNEL, staff_channel
from bot.delivery.channel import Channel
from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.embedding.embedder import Embedder, Vectors
from knowledge.errors import StoreUnavailable
from knowledge.retrieval.known_questions import compute_text_key
from knowledge.types import Language

MISSION = "vn-hanoi"


@dataclass
class DemoRun:
    """What is played in `steps`, the terminals of the demo, what was shown at the founder's, and the
    steps that did not happen. Without a terminal of their own, staff are elsewhere."""

    app: App
    play: Play
    steps: tuple[str, ...]
    founder: TerminalSession
    heard: list[str]
    staff: TerminalSession | None = None
    failed_steps: list[str] = field(default_factory=list)

    async def play_line(self, seat: TerminalSession, line: str) -> None:
        """Submit a line at one terminal and run all until they are idle."""
        is_founder = seat is self.founder
        who = self.play.founder if is_founder else self.play.staff
        print("\n" + paint(f"──── {who}> {line}", BLUE if is_founder else GREEN), flush=True)
        seat.submit_line(line)
        for _ in range(2):
            await self.founder.run_until_idle()
            if self.staff:
                await self.staff.run_until_idle()

    def begin_step(self, number: int) -> None:
        """Show the heading of a step, counted from 1."""
        print_heading(number, len(self.steps), self.steps[number - 1])

    def record_step(self, held: bool, step: str) -> None:
        """Record `step` as failed unless it held."""
        if not held:
            self.failed_steps.append(step)


Performance = Callable[[App, Play, Path], Coroutine[Any, Any, list[str]]]


def run_demo(
    now: Callable[[], datetime],
    language: Language = "ko",
    library: Path = SHIPPED_LIBRARY,
    *,
    perform: Performance | None = None,
    console_port: int = 0,
) -> list[str]:
    """Play the demo in a temporary folder, both sides in the terminal if there is no other way to
    `perform` it; returns the steps that did not happen."""
    settings = read_settings()
    with (
        tempfile.TemporaryDirectory(prefix="naru-demo-") as folder,
        _open_cached_embedder(settings) as known,
    ):
        own = _isolate_settings(settings, Path(folder), console_port)
        app = App(own, now=now, embedder_override=known)
        try:
            return asyncio.run((perform or _play_both_sides)(app, read_play(language), library))
        finally:
            app.engine.dispose()


class _CachingEmbedder:
    """The embedder with the stored vectors of the installed Naru, so that none is computed twice."""

    def __init__(self, naru: App) -> None:
        self._naru = naru
        self.name = naru.embedder.name

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Vectors of `texts`, float32 of shape (n, dimensions); only unknown texts are embedded."""
        keys = [compute_text_key(text) for text in texts]
        known = dict(self._naru.catalogue.load_vectors(keys, self.name))
        fresh = [text for key, text in zip(keys, texts, strict=True) if key not in known]
        if fresh:
            made = self._naru.embedder.embed_passages(fresh, progress)
            known |= {
                compute_text_key(text): vector for text, vector in zip(fresh, made, strict=True)
            }
        return np.stack([known[key] for key in keys])

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, always computed."""
        return self._naru.embedder.embed_query(text)


@contextmanager
def _open_cached_embedder(settings: Settings) -> Iterator[Embedder | None]:
    """An embedder over the installed Naru's vectors; None if it has no readable SQLite file."""
    naru = App(settings)
    try:
        own = not settings.database_url and (settings.data / "naru.db").exists()
        known = _CachingEmbedder(naru) if own and naru.catalogue else None
    except StoreUnavailable:
        known = None
    yield known
    if known:
        naru.engine.dispose()


def _isolate_settings(settings: Settings, folder: Path, console_port: int) -> Settings:
    """Settings without the installed Naru's stores, language model and channels."""
    return Settings(data=folder, embedder=settings.embedder, _env_file=None).model_copy(
        update={
            "database_url": "", "chroma_url": "", "llm": "", "consent": "ask",
            "console_host": "127.0.0.1", "console_port": console_port, "console_url": "",
        }
    )  # fmt: skip


async def _play_both_sides(app: App, play: Play, library: Path) -> list[str]:
    heard: list[str] = []
    staff_heard: list[str] = []
    show = make_printer(f"나루 → {play.staff}", staff_heard)
    staff = TerminalSession(app, staff_channel(MISSION), MISSION, show)
    stage = DemoRun(app, play, play.steps, open_founder(app, play, heard), heard, staff)
    fill_library(stage, library)
    bind_terminal(app, MISSION)
    for number, line in ((2, play.question), (3, play.other)):
        await ask_question(stage, number, line)
    stage.begin_step(4)
    await hand_over(stage)
    await _play_talk(stage, staff, staff_heard)
    print("\n" + paint("─" * 60, DIM))
    print(play.next.format(naru=name_command()).rstrip())
    return stage.failed_steps


def open_founder(
    app: App, play: Play, heard: list[str], others: Mapping[str, Channel] = MappingProxyType({})
) -> TerminalSession:
    """The founder's terminal; what it shows is put into `heard` as well. `others` as in its session."""
    show = make_printer(f"나루 → {play.founder}", heard)
    return TerminalSession(app, FOUNDER_CHANNEL, "me", show, others)


def fill_library(stage: DemoRun, library: Path) -> None:
    """The first step: read the documents of `library`."""
    stage.begin_step(1)
    plan = stage.app.ingest.plan([library])
    stage.app.ingest.apply(plan, note="demo", now=stage.app.now())
    print(stage.play.documents.format(count=len(plan.versions())))


async def ask_question(stage: DemoRun, number: int, line: str) -> None:
    """The step `number`, in which documents answer `line`."""
    play = stage.play
    stage.begin_step(number)
    await stage.play_line(stage.founder, line)
    said = stage.heard[-1] if stage.heard else ""
    stage.record_step(
        all(sign in said for sign in ("[1]", "://", play.signs[number - 2])),
        f"a cited answer to “{line}”",
    )


async def hand_over(stage: DemoRun) -> None:
    """What no document settles goes to the mission."""
    await stage.play_line(stage.founder, stage.play.unanswerable)
    if not stage.app.store.list_cases():  # it was not urgent enough to open by itself
        await stage.play_line(stage.founder, "/human")
    if not stage.app.store.list_cases():  # the notice: the first button agrees to it
        await stage.play_line(stage.founder, "1")
    cases = stage.app.store.list_cases()
    stage.record_step(
        len(cases) == 1 and cases[0].mission == MISSION, "a case at the embassy in Hanoi"
    )


async def _play_talk(stage: DemoRun, staff: TerminalSession, staff_heard: list[str]) -> None:
    play = stage.play
    stage.record_step(
        any(play.unanswerable in text for text in staff_heard), "its card at the staff's side"
    )
    stage.begin_step(5)
    await stage.play_line(staff, play.staff_reply)
    stage.record_step(
        any(play.staff_reply in text for text in stage.heard), "the staff's reply at the founder"
    )
    await stage.play_line(stage.founder, play.follow_up)
    stage.record_step(
        any(play.follow_up in text for text in staff_heard), "the founder's answer at staff"
    )
    await stage.play_line(staff, "/resolve")
    ended = [case.state for case in stage.app.store.list_cases()]
    stage.record_step(ended == ["resolved"], "the case resolved")


def make_printer(head: str, heard: list[str]) -> Callable[[str], None]:
    """What shows messages under `head`, and puts them into `heard`."""

    def show(text: str) -> None:
        heard.append(text)
        print(f"\n{paint(head, BOLD)}\n{text}", flush=True)

    return show
