"""Conversations as they look on screen, on the shipped library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.bootstrap import App
from tests.dialogues.dialogue_runner import run_dialogue

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_a_dialogue_reads_as_written(path: Path, shipped: Callable[[], App]) -> None:
    run_dialogue(shipped(), path)
