"""The numbering of an edition's texts, and which of them are embedded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import (
    MIN_GLOSS_SHARE,
    build_index_text,
    compute_text_key,
    list_known_questions,
    number_texts,
    select_embedding_texts,
)
from knowledge.types import Document, Language, Passage

KOREAN = Document(id="a", title="물류", issuer="", language="ko", url="")
ENGLISH = replace(KOREAN, id="a-en", title="Freight", language="en", translation_of="a")
ALONE = replace(KOREAN, id="b", title="환급")


def make_passage(document: Document, heading: str, ord: int = 0, **texts: tuple[str, ...]) -> Passage:  # fmt: skip
    path = (document.title, heading) if heading else (document.title,)
    return Passage(document, ord, path, f"{document.id} text {ord}", f"sha-{document.id}{ord}", **texts)  # type: ignore[arg-type]  # fmt: skip


PASSAGES = (
    make_passage(KOREAN, "얼마까지 지원하나요?", asked=("how much is it",), unanswered=("번호 알려주세요",)),
    make_passage(KOREAN, "①", 1),
    make_passage(ENGLISH, "How much?"),
    make_passage(ALONE, "", asked=("환급 되나요",)),
)  # fmt: skip


class FixedGlosser:
    """Glosses every text as "gloss" and knows `share` of it."""

    def __init__(self, share: float) -> None:
        self.share = share

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        return "gloss", self.share


def test_known_questions_are_headings_other_wordings_and_unanswerable_ones_in_order() -> None:
    listed = [(q.position, q.text, q.language, q.is_answered) for q in list_known_questions(PASSAGES)]  # fmt: skip
    assert listed == [
        (0, "얼마까지 지원하나요?", "ko", True),
        (0, "how much is it", "en", True),
        (0, "번호 알려주세요", "ko", False),
        (2, "How much?", "en", True),
        (3, "환급 되나요", "ko", True),
    ]


def test_passages_are_numbered_before_known_questions_without_a_gap() -> None:
    numbered = number_texts(PASSAGES)
    assert [one.number for one in numbered] == list(range(9))
    assert [one.position for one in numbered] == [0, 1, 2, 3, 0, 0, 0, 2, 3]
    assert [one.text for one in numbered[:4]] == [build_index_text(one) for one in PASSAGES]
    assert [one.question for one in numbered[:4]] == [None] * 4
    assert [one.question for one in numbered[4:]] == list_known_questions(PASSAGES)


def test_a_model_of_every_language_reads_every_text_as_it_is() -> None:
    texts = select_embedding_texts(PASSAGES, None)
    assert texts == {one.number: one.text for one in number_texts(PASSAGES)}


def test_an_english_model_reads_english_and_glosses_of_untranslated_passages() -> None:
    texts = select_embedding_texts(PASSAGES, FixedGlosser(MIN_GLOSS_SHARE))
    assert texts == {
        1: "gloss",
        2: build_index_text(PASSAGES[2]),
        3: "gloss",
        5: "how much is it",
        7: "How much?",
    }


def test_a_gloss_of_too_few_known_words_is_not_embedded() -> None:
    assert set(select_embedding_texts(PASSAGES, FixedGlosser(MIN_GLOSS_SHARE - 0.01))) == {2, 5, 7}


@pytest.mark.parametrize("left_out", [frozenset[str](), frozenset({"how much is it"})])
def test_an_edition_gives_every_vector_the_passage_that_its_text_was_embedded_for(
    left_out: frozenset[str],
) -> None:
    numbered = number_texts(PASSAGES)
    terms = {compute_text_key(one.text): one.text.split() for one in numbered}
    edition = Edition(1, PASSAGES, terms, None, left_out)
    expected = {
        one.number: one.position
        for one in numbered
        if one.question is None or (one.question.is_answered and one.text not in left_out)
    }
    assert edition.passage_by_vector == expected
    assert edition.unanswerable_vectors == {6}
    questions = {one.number for one in numbered if edition.is_question_vector(one.number)}
    assert questions == {4, 5, 6, 7, 8} - {5 for _ in left_out}
    english = {one.number for one in numbered if edition.is_english_vector(one.number)}
    assert english == {2, 5, 7} - {5 for _ in left_out}
