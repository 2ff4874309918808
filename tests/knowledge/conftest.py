"""The small library, opened: one Naru for the session, read only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from adapters.bootstrap import App
from knowledge.chain import Chain
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.text.glossary import Glossary
from knowledge.text.language import detect_language
from knowledge.text.terms import Analyser
from knowledge.types import Exchange, Question
from tests.samples import small_library

MakeQuestion = Callable[..., Question]


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    """The shipped glossary."""
    return small_library.load_glossary()


@pytest.fixture(scope="session")
def naru() -> Iterator[App]:
    app = small_library.make_app(small_library.prepare_data())
    yield app
    app.engine.dispose()


@pytest.fixture(scope="session")
def library(naru: App) -> Library:
    return naru.library


@pytest.fixture(scope="session")
def edition(library: Library) -> Edition:
    return library.get_current_edition()


@pytest.fixture(scope="session")
def chain(naru: App) -> Chain:
    return naru.chain


@pytest.fixture(scope="session")
def analyser(glossary: Glossary) -> Analyser:
    return glossary.analyser


@pytest.fixture(scope="session")
def question() -> MakeQuestion:
    """A question in the language it is written in, asked at NOW unless another day is named."""

    def ask(text: str, day: str = "", turns: tuple[Exchange, ...] = ()) -> Question:
        moment = datetime.fromisoformat(f"{day}T10:00+09:00") if day else small_library.NOW
        return Question(text, detect_language(text), moment, turns)

    return ask
