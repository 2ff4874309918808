"""An App over an empty database, whose messenger has every file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.samples.stub_library import BigramEmbedder

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(
        Settings(data=tmp_path, _env_file=None),
        lambda: NOW,
        embedder_override=BigramEmbedder(),
        fetch_file=lambda file: f"# {file.name}\n\n## 무엇인가요?\n글입니다.\n".encode(),
    )
    yield app
    app.engine.dispose()


def publish_edition(app: App, note: str = "", *, upload: str = "", plan_mark: str = "",
                    keys: tuple[int, ...] = ()) -> int:  # fmt: skip
    """An edition of stored versions, made from the plan of an upload if one is given."""
    return app.catalogue.publish_edition(
        keys, note=note, counts={}, embedder="hashing", index_name=f"edition-of-{upload or note}",
        now=NOW, plan_mark=plan_mark or None, upload=upload or None,
    )  # fmt: skip
