"""Does one task for the library and is killed in the middle: `-m tests.harness.kills.kill_at_point DATA MOMENT`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from adapters.bootstrap import App
from adapters.settings import Settings
from adapters.uploads import upload_store
from bot.store import Store
from bot.store.inbox import LIBRARY_TASK_PREFIX
from ingest.index_builder import IndexBuilder
from knowledge.catalogue import Catalogue
from tests.samples.stub_library import BigramEmbedder

# Just before these are called.
KILL_POINTS: dict[str, tuple[Any, str]] = {
    "keeping": (upload_store, "write_atomically"),
    "applying": (IndexBuilder, "build_index"),
    "publishing": (Catalogue, "publish_edition"),
    "answering": (Store, "commit"),
}


def kill_self(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    where, name = KILL_POINTS[sys.argv[2]]
    setattr(where, name, kill_self)
    app = App(Settings(data=Path(sys.argv[1]), _env_file=None), embedder_override=BigramEmbedder())
    app.assistant.work_lane(app.owner, [f"{LIBRARY_TASK_PREFIX}terminal"])
