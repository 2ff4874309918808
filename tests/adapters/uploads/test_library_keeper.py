"""A library that is lost: questions are answered after a repair, or with a person's offer."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.bootstrap import App
from adapters.cli.doctor import run_checks
from adapters.settings import Settings
from adapters.uploads.library_keeper import REPAIR_PAUSE_SECONDS, LibraryKeeper
from ingest.pipeline import IngestPipeline
from knowledge.catalogue import Catalogue
from knowledge.chain import Chain
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.types import Question
from tests.samples.answers import make_answer, make_offer
from tests.samples.records import NOW
from tests.samples.small_library import load_glossary
from tests.samples.stub_library import (
    FREIGHT_ANSWER,
    FREIGHT_QUESTION,
    BigramEmbedder,
    write_library,
)

ASKED = Question(FREIGHT_QUESTION, "ko", NOW)


def make_app(folder: Path, embedder: BigramEmbedder | None = None) -> App:
    app = App(
        Settings(data=folder / "data", _env_file=None),
        embedder_override=embedder or BigramEmbedder(),
    )
    app.glossary = load_glossary()
    return app


@pytest.fixture
def app(tmp_path: Path) -> App:
    """An App with a small library."""
    app = make_app(tmp_path)
    plan = app.ingest.plan([write_library(tmp_path / "documents")])
    app.ingest.apply(plan, note="test", now=NOW)
    return app


def say_doctor(app: App) -> str:
    return " ".join(result.message for result in run_checks(app) if not result.ok)


def spoil(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"not what it was " * 100)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("lose", [shutil.rmtree, empty, spoil])
def test_lost_vectors_are_rebuilt_when_a_question_comes(
    app: App, tmp_path: Path, lose: Any
) -> None:
    lose(tmp_path / "data" / "index")
    assert "naru reindex" in say_doctor(app)
    assert FREIGHT_ANSWER in app.library_keeper.ask(ASKED).text
    assert (app.library_keeper.problem, say_doctor(make_app(tmp_path))) == ("", "")


def test_vectors_that_go_below_an_open_edition_are_found_and_rebuilt(
    app: App, tmp_path: Path
) -> None:
    assert app.library_keeper.check() == ""
    shutil.rmtree(tmp_path / "data" / "index")
    assert app.library_keeper.check() == ""
    app.library.check_vectors()
    assert FREIGHT_ANSWER in app.library_keeper.ask(ASKED).text


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    assert "naru ingest" in app.library_keeper.check()
    with pytest.raises(LibraryMissing, match="naru ingest"):
        app.library_keeper.ask(ASKED)
    with pytest.raises(LibraryMissing, match="naru ingest"):
        app.library_keeper.show_section(ASKED, make_offer())
    assert "naru ingest" in app.library_keeper.problem and "naru ingest" in say_doctor(app)


def test_a_quick_look_loads_nothing(app: App, tmp_path: Path) -> None:
    assert app.library_keeper.check(thorough=False) == ""
    other = make_app(tmp_path / "other")
    assert "naru ingest" in other.library_keeper.check(thorough=False)
    assert "chain" not in vars(other) and "ingest" not in vars(other)


def test_another_models_vectors_wait_for_the_admin(app: App, tmp_path: Path) -> None:
    other = BigramEmbedder()
    other.name = "another model"
    changed = make_app(tmp_path, other)
    assert "naru reindex" in changed.library_keeper.check()
    with pytest.raises(LibraryStale, match="naru reindex"):
        changed.library_keeper.ask(ASKED)
    app.library.check_vectors()  # nothing was replaced


class StaleChain:
    """A chain whose vectors are lost for the first `times` questions."""

    def __init__(self, times: int) -> None:
        self.times = times

    def show_section(self, *_: object) -> Any:
        return self.ask()

    def ask(self, *_: object) -> Any:
        self.times -= 1
        if self.times >= 0:
            raise LibraryStale("The vectors are lost. Run `naru reindex`.")
        return make_answer()


class CountingIngest:
    def __init__(self, error: Exception | None) -> None:
        self.error, self.runs = error, 0

    def restore_vectors(self) -> int:
        self.runs += 1
        if self.error:
            raise self.error
        return 3


def test_a_repair_that_fails_is_not_tried_with_every_question() -> None:
    clock = SimpleNamespace(now=0.0)
    ingest = CountingIngest(OSError("no space"))
    chain = StaleChain(9)
    keeper = LibraryKeeper(
        cast(Catalogue, None),
        lambda: cast(Chain, chain),
        lambda: cast(IngestPipeline, ingest),
        lambda: clock.now,
    )
    for _ in range(3):
        with pytest.raises(LibraryStale):
            keeper.ask(ASKED)
    assert ingest.runs == 1 and "naru reindex" in keeper.problem
    clock.now = REPAIR_PAUSE_SECONDS
    ingest.error, chain.times = None, 1
    assert keeper.show_section(ASKED, make_offer()).verdict == "answered"
    assert ingest.runs == 2 and "naru reindex" in keeper.problem  # a section needs no vectors
    assert keeper.ask(ASKED).verdict == "answered"
    assert (ingest.runs, keeper.problem) == (2, "")
