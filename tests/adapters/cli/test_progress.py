"""How far long work is, where nobody sees bars."""

from __future__ import annotations

import io
import sys
import time

import pytest

from adapters.cli import progress


def test_a_pipe_gets_a_line_now_and_then_and_one_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    with progress.show_progress() as tell:
        for done in range(1, 26):
            tell("reading", done, 25)
        tell("embedding", 3, 3)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "reading: 11 of 25", "reading: 21 of 25", "reading: 25 in 24.0 s", "embedding: 3 in 0.0 s",
    ]  # fmt: skip


def test_a_terminal_gets_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.show_progress() as tell:
        for done in range(1, 4):
            tell("embedding", done, 3)
    assert "embedding" in screen.getvalue() and "3/3" in screen.getvalue()
