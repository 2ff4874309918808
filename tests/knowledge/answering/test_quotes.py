"""Quotes: exact parts of passages, the one that answers directly first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.answering.quotes import QUOTES_LIMIT_CHARS, extract_quotes, split_units
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from tests.knowledge.conftest import MakeQuestion

ASKED = "물류바우처의 자부담은 얼마예요?"
FILLER = "이 문장은 다른 이야기를 길게 늘어놓는 문장입니다. " * 40
DIRECT = "물류바우처의 자부담은 30%입니다."


@pytest.fixture
def hits(library: Library, edition: Edition, question: MakeQuestion) -> list[Hit]:
    return Retriever(library.glossary, library.embedder).search(edition, question(ASKED))


def replace_text(hit: Hit, text: str) -> Hit:
    passage = replace(hit.passage, text=text)
    return replace(hit, passage=passage, matched_passage=passage)


def test_every_quote_is_an_exact_part_of_its_passage(hits: list[Hit], library: Library) -> None:
    for quote in extract_quotes(hits, library.glossary.analyser):
        assert quote.text and quote.text in quote.passage.text


def test_a_short_passage_is_quoted_whole(hits: list[Hit], library: Library) -> None:
    assert extract_quotes(hits, library.glossary.analyser)[0].text == hits[0].passage.text


def test_of_a_long_passage_the_sentence_that_answers_is_quoted(
    hits: list[Hit], library: Library
) -> None:
    long = replace_text(hits[0], f"{FILLER}{DIRECT} {FILLER}")
    quotes = extract_quotes([long], library.glossary.analyser)
    quoted = " ".join(quote.text for quote in quotes)
    assert DIRECT in quoted and len(quoted) <= QUOTES_LIMIT_CHARS + 100
    assert all(quote.text in long.passage.text for quote in quotes)


def test_other_documents_are_not_mixed_in(hits: list[Hit], library: Library) -> None:
    quotes = extract_quotes(hits, library.glossary.analyser)
    assert {quote.passage.document.id for quote in quotes} == {hits[0].passage.document.id}
    assert any(hit.passage.document.id != hits[0].passage.document.id for hit in hits)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("하나입니다. 둘입니다.", ["하나입니다.", "둘입니다."]),
        ("It is 3.5 percent. Then more.", ["It is 3.5 percent.", "Then more."]),
        ("- 하나\n- 둘\n\n셋", ["- 하나", "- 둘", "셋"]),
        ("| 가 | 나 |\n|---|---|\n| 1 | 2 |", ["| 가 | 나 |\n|---|---|\n| 1 | 2 |"]),
        ("Một câu. Đây là câu hai.", ["Một câu.", "Đây là câu hai."]),
        ("", []),
    ],
)
def test_a_text_falls_into_sentences_items_and_whole_tables(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in split_units(text)] == pieces
