"""`naru ingest` as a process that is killed by SIGKILL, over documents it has partly ingested."""

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

import numpy as np

from adapters.bootstrap import App
from adapters.cli.doctor import run_checks
from adapters.settings import Settings
from knowledge.embedding.embedder import SHIPPED_MODEL
from knowledge.retrieval.centring import centre_passages, compute_centres
from knowledge.retrieval.known_questions import build_index_text, compute_text_key
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import NOW

ROOT = Path(__file__).parents[3]
VECTOR_SIZE = 384  # dimensions of the shipped model
PATIENCE_SECONDS = 60


class ShippedModelStandIn(HashingEmbedder):
    """An embedder under the shipped model's name, so that the process finds all vectors stored."""

    def __init__(self) -> None:
        super().__init__(SHIPPED_MODEL, VECTOR_SIZE)


@dataclass
class IngestKillHarness:
    """A library of `documents` × 8 passages in two states; each ingest brings the other one."""

    folder: Path
    chroma: str = ""
    document_count: int = 40
    kill_count: int = 0
    finished_count: int = 0
    embedder: ShippedModelStandIn = field(default_factory=ShippedModelStandIn)

    def __post_init__(self) -> None:
        settings = Settings(data=self.folder / "data", chroma_url=self.chroma, _env_file=None)
        self.app = App(settings, lambda: NOW, embedder_override=self.embedder)
        self.home = self.folder / "documents"
        self.home.mkdir()
        for state in ("second", "first"):  # both are embedded and analysed here, once
            self.write_state(state)
            self.app.ingest.apply(self.app.ingest.plan([self.home]), note=state, now=NOW)
        self.state = "first"

    def write_state(self, state: str) -> None:
        """Write the documents of a state, "first" or "second"; every answer names it."""
        for number in range(self.document_count):
            sections = [
                f"## How much is grant {number} of kind {kind}?\n"
                f"Grant {number} of kind {kind} pays {number * 8 + kind} million in the {state} year."
                for kind in range(8)
            ]
            head = f"---\nid: grant-{number}\nlanguage: en\n---\n# Grant {number}\n\n"
            (self.home / f"{number}.md").write_text(head + "\n\n".join(sections), encoding="utf-8")

    def start_ingest(self) -> subprocess.Popen[bytes]:
        """`naru ingest` of the other state."""
        other = "second" if self.state == "first" else "first"
        self.write_state(other)
        return self.start_command("ingest", str(self.home))

    def start_command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a `naru` command as a process."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("NARU_")}
        own = {"NARU_DATA": str(self.folder / "data"), "NARU_CHROMA_URL": self.chroma}
        with (self.folder / "ingest.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "adapters.cli", *arguments],
                env=clean | own | {"PYTHONPATH": str(ROOT)}, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip

    def kill_and_check(self, running: subprocess.Popen[bytes]) -> None:
        """Kill a process and check that one complete state answers."""
        with suppress(ProcessLookupError):
            running.send_signal(signal.SIGKILL)
        ended = running.wait(PATIENCE_SECONDS)
        self.kill_count += ended == -signal.SIGKILL
        self.finished_count += ended == 0
        assert ended in (0, -signal.SIGKILL), self.read_log()
        self.check_answers(certain=ended == 0)

    def kill_at_random(self, kills: int, seed: int) -> None:
        """Kill that many ingests, each at a random moment between start and end."""
        chance, whole = random.Random(seed), self.measure_ingest_seconds()
        most = self.kill_count + kills
        while self.kill_count < most:
            running = self.start_ingest()
            time.sleep(chance.uniform(0, whole))
            self.kill_and_check(running)

    def kill_during_vectors(self, kills: int, seed: int) -> None:
        """Kill that many ingests while they write vectors."""
        chance = random.Random(seed)
        most = self.kill_count + kills
        while self.kill_count < most:
            before = set(self.app.vector_store.list_names())
            running = self.start_ingest()
            patience = time.monotonic() + PATIENCE_SECONDS
            while not set(self.app.vector_store.list_names()) - before and running.poll() is None:
                assert time.monotonic() < patience, self.read_log()
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.2))
            self.kill_and_check(running)

    def measure_ingest_seconds(self) -> float:
        """The seconds that an ingest takes when it is not killed."""
        began = time.monotonic()
        self.run_to_end()
        return time.monotonic() - began

    def run_to_end(self) -> None:
        """Run one ingest to its end: it brings the other state and leaves the doctor nothing to report."""
        assert self.start_ingest().wait(PATIENCE_SECONDS) == 0, self.read_log()
        self.check_answers(certain=True)
        assert self.list_doctor_faults() == []

    def check_answers(self, *, certain: bool) -> None:
        """The edition in force is the old one or the new one, whole: every passage has its own
        vector. `certain` that it is the new one."""
        other = "second" if self.state == "first" else "first"
        number = self.app.catalogue.get_active_edition()
        assert number is not None
        edition = self.app.library.open_edition(number)
        assert edition.vector_index is not None and len(edition.passages) == self.document_count * 8
        states = {text.split()[-2] for text in (p.text for p in edition.passages)}
        assert states == {other} if certain else states in ({self.state}, {other})
        texts = [build_index_text(passage) for passage in edition.passages]
        keys = [compute_text_key(text) for text in texts]
        stored = self.app.catalogue.load_vectors(keys, SHIPPED_MODEL)
        vectors = np.stack([stored[key] for key in keys])
        languages = [passage.document.language for passage in edition.passages]
        centres = compute_centres(vectors, languages, SHIPPED_MODEL)
        expected = centre_passages(vectors, languages, centres)
        assert np.allclose(edition.vector_index.vectors, expected, atol=1e-5)
        (self.state,) = states

    def list_doctor_faults(self) -> list[str]:
        """The messages of the doctor's checks that fail."""
        return [one.message for one in run_checks(self.app) if not one.ok]

    def read_log(self) -> str:
        return (self.folder / "ingest.log").read_text(encoding="utf-8")[-2_000:]

    def close(self) -> None:
        self.app.vector_store.close()
        self.app.engine.dispose()


def run_through_kills(
    folder: Path, chroma: str, act: Callable[[IngestKillHarness], None], documents: int = 40
) -> IngestKillHarness:
    """Make a harness, let `act` kill its ingests, then run one to its end; returns the harness."""
    harness = IngestKillHarness(folder, chroma, documents)
    try:
        act(harness)
        harness.run_to_end()
    finally:
        harness.close()
    return harness
