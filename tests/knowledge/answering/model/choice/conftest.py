"""What a founder gets with a model that chooses, and without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from adapters.bootstrap import App
from knowledge.chain import Chain
from knowledge.types import Answer
from tests.fakes.loopback_server import Json
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model.choice.model_choices import UNSURE, AskChoice, with_say
from tests.knowledge.answering.model_answers import make_writer
from tests.knowledge.conftest import MakeQuestion


@pytest.fixture
def chosen(model: OpenAIServer, naru: App, question: MakeQuestion) -> Iterator[AskChoice]:
    """What a founder gets when the model answers so."""

    def ask(
        answer: str | Callable[[list[Json]], str], text: str = UNSURE, say: float = 0.9,
        seconds: float = 10.0,
    ) -> Answer:  # fmt: skip
        model.set_answer(answer)
        return Chain(naru.library, make_writer(model, seconds), with_say(say)).ask(question(text))

    yield ask
    model.set_piece_pause(0)


@pytest.fixture
def unchosen(naru: App, question: MakeQuestion) -> AskChoice:
    """What a founder gets without a model."""
    return lambda text=UNSURE, say=0.9: Chain(naru.library, None, with_say(say)).ask(question(text))
