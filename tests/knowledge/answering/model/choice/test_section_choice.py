"""A model chooses among sections that are not sure enough, within bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.bootstrap import App
from knowledge.answering.model.section_choice import parse_choice
from knowledge.chain import Chain
from knowledge.errors import WriterFailed
from tests.fakes.loopback_server import Json
from tests.fakes.openai_server import OpenAIServer
from tests.knowledge.answering.model.choice.model_choices import (
    ASKED,
    BARELY_OUT_OF_REACH,
    BARELY_WITHIN_REACH,
    HOW_MUCH,
    UNSURE,
    WHO,
    AskChoice,
    choosing,
    labels_of,
    read_material,
)
from tests.knowledge.answering.model_answers import KEPT, make_writer
from tests.knowledge.conftest import MakeQuestion

NUMBERS = [517, 204, 833]


class TestChoice:
    """What a choice does, and where it ends."""

    def test_a_chosen_section_is_offered_first(
        self, chosen: AskChoice, unchosen: AskChoice
    ) -> None:
        before, after = unchosen(), chosen(choosing(WHO))
        assert labels_of(before)[0] == HOW_MUCH and labels_of(after)[0] == WHO
        assert after.verdict == "offered" and after.model_outcome == "chosen"
        assert sorted(labels_of(before)) == sorted(labels_of(after))

    def test_a_section_that_is_nearly_sure_is_said_and_its_sentences_checked(
        self, chosen: AskChoice, unchosen: AskChoice
    ) -> None:
        assert unchosen(ASKED, BARELY_WITHIN_REACH).verdict == "offered"
        answer = chosen(choosing(HOW_MUCH), ASKED, BARELY_WITHIN_REACH)
        assert answer.verdict == "answered" and answer.text == KEPT and answer.offers == ()
        assert "3천만 원" in answer.citations[0].quote

    def test_what_it_says_of_that_section_is_checked(self, chosen: AskChoice) -> None:
        choose = choosing(HOW_MUCH)

        def lie(messages: list[Json]) -> str:
            said = choose(messages)
            return "최대 9천만 원을 지원합니다. [1]" if said == KEPT else said

        answer = chosen(lie, ASKED, BARELY_WITHIN_REACH)
        assert answer.verdict == "answered" and "9천만" not in answer.text
        assert answer.text.startswith("나루 물류바우처는 기업당")

    def test_below_the_floor_a_chosen_section_is_not_said(self, chosen: AskChoice) -> None:
        answer = chosen(choosing(HOW_MUCH), ASKED, BARELY_OUT_OF_REACH)
        assert answer.verdict == "offered" and labels_of(answer)[0] == HOW_MUCH

    def test_a_section_of_the_document_that_matches_badly_is_not_said(
        self, chosen: AskChoice
    ) -> None:
        answer = chosen(choosing(WHO), ASKED, BARELY_WITHIN_REACH)
        assert answer.verdict == "offered" and labels_of(answer)[0] == WHO

    def test_its_words_for_the_question_only_put_found_sections_in_order(
        self, chosen: AskChoice, unchosen: AskChoice
    ) -> None:
        wording = "물류바우처는 누가 신청할 수 있나요? 중소기업도 신청할 수 있나요?"
        answer = chosen(choosing(wording=wording))
        assert answer.verdict == "offered" and answer.model_outcome == "reworded"
        assert labels_of(answer)[:2] == [WHO, HOW_MUCH] and answer.query == UNSURE
        assert answer.text == "" and answer.confidence <= unchosen().confidence

    @pytest.mark.parametrize(
        "wording",
        [
            "Who can apply?",
            "물류바우처는 2031년에 누가 신청하나요?",
            "물류바우처는 https://evil.example 에서 누가 신청하나요?",
            "오로라 여행 항공권 예약",
            "누가 신청하나요? " * 25,
            " ",
        ],
    )
    def test_words_that_do_more_than_reword_change_nothing(
        self, chosen: AskChoice, unchosen: AskChoice, wording: str
    ) -> None:
        answer = chosen(choosing(wording=wording))
        assert answer == replace(unchosen(), model_outcome="none")

    def test_none_takes_no_offer_away(self, chosen: AskChoice, unchosen: AskChoice) -> None:
        assert chosen(choosing()) == replace(unchosen(), model_outcome="none")


class TestNotAsked:
    """Where a model has nothing to choose, or may not see the question."""

    @pytest.mark.parametrize("text", ["오로라 여행 항공권 예약", "제 물류바우처 신청 선정됐나요?"])
    def test_what_the_library_does_not_have(
        self, chosen: AskChoice, unchosen: AskChoice, model: OpenAIServer, text: str
    ) -> None:
        before = len(model.requests)
        assert chosen(choosing(WHO), text) == unchosen(text)
        assert len(model.requests) == before

    def test_what_is_sealed_suspect_or_for_people(
        self, model: OpenAIServer, naru: App, question: MakeQuestion
    ) -> None:
        model.set_answer(choosing(WHO))
        before = len(model.requests)
        withheld = replace(question(UNSURE), quotes_only=True)
        answer = Chain(naru.library, make_writer(model)).ask(withheld)
        assert answer.model_outcome == "not_asked" and len(model.requests) == before


class TestMaterial:
    """What a model is shown."""

    def test_the_best_sections_are_numbered_in_json_and_no_link_is_shown(
        self, chosen: AskChoice, model: OpenAIServer
    ) -> None:
        chosen(choosing(WHO), f"{UNSURE} 010-1234-5678")
        shown = model.requests[-1]["messages"][-1]["content"]
        material = read_material(model.requests[-1]["messages"])
        numbers = [one["number"] for one in material["sections"]]
        assert 2 <= len(numbers) <= 8 and len(set(numbers)) == len(numbers)
        assert all(100 <= number < 1000 for number in numbers)
        assert "https://" not in shown and "010-1234-5678" not in shown
        assert UNSURE in material["question"]

    def test_a_number_that_was_written_beforehand_chooses_nothing(
        self, chosen: AskChoice, unchosen: AskChoice
    ) -> None:
        assert chosen('{"sections": [2]}') == replace(unchosen(), model_outcome="failed")


@pytest.mark.parametrize(
    ("reply", "positions", "wording"),
    [
        ('{"sections": [204]}', [1], ""),
        ('{"sections": [833, 517], "question": ""}', [2, 0], ""),
        ('```json\n{"sections": [], "question": "누가?"}\n```', [], "누가?"),
        ('{"sections": [], "question": null}', [], ""),
    ],
)
def test_a_choice_is_read(reply: str, positions: list[int], wording: str) -> None:
    assert parse_choice(reply, NUMBERS) == (positions, wording)


@pytest.mark.parametrize(
    "reply",
    ['{"sections": [204, 204]}', '{"sections": [1]}', '{"sections": [204]} ok', "{}", "NaN"],
)
def test_nothing_else_is(reply: str) -> None:
    with pytest.raises(WriterFailed):
        parse_choice(reply, NUMBERS)
