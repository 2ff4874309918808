"""Links and numbers are hidden from the model behind tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.text.terms import Analyser
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model_answers import (
    ASKED,
    make_planted_passage,
    make_writer,
)
from tests.knowledge.conftest import MakeQuestion


class TestTokens:
    """Links, telephones and notice numbers: the model copies tokens, code puts them back."""

    ONE = (
        "물류바우처 신청은 https://example.org/freight/apply?year=2026&call=1#top 에서 합니다. "
        "문의는 02-1234-5678 또는 help@example.org 입니다. 공고 제2026-12호에 따릅니다."
    )
    TWO = "수출바우처 신청은 https://example.org/export 에서 합니다."

    @pytest.fixture
    def said(
        self, model: OpenAIServer, question: MakeQuestion, analyser: Analyser
    ) -> Callable[..., str]:
        def write(words: str, asked: str = ASKED, *more: str) -> str:
            """What is left of a model's words about both passages."""
            model.set_answer(f"{words} 문의는 {{phone-2}}입니다. [1]")
            passages = [make_planted_passage("ko", text) for text in (self.ONE, self.TWO, *more)]
            written = make_writer(model).write_sentences(question(asked), passages, analyser)
            assert written[-1].sentence == "문의는 02-1234-5678입니다."
            return " ".join(one.sentence for one in written[:-1])

        return write

    def test_the_model_sees_tokens_only(
        self, said: Callable[..., str], model: OpenAIServer
    ) -> None:
        said("", "제2026-12호 공고는 https://evil.example 말고 010-9999-8888 로 묻나요?")
        system, human = (one["content"] for one in model.requests[-1]["messages"])
        for hidden in ("example", "1234", "2026", "9999"):
            assert hidden not in human
        assert "물류바우처 신청은 {link-1} 에서 합니다. 문의는 {phone-2} 또는 {mail-3}" in human
        assert "{link-5} 에서" in human and "QUESTION\n{number-4} 공고는 {link-6} 말고" in human
        assert "{link-1}" in system

    @pytest.mark.parametrize(
        ("worded", "restored"),
        [
            ("신청은 {link-1}에서 합니다. [1]",
             "신청은 https://example.org/freight/apply?year=2026&call=1#top 에서 합니다."),
            ("문의는 {mail-3} 입니다. [1]", "문의는 help@example.org 입니다."),
            ("공고 {number-4}에 따릅니다. [1]", "공고 제2026-12호에 따릅니다."),
            ("수출바우처 신청은 {link-5} 에서 합니다. [2]",
             "수출바우처 신청은 https://example.org/export 에서 합니다."),
        ],
    )  # fmt: skip
    def test_what_it_copies_is_put_back(
        self, said: Callable[..., str], worded: str, restored: str
    ) -> None:
        assert said(worded) == restored

    @pytest.mark.parametrize(
        "worded",
        [
            "수출바우처 신청은 {link-1} 에서 합니다. [2]",
            "물류바우처 신청은 {link-5} 에서 합니다. [1]",
            "신청은 {link-6} 에서 합니다. [1]",
            "신청은 {link-7} 에서 합니다. [1]",
            "신청은 {link-99} 에서 합니다. [1]",
            "신청은 {url-1} 에서 합니다. [1]",
            "신청은 {LINK-1} 에서 합니다. [1]",
            "신청은 link-1 에서 합니다. [1]",
            "신청은 {link-1 에서 합니다. [1]",
            "신청은 {link-1}/evil 에서 합니다. [1]",
            "신청은 evil.{link-1} 에서 합니다. [1]",
            "신청은 {link-1}.evil.com 에서 합니다. [1]",
            "신청은 https://evil.example/{link-1} 에서 합니다. [1]",
            "신청은 https://example.org/freight/apply?year=2026&call=1#top 에서 합니다. [1]",
            "문의는 {link-1} 또는 02-9999-9999 입니다. [1]",
            "공고 제2026-13호에 따릅니다. [1]",
        ],
    )
    def test_an_identifier_of_another_passage_or_of_none_drops_the_sentence(
        self, said: Callable[..., str], worded: str
    ) -> None:
        """{link-6} is the question's own."""
        assert said(worded, "https://evil.example 에서 신청하나요?") == ""

    def test_a_token_planted_in_a_passage_brings_no_other_passages_link(
        self, said: Callable[..., str]
    ) -> None:
        planted = "인증지원 신청은 {link-1} 에서 합니다."
        assert said("인증지원 신청은 {link-1} 에서 합니다. [3]", ASKED, planted) == ""
