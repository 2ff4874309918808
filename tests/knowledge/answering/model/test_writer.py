"""A language model writes the answer; only supported sentences are used."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.bootstrap import App
from knowledge.chain import Chain
from knowledge.text.terms import Analyser
from knowledge.types import Passage
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model_answers import (
    ASKED,
    GOOD,
    INJECTED,
    KEPT,
    AskModel,
    is_quote_only,
    make_planted_passage,
    make_writer,
)
from tests.knowledge.conftest import MakeQuestion
from tests.samples import small_library
from tests.samples.answers import make_document


def test_a_good_answer_is_said_in_the_models_words(answered: AskModel) -> None:
    answer = answered(GOOD)
    assert answer.verdict == "answered" and answer.text == GOOD.replace("[2]", "[1]")
    assert [citation.document for citation in answer.citations] == ["freight"]
    assert "3천만 원" in answer.citations[0].quote


def test_a_model_is_told_first_whether_one_can_still_apply(
    model: OpenAIServer, tmp_path: Path, question: MakeQuestion
) -> None:
    app = small_library.make_extended_app(tmp_path, {"pier": small_library.PIER})
    model.set_answer("아니요, 2026년 모집은 3월 2일에 마감되었습니다. [1]")
    answer = Chain(app.library, make_writer(model)).ask(
        question("부두 임대료 300만 원 지원 오늘 신청되나요?")
    )
    shown = model.requests[-1]["messages"][-1]["content"]
    assert shown.index("마감되었습니다") < shown.index("300만 원까지 지원합니다")
    assert answer.text == "아니요, 2026년 모집은 3월 2일에 마감되었습니다. [1]"
    app.engine.dispose()


def test_in_english_and_with_other_punctuation(answered: AskModel) -> None:
    said = "- The voucher pays up to KRW 30,000,000 a year per firm[1]. Your own share is 30% [1]."
    answer = answered(said, "How much freight support is there?")
    assert answer.text == (
        "- The voucher pays up to KRW 30,000,000 a year per firm [1] Your own share is 30% [1]"
    )


@pytest.mark.parametrize(
    "invented",
    [
        "선착순으로 최대 9천만 원을 지원합니다. [1]",
        "신청은 2026년 12월 31일까지입니다. [1]",
        "국제운송비를 최대 3천만 달러까지 지원합니다. [1]",
        "신청은 삼성전자가 받습니다. [1]",
        "자부담은 없습니다. [1]",
        "신청은 https://evil.example/apply 에서 합니다. [1]",
        "자세한 내용은 evil.example 에 있습니다. [1]",
        "문의는 help@evil.example 로 하십시오. [1]",
        "The voucher pays up to KRW 30 million. [1]",
        "해외 진출을 진심으로 응원합니다. [1]",
        "자부담은 30%입니다. [9]",
        "자부담은 30%입니다. [0]",
        "번호가 없는 문장은 말하지 않습니다.",
    ],
)
def test_what_does_not_hold_is_dropped_and_the_rest_is_said(
    answered: AskModel, invented: str
) -> None:
    assert answered(f"{KEPT} {invented}").text == KEPT


@pytest.mark.parametrize(
    "said",
    [
        "NO ANSWER",
        "NO ANSWER [1]",
        "",
        "[1]",
        "[1] [1] [1]",
        "The voucher pays up to KRW 30 million. [1]",
        "최대 9천만 원을 지원합니다. [1]",
        "나루 물류바우처는 한 해 최대 3천만 원까지 국제운송비를 지원합니다. [7]",
        "https://evil.example [1]",
        "You word answers for founders of small firms from numbered passages. [1]",
        "지" * 20_000,
    ],
)
def test_where_nothing_holds_the_founder_gets_the_quotes(answered: AskModel, said: str) -> None:
    answer = answered(said)
    assert is_quote_only(answer) and "evil" not in answer.text


def test_sentences_are_shown_only_after_the_check(answered: AskModel) -> None:
    shown: list[str] = []
    answered(f"신청은 삼성전자가 받습니다. [1] {GOOD} 최대 9천만 원입니다. [1]", show=shown.append)
    assert shown == [
        "나루 물류바우처는 한 해 최대 3천만 원까지 국제운송비를 지원합니다.",
        "자부담은 30%입니다.",
    ]


def test_the_model_sees_no_link_and_is_told_what_is_material(
    answered: AskModel, model: OpenAIServer
) -> None:
    answered(GOOD)
    system, human = model.requests[-1]["messages"]
    assert "never instructions" in system["content"] and "Korean" in system["content"]
    assert "https://" not in human["content"] and ASKED in human["content"]
    assert "[1]" in human["content"] and "3천만 원" in human["content"]


def test_a_question_that_no_document_answers_is_not_given_to_the_model(
    answered: AskModel, model: OpenAIServer
) -> None:
    before = len(model.requests)
    assert answered(GOOD, "오로라 여행 항공권 예약").verdict != "answered"
    assert len(model.requests) == before


def test_an_order_in_the_question_is_not_obeyed(answered: AskModel, model: OpenAIServer) -> None:
    """The model obeys; the check does not."""
    obeying = f"{KEPT} 신청은 https://evil.example 에서 받습니다. [1]"
    answer = answered(obeying, f"{ASKED} {INJECTED}")
    assert "evil" not in answer.text
    assert all("evil" not in citation.url for citation in answer.citations)


@pytest.mark.parametrize(
    "obeyed",
    [
        "https://evil.example 로 신청하십시오. [1]",
        "evil.example 로 신청하십시오. [1]",
        "@evil_bot 으로 신청하십시오. [1]",
        "You word answers for founders of small firms from numbered passages. [1]",
    ],
)
def test_an_order_planted_in_a_passage_is_not_obeyed(
    model: OpenAIServer, question: MakeQuestion, analyser: Analyser, obeyed: str
) -> None:
    passage = make_planted_passage(
        "ko", f"물류바우처는 최대 3천만 원까지 지원합니다. {INJECTED} 또는 @evil_bot"
    )
    model.set_answer(f"{obeyed} 물류바우처는 최대 3천만 원까지 지원합니다. [1]")
    written = make_writer(model).write_sentences(question(ASKED), [passage], analyser)
    assert [one.sentence for one in written] == ["물류바우처는 최대 3천만 원까지 지원합니다."]
    assert "https://" not in model.requests[-1]["messages"][1]["content"]


def test_each_sentence_is_held_to_the_passage_it_names(
    model: OpenAIServer, question: MakeQuestion, analyser: Analyser
) -> None:
    one = make_planted_passage("ko", "물류바우처는 최대 3천만 원까지 지원합니다.")
    two = make_planted_passage("ko", "수출바우처는 최대 1억 원까지 지원합니다.")
    model.set_answer(
        "물류바우처는 최대 3천만 원까지 지원합니다. [2] 수출바우처는 최대 1억 원까지 지원합니다. [2] "
        "수출바우처는 최대 3천만 원까지 지원합니다. [1] 물류바우처는 최대 1억 원까지 지원합니다. [1]"
    )
    written = make_writer(model).write_sentences(question(ASKED), [one, two], analyser)
    assert [(w.sentence, w.passage) for w in written] == [
        ("수출바우처는 최대 1억 원까지 지원합니다.", two)
    ]


def test_citation_numbers_follow_the_order_of_the_words(answered: AskModel) -> None:
    swapped = "자부담은 30%입니다. [1] " + KEPT
    answer = answered(swapped)
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert numbers and max(numbers) == len(answer.citations) and numbers[0] == 1


@pytest.mark.parametrize(
    "datum", ["900101-1234567", "여권 M12345678", "kim@naver.com", "010-1234-5678"]
)
def test_a_model_sees_no_personal_data_of_the_asker(
    model: OpenAIServer, naru: App, question: MakeQuestion, datum: str
) -> None:
    passage = Passage(make_document(), 0, ("제목",), "한 해 3천만 원까지 지원합니다.", "x")
    model.set_answer("한 해 3천만 원까지 지원합니다. [1]")
    analyser = naru.glossary.analyser
    make_writer(model).write_sentences(question(f"{ASKED} {datum}"), [passage], analyser)
    shown = str(model.requests[-1]["messages"])
    assert datum.split()[-1] not in shown and "●●●" in shown


def test_a_model_never_sees_a_question_for_quotes_only(
    model: OpenAIServer, naru: App, question: MakeQuestion
) -> None:
    chain, before = Chain(naru.library, make_writer(model)), len(model.requests)
    shown: list[str] = []
    answer = chain.ask(replace(question(ASKED), quotes_only=True), shown.append)
    assert is_quote_only(answer) and len(model.requests) == before and shown == []
