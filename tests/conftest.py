"""A Naru with the shipped library, ingested once; every test gets a copy of its own."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from ingest.plan.files import SHIPPED_LIBRARY

NOW = datetime.fromisoformat("2026-11-23T10:00+09:00")  # a Monday morning in Seoul


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder with the shipped library, embedded by the real model; the workers of one run
    share it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "shipped"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            app = App(Settings(data=folder, _env_file=None), now=lambda: NOW)
            app.ingest.apply(app.ingest.plan([SHIPPED_LIBRARY]), note="shipped", now=NOW)
            app.engine.dispose()
            (folder / "whole").touch()
    return folder


@pytest.fixture
def shipped(shipped_data: Path, tmp_path: Path) -> Iterator[Callable[[], App]]:
    """Makes Narus over copies of the shipped library, their clocks stopped at NOW."""
    made: list[App] = []

    def make() -> App:
        folder = tmp_path / f"naru-{len(made)}"
        shutil.copytree(shipped_data, folder)
        made.append(App(Settings(data=folder, _env_file=None), now=lambda: NOW))
        return made[-1]

    yield make
    for app in made:
        app.engine.dispose()
