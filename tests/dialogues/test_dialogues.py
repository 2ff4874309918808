"""Conversations as they look on screen, on the shipped library."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import App
from knowledge.retrieval.library import Library
from tests.dialogues.dialogue_runner import run_dialogue
from tests.samples import shipped_library

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def library(shipped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The shipped library, opened once: no dialogue changes it."""
    folder = tmp_path_factory.mktemp("library") / "data"
    shutil.copytree(shipped_data, folder)
    app = shipped_library.make_app(folder)
    yield app.library
    app.engine.dispose()


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_a_dialogue_reads_as_written(
    path: Path, shipped: Callable[[], App], library: Library
) -> None:
    app = shipped()
    app.library = library
    run_dialogue(app, path)
