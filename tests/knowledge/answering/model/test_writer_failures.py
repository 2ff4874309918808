"""Whatever happens to the model, the founder gets the quotes."""

from __future__ import annotations

import pytest

from adapters.bootstrap import App
from knowledge.answering.model.writer import ModelWriter
from knowledge.chain import Chain
from knowledge.errors import WriterFailed
from knowledge.text.terms import Analyser
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model_answers import (
    ASKED,
    GOOD,
    KEPT,
    AskModel,
    is_quote_only,
    make_planted_passage,
    make_writer,
)
from tests.knowledge.conftest import MakeQuestion


class TestTrouble:
    """Whatever happens to the model, the founder gets the quotes."""

    @pytest.fixture(autouse=True)
    def _would_answer(self, model: OpenAIServer) -> None:
        model.set_answer(GOOD)

    @pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
    def test_refused(self, model: OpenAIServer, answered: AskModel, status: int) -> None:
        before = len(model.requests)
        model.refuse_next(status, n=3, retry_after=30)
        assert is_quote_only(answered(GOOD))
        assert len(model.requests) == before + 1  # there is no second try

    def test_cut_off_mid_sentence(self, model: OpenAIServer, answered: AskModel) -> None:
        model.cut_off_next(20)
        assert is_quote_only(answered(GOOD))

    def test_cut_off_after_a_whole_sentence(self, model: OpenAIServer, answered: AskModel) -> None:
        model.cut_off_next(len(KEPT) + 4)
        answer = answered(GOOD)
        assert is_quote_only(answer) or answer.text == KEPT

    def test_not_json(self, model: OpenAIServer, answered: AskModel) -> None:
        model.garble_next()
        assert is_quote_only(answered(GOOD))

    def test_down(self, model: OpenAIServer, answered: AskModel) -> None:
        model.go_down()
        try:
            assert is_quote_only(answered(GOOD))
        finally:
            model.come_up()

    def test_stalling(self, model: OpenAIServer, naru: App, question: MakeQuestion) -> None:
        model.delay_next(30)
        assert is_quote_only(
            Chain(naru.library, make_writer(model, seconds=0.3)).ask(question(ASKED))
        )

    def test_the_next_question_is_worded_again(
        self, model: OpenAIServer, answered: AskModel
    ) -> None:
        model.refuse_next(500)
        assert is_quote_only(answered(GOOD))
        assert answered(GOOD).text == GOOD

    @pytest.mark.parametrize("name", ["nosuch:model", "gpt-of-no-provider", "anthropic:claude"])
    def test_a_model_that_is_not_there(self, naru: App, question: MakeQuestion, name: str) -> None:
        unknown = ModelWriter(name, base_url=None, api_key="sk-test", timeout_seconds=1.0)
        assert is_quote_only(Chain(naru.library, unknown).ask(question(ASKED)))


def test_a_key_the_provider_does_not_know_stays_out_of_the_words(
    model: OpenAIServer, question: MakeQuestion, analyser: Analyser
) -> None:
    stranger = ModelWriter("openai:gpt-x", base_url=model.base_url, api_key="sk-secret-9")
    with pytest.raises(WriterFailed) as caught:
        stranger.write_sentences(
            question(ASKED), [make_planted_passage("ko", "최대 3천만 원")], analyser
        )
    assert "sk-secret-9" not in str(caught.value) and "AuthenticationError" in str(caught.value)
