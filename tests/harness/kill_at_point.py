"""Does one task for the library and is killed in the middle: `-m tests.adapters.dying DATA MOMENT`."""

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
from bot.store.inbox import LIBRARY
from ingest.pipeline import Ingest
from knowledge.catalogue import Catalogue
from tests.samples.stub_library import Hashing

# Just before these are called.
MOMENTS: dict[str, tuple[Any, str]] = {
    "keeping": (upload_store, "write"),
    "applying": (Ingest, "_built"),
    "publishing": (Catalogue, "publish"),
    "answering": (Store, "commit"),
}


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    where, name = MOMENTS[sys.argv[2]]
    setattr(where, name, die)
    app = App(Settings(data=Path(sys.argv[1]), _env_file=None), given_embedder=Hashing())
    app.assistant.work(app.owner, [f"{LIBRARY}terminal"])
