"""Naru between its messengers, over the real libraries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from knowledge.types import Question
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.chroma_server import run_chroma_server
from tests.harness.running_app import AppFixtures, RunningApp
from tests.harness.serve_process import ServeProcesses
from tests.samples.small_library import load_glossary
from tests.samples.stub_library import BigramEmbedder, write_library


@pytest.fixture(scope="session")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppFixtures]:
    """The missions, the places, and a chain over a small library."""
    folder = tmp_path_factory.mktemp("library")
    settings = Settings(data=folder / "data", _env_file=None)
    app = App(settings, embedder_override=BigramEmbedder())
    app.glossary = load_glossary()
    plan = app.ingest.plan([write_library(folder / "documents")])
    assert not plan.skipped
    app.ingest.apply(plan, note="test", now=datetime.now(UTC))
    app.engine.dispose()
    shutil.copytree(settings.data, folder / "copy")
    app.places.find_place("하노이")  # the names are read now, not within a test
    app.chain.ask(Question("물류비", "ko", datetime.now(UTC)))  # so is what answers
    yield AppFixtures(app.missions, app.places, app.chain, folder / "copy")
    app.engine.dispose()


@pytest.fixture
def processes(furniture: AppFixtures, tmp_path: Path) -> Iterator[ServeProcesses]:
    """Starts `naru serve` as processes of their own, over a folder that has a library."""
    shutil.copytree(furniture.data, tmp_path / "data")
    started = ServeProcesses(tmp_path / "data")
    yield started
    started.kill_all()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Founders' words settle sooner, for tests that are not about that."""
    monkeypatch.setattr(RunningApp, "message_settle_time", timedelta(milliseconds=100))


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(retries=(0.0, 0.2, 0.5)) as server:
        yield server


@pytest.fixture(params=["embedded", "server"])
def chroma(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A Chroma server's address, or "" for folders."""
    if request.param == "embedded":
        yield ""
        return
    (tmp_path / "server").mkdir()
    with run_chroma_server(tmp_path / "server") as url:
        yield url
