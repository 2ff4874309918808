"""`naru demo`: a founder and staff at Hanoi talk through the real inbox, chain and outbox."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from adapters.bootstrap import App
from adapters.chat import TerminalSession, bind_terminal
from adapters.settings import Settings, read_settings
from adapters.terminal import FOUNDER_CHANNEL, staff_channel
from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.embedding.embedder import Embedder, Vectors
from knowledge.errors import StoreUnavailable
from knowledge.retrieval.known_questions import compute_text_key

KOREAN_QUESTION = "해외에서 쓸 인증 받는 비용도 지원이 되나요? 얼마까지요?"
ENGLISH_QUESTION = "Does K-SURE collect unpaid export money for us if we had no trade insurance?"
UNANSWERABLE_QUESTION = (
    "다낭 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 어떻게든 풀어 주세요."
)
STAFF_REPLY = (
    "세관에 보류 사유를 확인해 내일 오전까지 알려 드리겠습니다. 수입신고번호를 보내 주십시오."
)
FOUNDER_FOLLOW_UP = "신고번호는 담당 관세사에게 받아서 보내겠습니다."


@dataclass
class DemoRun:
    """Both terminals of the demo, and the steps that did not happen."""

    app: App
    founder: TerminalSession
    staff: TerminalSession
    failed_steps: list[str] = field(default_factory=list)

    async def play_line(self, seat: TerminalSession, line: str) -> None:
        """Submit a line at one terminal and run both until they are idle."""
        who = "창업자" if seat is self.founder else "담당자"
        print(f"\n──── {who}> {line}")
        seat.submit_line(line)
        for _ in range(2):
            await self.founder.run_until_idle()
            await self.staff.run_until_idle()

    def record_step(self, held: bool, step: str) -> None:
        """Record `step` as failed unless it held."""
        if not held:
            self.failed_steps.append(step)


def run_demo(now: Callable[[], datetime], library: Path = SHIPPED_LIBRARY) -> list[str]:
    """Play the demo in a temporary folder; returns the steps that did not happen."""
    settings = read_settings()
    with (
        tempfile.TemporaryDirectory(prefix="naru-demo-") as folder,
        _open_cached_embedder(settings) as known,
    ):
        app = App(_isolate_settings(settings, Path(folder)), now=now, embedder_override=known)
        try:
            return asyncio.run(_play_demo(app, library))
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


def _isolate_settings(settings: Settings, folder: Path) -> Settings:
    """Settings without the installed Naru's stores, language model and channels."""
    return Settings(data=folder, embedder=settings.embedder, _env_file=None).model_copy(
        update={"database_url": "", "chroma_url": "", "llm": ""}
    )


async def _play_demo(app: App, library: Path) -> list[str]:
    plan = app.ingest.plan([library])
    app.ingest.apply(plan, note="demo", now=app.now())
    print(f"자료실: 문서 {len(plan.versions())}개를 읽었습니다.")
    heard: list[str] = []
    staff_heard: list[str] = []
    founder = TerminalSession(app, FOUNDER_CHANNEL, "me", _make_printer("나루 → 창업자", heard))
    channel = staff_channel("vn-hanoi")
    staff = TerminalSession(
        app, channel, "vn-hanoi", _make_printer("나루 → 하노이 담당자", staff_heard)
    )
    bind_terminal(app, "vn-hanoi")
    stage = DemoRun(app, founder, staff)
    await _play_questions(stage, heard)
    await _play_handover(stage, heard, staff_heard)
    return stage.failed_steps


async def _play_questions(stage: DemoRun, heard: list[str]) -> None:
    await stage.play_line(stage.founder, KOREAN_QUESTION)
    said = heard[-1] if heard else ""
    stage.record_step("[1]" in said and "https://" in said, "a cited answer in Korean")
    await stage.play_line(stage.founder, ENGLISH_QUESTION)
    said = heard[-1] if heard else ""
    stage.record_step("[1]" in said and "As of" in said, "a cited answer in English")


async def _play_handover(stage: DemoRun, heard: list[str], staff_heard: list[str]) -> None:
    await stage.play_line(stage.founder, UNANSWERABLE_QUESTION)
    if not stage.app.store.list_cases():  # it was not urgent enough to open by itself
        await stage.play_line(stage.founder, "/human")
    cases = stage.app.store.list_cases()
    stage.record_step(
        len(cases) == 1 and cases[0].mission == "vn-hanoi", "a case at the embassy in Hanoi"
    )
    stage.record_step(
        any(UNANSWERABLE_QUESTION in text for text in staff_heard), "its card at the staff's side"
    )
    await stage.play_line(stage.staff, STAFF_REPLY)
    stage.record_step(
        any(STAFF_REPLY in text for text in heard), "the staff's reply at the founder"
    )
    await stage.play_line(stage.founder, FOUNDER_FOLLOW_UP)
    stage.record_step(
        any(FOUNDER_FOLLOW_UP in text for text in staff_heard), "the founder's answer at staff"
    )
    await stage.play_line(stage.staff, "/resolve")
    ended = [case.state for case in stage.app.store.list_cases()]
    stage.record_step(ended == ["resolved"], "the case resolved")


def _make_printer(head: str, heard: list[str]) -> Callable[[str], None]:
    def show(text: str) -> None:
        heard.append(text)
        print(f"\n{head}\n{text}")

    return show
