"""`naru demo`: the whole job through the real inbox, chain and outbox, both sides shown."""

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
from adapters.chat import Seat
from adapters.settings import Settings, read_settings
from adapters.terminal import FOUNDER, staff_channel
from bot.admin import binding
from bot.types import Binding
from ingest.plan.files import SHIPPED
from knowledge.errors import CatalogueDown
from knowledge.retrieval.edition import text_key
from knowledge.retrieval.embedder import Embedder, Vectors

KOREAN = "해외에서 쓸 인증 받는 비용도 지원이 되나요? 얼마까지요?"
ENGLISH = "Is there anyone who collects unpaid export money for us if we had no insurance?"
UNANSWERABLE = "다낭 세관이 우리 화장품 통관을 열흘째 보류하고 있습니다. 어떻게든 풀어 주세요."
REPLY = "세관에 보류 사유를 확인해 내일 오전까지 알려 드리겠습니다. 수입신고번호를 보내 주십시오."
FOLLOW_UP = "신고번호는 담당 관세사에게 받아서 보내겠습니다."


@dataclass
class Stage:
    """Both sides of the demo and what was seen on each."""

    app: App
    founder: Seat
    staff: Seat
    problems: list[str] = field(default_factory=list)

    async def says(self, seat: Seat, line: str) -> None:
        """Type a line, then let everything it leads to happen on both sides."""
        who = "창업자" if seat is self.founder else "담당자"
        print(f"\n──── {who}> {line}")
        seat.type(line)
        for _ in range(2):
            await self.founder.settle()
            await self.staff.settle()

    def check(self, held: bool, step: str) -> None:
        if not held:
            self.problems.append(step)


def run(now: Callable[[], datetime], library: Path = SHIPPED) -> list[str]:
    """Play the demo in a folder of its own; returns the steps that did not happen."""
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="naru-demo-") as folder, _remembered(settings) as known:
        app = App(_alone(settings, Path(folder)), now=now, given_embedder=known)
        try:
            return asyncio.run(_play(app, library))
        finally:
            app.engine.dispose()


class _Remembered:
    """The model, and the vectors that it has made for the real Naru: they are not made twice."""

    def __init__(self, naru: App) -> None:
        self._naru = naru
        self.name, self.english_only = naru.embedder.name, naru.embedder.english_only

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        keys = [text_key(text) for text in texts]
        known = dict(self._naru.catalogue.vectors(keys, self.name))
        fresh = [text for key, text in zip(keys, texts, strict=True) if key not in known]
        if fresh:
            made = self._naru.embedder.passages(fresh, progress)
            known |= {text_key(text): vector for text, vector in zip(fresh, made, strict=True)}
        return np.stack([known[key] for key in keys])

    def query(self, text: str) -> Vectors:
        return self._naru.embedder.query(text)


@contextmanager
def _remembered(settings: Settings) -> Iterator[Embedder | None]:
    """The vectors of the real Naru, where it has a database file that can be read."""
    naru = App(settings)
    try:
        own = not settings.database_url and (settings.data / "naru.db").exists()
        known = _Remembered(naru) if own and naru.catalogue else None
    except CatalogueDown:
        known = None
    yield known
    if known:
        naru.engine.dispose()


def _alone(settings: Settings, folder: Path) -> Settings:
    """The settings without any store, model or channel of the real Naru."""
    return Settings(data=folder, embedder=settings.embedder, _env_file=None).model_copy(
        update={"database_url": "", "chroma_url": "", "llm": ""}
    )


async def _play(app: App, library: Path) -> list[str]:
    plan = app.ingest.plan([library])
    app.ingest.apply(plan, note="demo", now=app.now())
    print(f"자료실: 문서 {len(plan.versions())}개를 읽었습니다.")
    heard: list[str] = []
    staff_heard: list[str] = []
    founder = Seat(app, FOUNDER, "me", _showing("나루 → 창업자", heard))
    channel = staff_channel("vn-hanoi")
    staff = Seat(app, channel, "vn-hanoi", _showing("나루 → 하노이 담당자", staff_heard))
    bound = binding.bound(Binding("vn-hanoi", channel, "vn-hanoi"), app.tools(), [], "demo")
    app.store.act("demo", bound, app.now())
    stage = Stage(app, founder, staff)
    await _ask_both(stage, heard)
    await _hand_over(stage, heard, staff_heard)
    return stage.problems


async def _ask_both(stage: Stage, heard: list[str]) -> None:
    await stage.says(stage.founder, KOREAN)
    said = heard[-1] if heard else ""
    stage.check("[1]" in said and "https://" in said, "a cited answer in Korean")
    await stage.says(stage.founder, ENGLISH)
    said = heard[-1] if heard else ""
    stage.check("[1]" in said and "As of" in said, "a cited answer in English")


async def _hand_over(stage: Stage, heard: list[str], staff_heard: list[str]) -> None:
    await stage.says(stage.founder, UNANSWERABLE)
    if not stage.app.store.cases():  # it was not urgent enough to open by itself
        await stage.says(stage.founder, "/human")
    cases = stage.app.store.cases()
    stage.check(
        len(cases) == 1 and cases[0].mission == "vn-hanoi", "a case at the embassy in Hanoi"
    )
    stage.check(any(UNANSWERABLE in text for text in staff_heard), "its card at the staff's side")
    await stage.says(stage.staff, REPLY)
    stage.check(any(REPLY in text for text in heard), "the staff's reply at the founder")
    await stage.says(stage.founder, FOLLOW_UP)
    stage.check(any(FOLLOW_UP in text for text in staff_heard), "the founder's answer at staff")
    await stage.says(stage.staff, "/resolve")
    ended = [case.state for case in stage.app.store.cases()]
    stage.check(ended == ["resolved"], "the case resolved")


def _showing(head: str, heard: list[str]) -> Callable[[str], None]:
    def show(text: str) -> None:
        heard.append(text)
        print(f"\n{head}\n{text}")

    return show
