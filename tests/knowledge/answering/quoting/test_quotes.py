"""Quotes: exact parts of passages, those that were asked for, with the conditions that limit them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from knowledge.answering.quoting.quotes import (
    Quote,
    extract_quotes,
    is_verbatim,
    quote_whole,
)
from knowledge.answering.quoting.selection import QUOTES_LIMIT_CHARS
from knowledge.answering.quoting.units import OMISSION
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from knowledge.types import Passage
from tests.knowledge.conftest import MakeQuestion

ASKED = "물류바우처의 자부담은 얼마예요?"
FILLER = "이 문장은 다른 이야기를 길게 늘어놓는 문장입니다. " * 40
DIRECT = "물류바우처의 자부담은 30%입니다."
LIMIT = QUOTES_LIMIT_CHARS["ko"]

Extract = Callable[..., list[Quote]]


@pytest.fixture
def hits(library: Library, edition: Edition, question: MakeQuestion) -> list[Hit]:
    return Retriever(library.glossary, library.embedder).search(edition, question(ASKED))


@pytest.fixture
def extract(library: Library, question: MakeQuestion) -> Extract:
    """The quotes of hits for a question."""

    def extract(
        hits: list[Hit], asked: str = ASKED, limit: int = LIMIT, opening: Passage | None = None
    ) -> list[Quote]:
        analyser = library.glossary.analyser
        return extract_quotes(question(asked), hits, analyser, limit, opening)

    return extract


def replace_text(hit: Hit, text: str, heading: str = "자부담은 얼마인가요?") -> Hit:
    passage = replace(hit.passage, text=text, heading=("나루 물류바우처", heading))
    return replace(hit, passage=passage, matched_passage=passage)


def test_every_quote_is_an_exact_part_of_its_passage(hits: list[Hit], extract: Extract) -> None:
    for quote in extract(hits):
        assert quote.text and is_verbatim(quote.text, quote.passage.text)


def test_a_short_passage_is_quoted_whole(hits: list[Hit], extract: Extract) -> None:
    assert extract(hits)[0].text == hits[0].passage.text


@pytest.mark.parametrize("limit", [60, 120, 270, 400])
def test_of_a_long_passage_the_sentence_that_answers_is_quoted(
    hits: list[Hit], extract: Extract, limit: int
) -> None:
    long = replace_text(hits[0], f"{FILLER}{DIRECT} {FILLER}")
    (quote,) = extract([long], limit=limit)
    assert DIRECT in quote.text and len(quote.text) <= limit
    assert quote.text.startswith(OMISSION) or quote.spans[0][0] == 0
    assert quote.text.endswith(OMISSION) and is_verbatim(quote.text, long.passage.text)


@pytest.mark.parametrize(
    "condition",
    ["다만 2026년에 신청한 기업은 50%를 냅니다.", "단, 대기업은 제외합니다.", "중견기업에는 적용하지 않습니다.",
     "이 비율은 국제운송에 적용되지 않습니다."],
)  # fmt: skip
def test_a_condition_is_not_cut_off_from_what_it_limits(
    hits: list[Hit], extract: Extract, condition: str
) -> None:
    (quote,) = extract([replace_text(hits[0], f"{FILLER}{DIRECT} {condition} {FILLER}")])
    assert f"{DIRECT} {condition}" in quote.text


def test_a_list_is_shown_whole_where_it_fits(hits: list[Hit], extract: Extract) -> None:
    items = "\n".join(f"- 물류바우처의 자부담에 관한 항목 {number}번" for number in range(8))
    text = f"{FILLER}\n물류바우처의 자부담은 다음과 같습니다.\n{items}\n{FILLER}"
    (quote,) = extract([replace_text(hits[0], text)])
    assert items in quote.text and "다음과 같습니다.\n- " in quote.text


def test_where_a_rule_does_not_fit_with_its_condition_nothing_is_quoted_of_it(
    hits: list[Hit], extract: Extract
) -> None:
    endless = "다만 " + "다음과 같은 여러 사정이 있는 기업은 그때마다 다르며 " * 20 + "제외합니다."
    for quote in extract([replace_text(hits[0], f"{DIRECT} {endless}")]):
        assert DIRECT not in quote.text
    assert extract([replace_text(hits[0], endless)]) == []


def test_other_documents_are_not_mixed_in(hits: list[Hit], extract: Extract) -> None:
    own = [hit for hit in hits if hit.passage.document == hits[0].passage.document]
    assert {quote.passage.document.id for quote in extract(own)} == {hits[0].passage.document.id}


def test_a_second_section_is_quoted_only_for_what_the_first_leaves_open(
    hits: list[Hit], extract: Extract
) -> None:
    first = replace_text(hits[0], DIRECT)
    same = replace(replace_text(hits[0], f"{DIRECT} 그렇습니다."), question_f1=0.0)
    assert len(extract([first, same])) == 1
    phone = replace_text(hits[0], "문의는 02-123-4567로 하십시오.", "전화번호는?")
    quotes = extract([first, same, phone], f"{ASKED} 전화번호도요")
    assert [quote.text for quote in quotes] == [DIRECT, phone.passage.text]


@pytest.mark.parametrize(
    ("heading", "asked", "kept"),
    [
        ("물류바우처의 자부담이 있나요?", "물류바우처의 자부담이 있나요", True),
        ("물류바우처의 자부담이 있나요?", "물류바우처 자부담은 얼마예요?", False),
        ("물류바우처의 자부담이 있나요?", "물류바우처의 자부담이 없나요?", False),
    ],
)
def test_a_yes_stays_only_where_its_heading_asks_what_the_founder_asks(
    hits: list[Hit], extract: Extract, heading: str, asked: str, kept: bool
) -> None:
    (quote,) = extract([replace_text(hits[0], f"네, {DIRECT}", heading)], asked)
    assert quote.text == (f"네, {DIRECT}" if kept else f"{OMISSION} {DIRECT}")


def test_an_opening_section_keeps_no_yes_to_another_question(
    hits: list[Hit], extract: Extract
) -> None:
    opening = replace_text(hits[0], f"네, {DIRECT}", "물류비도 지원하나요?").passage
    quote = extract([replace_text(hits[0], DIRECT)], opening=opening)[0]
    assert quote.passage == opening and quote.text == f"{OMISSION} {DIRECT}"


@pytest.mark.parametrize(
    ("quote", "source", "holds"),
    [
        ("가 … 다", "가 나 다", True),
        ("… 나 …", "가 나 다", True),
        ("다 … 가", "가 나 다", False),
        ("가 … 라", "가 나 다", False),
        ("…", "가 나 다", False),
        ("", "가 나 다", False),
        ("가 … 나", "가 … 나", True),
    ],
)
def test_a_quote_is_verbatim_where_all_its_parts_stand_in_order(
    quote: str, source: str, holds: bool
) -> None:
    assert is_verbatim(quote, source) is holds


def test_a_whole_passage_has_no_marks(hits: list[Hit]) -> None:
    assert quote_whole(hits[0].passage).text == hits[0].passage.text


def test_the_header_of_a_table_comes_with_its_rows(hits: list[Hit], extract: Extract) -> None:
    first = "기업은 운임의 30%를 냅니다."
    table = "| 해 | 접수 |\n|---|---|\n| 2025 | 많음 |\n| 2026 | 적음 |"
    after = "확인되지 않은 다른 조건은 공고에서 확인하시기 바랍니다. " * 8
    (quote,) = extract([replace_text(hits[0], f"{first}\n\n{table}\n\n{after}")], limit=150)
    assert "| 2026 |" in quote.text or "|---|" not in quote.text
