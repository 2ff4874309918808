"""The command line, run in this process over a small library."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters import bootstrap
from adapters.bootstrap import App
from adapters.cli import main
from adapters.settings import Settings
from knowledge.database.file_modes import restrict_folder
from tests.samples import small_library

AS_OF = "2026-11-21T10:00+09:00"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def lines(self) -> list[Any]:
        """An object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


RunCommand = Callable[..., CommandResult]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No setting of the outside, no .env, and the log afterwards as it was before."""
    for name in [name for name in os.environ if name.startswith("NARU_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    handlers = [(one, one.formatter, one.filters[:]) for one in logging.getLogger().handlers]
    level = logging.getLogger().level
    yield
    for handler, formatter, filters in handlers:
        handler.setFormatter(formatter)
        handler.filters[:] = filters
    logging.getLogger().setLevel(level)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> RunCommand:
    """Runs a command as it is typed after `naru`."""

    def run(*arguments: str) -> CommandResult:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        shown = capsys.readouterr()
        code = ended.value.code
        return CommandResult(
            code if isinstance(code, int) else int(bool(code)), shown.out, shown.err
        )

    return run


@pytest.fixture(scope="session")
def warm() -> App:
    """A Naru whose model and analyser are loaded."""
    app = small_library.make_app(small_library.prepare_data())
    app.embedder.embed_query("ferry")
    app.glossary.analyser.tokenise("나루", "ko")
    return app


@pytest.fixture
def quick(warm: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands take the loaded model and analyser: loading them anew takes seconds each time."""

    def made(settings: Settings, **choices: Any) -> App:
        app = App(settings, **choices, embedder_override=warm.embedder)
        app.glossary = warm.glossary
        app.places = warm.places
        return app

    monkeypatch.setattr(bootstrap, "App", made)


@pytest.fixture
def library(quick: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """NARU_DATA with the small library, shared: for commands that only read."""
    folder = small_library.prepare_data()
    restrict_folder(folder)  # as the entry point's umask would have made it
    monkeypatch.setenv("NARU_DATA", str(folder))
    return folder


@pytest.fixture
def own_library(quick: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """NARU_DATA with a copy of the small library, to write in."""
    folder = tmp_path / "data"
    shutil.copytree(small_library.prepare_data(), folder)
    restrict_folder(folder)
    monkeypatch.setenv("NARU_DATA", str(folder))
    monkeypatch.setenv("NARU_CONSENT", "off")  # cases open at once; the notice has its own tests
    return folder
