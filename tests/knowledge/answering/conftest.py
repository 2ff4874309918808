"""A model on loopback, and what a founder gets when it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from adapters.bootstrap import App
from knowledge.chain import Chain
from knowledge.types import Answer
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model_answers import (
    ASKED,
    make_writer,
)
from tests.knowledge.conftest import MakeQuestion


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(api_key="sk-test") as running:
        yield running


@pytest.fixture
def model(server: OpenAIServer) -> OpenAIServer:
    server.clear_faults()
    return server


@pytest.fixture
def answered(model: OpenAIServer, naru: App, question: MakeQuestion) -> Callable[..., Answer]:
    """What a founder gets when the model says this."""
    chain = Chain(naru.library, make_writer(model))

    def ask(said: str, text: str = ASKED, show: Callable[[str], None] | None = None) -> Answer:
        model.set_answer(said)
        return chain.ask(question(text), show)

    return ask
