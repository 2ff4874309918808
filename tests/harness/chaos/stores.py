"""Where Naru keeps what it knows in a trial: SQLite and folders, or PostgreSQL and a Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.harness.chroma_server import open_chroma_server
from tests.harness.databases import create_fresh_database
from tests.harness.kills.ingest_kill_harness import ShippedModelStandIn
from tests.samples.small_library import load_glossary
from tests.samples.stub_library import write_library

StoreKind = Literal["sqlite", "postgresql"]
STORE_NAMES: dict[StoreKind, str] = {
    "sqlite": "SQLite + embedded Chroma",
    "postgresql": "PostgreSQL + Chroma server",
}


@dataclass(frozen=True, slots=True)
class Stores:
    """A library in the stores of one kind; `settings` are the environment's, without NARU_;
    `chroma_process` is the server's, 0 without one."""

    folder: Path
    settings: dict[str, Any]
    chroma_process: int = 0

    @property
    def database_url(self) -> str:
        """The address of the database, also where it is the default one."""
        return str(self.settings.get("database_url") or f"sqlite:///{self.folder / 'naru.db'}")


@contextmanager
def open_stores(kind: StoreKind, folder: Path, filled: Path) -> Iterator[Stores]:
    """A small library in new stores below `folder`; `filled` is a data folder that has it."""
    data = folder / "data"
    if kind == "sqlite":
        shutil.copytree(filled, data)
        yield Stores(data, {})
        return
    (folder / "chroma").mkdir(parents=True)
    with (
        create_fresh_database(kind, folder) as database_url,
        open_chroma_server(folder / "chroma") as chroma,
    ):
        settings = {"database_url": database_url, "chroma_url": chroma.url}
        fill_library(data, folder / "documents", settings)
        yield Stores(data, settings, chroma.process)


def fill_library(data: Path, documents: Path, settings: dict[str, Any]) -> None:
    """Ingest the small library into the stores of `settings`, as if with the shipped model: the
    process finds all vectors there."""
    app = App(
        Settings(data=data, _env_file=None, **settings), embedder_override=ShippedModelStandIn()
    )
    app.glossary = load_glossary()
    plan = app.ingest.plan([write_library(documents)])
    app.ingest.apply(plan, note="test", now=datetime.now(UTC))
    app.engine.dispose()
