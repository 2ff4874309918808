"""The library that Naru ships, ingested by the shipped model."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from adapters.bootstrap import App
from adapters.settings import Settings
from ingest.plan.files import SHIPPED_LIBRARY
from knowledge.embedding.embedder import Embedder
from tests.harness import prepared_data
from tests.samples import small_library

NOW = datetime.fromisoformat("2026-11-23T10:00+09:00")  # a Monday morning in Seoul


def make_app(folder: Path, embedder: Embedder | None = None) -> App:
    """A Naru over a data folder, its clock stopped at NOW; model and glossary are the session's."""
    settings = Settings(data=folder, _env_file=None)
    app = App(settings, lambda: NOW, embedder_override=embedder or small_library.load_embedder())
    app.glossary = small_library.load_glossary()
    return app


def prepare_cached_data() -> Path:
    """The data folder that all runs copy; filled now, if it never was."""
    return prepared_data.prepare_data("shipped", _fill_data)


def _fill_data(folder: Path, embedder: Embedder) -> None:
    app = make_app(folder, embedder)
    app.ingest.apply(app.ingest.plan([SHIPPED_LIBRARY]), note="shipped", now=NOW)
    app.engine.dispose()
