"""`naru ingest` as a process of its own, killed as the power would, over a library it half knows."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters.bootstrap import App
from adapters.doctor import examine
from adapters.settings import Settings
from knowledge.catalogue import Vector
from knowledge.retrieval.edition import embedded_texts, text_key
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import NOW

ROOT = Path(__file__).parents[2]
SHIPPED = "all-MiniLM-L6-v2"
SIZE = 384  # dimensions of the shipped model
PATIENCE = 60


class LightEmbedder(HashingEmbedder):
    """It goes by the shipped model's name: the child finds every vector in the database."""

    def __init__(self) -> None:
        super().__init__(SHIPPED, english_only=True)


@dataclass
class Ordeal:
    """A library of `documents` × 8 passages in two states; each ingest brings the other one."""

    folder: Path
    chroma: str = ""
    documents: int = 40
    kills: int = 0
    finished: int = 0
    embedder: LightEmbedder = field(default_factory=LightEmbedder)

    def __post_init__(self) -> None:
        settings = Settings(data=self.folder / "data", chroma_url=self.chroma, _env_file=None)
        self.app = App(settings, lambda: NOW, given_embedder=self.embedder)
        self.home = self.folder / "documents"
        self.home.mkdir()
        for state in ("second", "first"):  # both are embedded and analysed once, here
            self.write(state)
            self.app.ingest.apply(self.app.ingest.plan([self.home]), note=state, now=NOW)
        self.state = "first"

    def write(self, state: str) -> None:
        """The documents as they are in a state: every answer says which."""
        for number in range(self.documents):
            sections = [
                f"## How much is grant {number} of kind {kind}?\n"
                f"Grant {number} of kind {kind} pays {number * 8 + kind} million in the {state} year."
                for kind in range(8)
            ]
            head = f"---\nid: grant-{number}\nlanguage: en\n---\n# Grant {number}\n\n"
            (self.home / f"{number}.md").write_text(head + "\n\n".join(sections), encoding="utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        """`naru ingest` of the other state."""
        other = "second" if self.state == "first" else "first"
        self.write(other)
        return self.naru("ingest", str(self.home))

    def naru(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command, in a process of its own."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("NARU_")}
        own = {"NARU_DATA": str(self.folder / "data"), "NARU_CHROMA_URL": self.chroma}
        with (self.folder / "ingest.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "adapters.cli", *arguments],
                env=clean | own | {"PYTHONPATH": str(ROOT)}, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, running: subprocess.Popen[bytes]) -> None:
        """End a child without farewell, and see that one whole state answers."""
        with suppress(ProcessLookupError):
            running.send_signal(signal.SIGKILL)
        ended = running.wait(PATIENCE)
        self.kills += ended == -signal.SIGKILL
        self.finished += ended == 0
        assert ended in (0, -signal.SIGKILL), self.said()
        self.answers(certain=ended == 0)

    def run(self, kills: int, seed: int) -> None:
        """Kills at any moment of an ingest, from its first instruction to its last."""
        chance, whole = random.Random(seed), self.whole()
        most = self.kills + kills
        while self.kills < most:
            running = self.start()
            time.sleep(chance.uniform(0, whole))
            self.kill(running)

    def aim(self, kills: int, seed: int) -> None:
        """Kills while vectors are written."""
        chance = random.Random(seed)
        most = self.kills + kills
        while self.kills < most:
            before = set(self.app.vectors.names())
            running = self.start()
            patience = time.monotonic() + PATIENCE
            while not set(self.app.vectors.names()) - before and running.poll() is None:
                assert time.monotonic() < patience, self.said()
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.2))
            self.kill(running)

    def whole(self) -> float:
        """The seconds that an ingest takes which nobody kills."""
        began = time.monotonic()
        self.complete()
        return time.monotonic() - began

    def complete(self) -> None:
        """One ingest to its end: it brings the other state, and leaves nothing to mend."""
        assert self.start().wait(PATIENCE) == 0, self.said()
        self.answers(certain=True)
        assert self.faults() == []

    def answers(self, *, certain: bool) -> None:
        """The edition in force is the old one or the new one, whole: each passage is found by its
        own vector. `certain` that it is the new one."""
        other = "second" if self.state == "first" else "first"
        number = self.app.catalogue.active_edition()
        assert number is not None
        edition = self.app.library.edition(number)
        assert edition.vectors is not None and len(edition.passages) == self.documents * 8
        states = {text.split()[-2] for text in (p.text for p in edition.passages)}
        assert states == {other} if certain else states in ({self.state}, {other})
        texts = embedded_texts(edition.passages, self.app.glossary)
        for position in random.Random(self.kills).sample(range(len(edition.passages)), 5):
            (near, alike), *_ = edition.vectors.nearest(self.vector(texts[position]), 1)
            assert alike > 0.999 and texts[near] == texts[position]
        edition.vectors.close()
        (self.state,) = states

    def vector(self, text: str) -> Vector:
        return self.app.catalogue.vectors([text_key(text)], SHIPPED)[text_key(text)]

    def faults(self) -> list[str]:
        """What the doctor would mend, but for what a Naru without channels may lack."""
        return [one.say for one in examine(self.app) if not one.ok]

    def said(self) -> str:
        return (self.folder / "ingest.log").read_text(encoding="utf-8")[-2_000:]

    def end(self) -> None:
        self.app.vectors.close()
        self.app.engine.dispose()


def endured(
    folder: Path, chroma: str, act: Callable[[Ordeal], None], documents: int = 40
) -> Ordeal:
    """An ordeal from its beginning to its good end."""
    ordeal = Ordeal(folder, chroma, documents)
    try:
        act(ordeal)
        ordeal.complete()
    finally:
        ordeal.end()
    return ordeal
