"""Which passages are found; the order of obvious cases, in and across languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from tests.knowledge.conftest import MakeQuestion

FindHits = Callable[..., list[Hit]]


@pytest.fixture(scope="module")
def retriever(library: Library) -> Retriever:
    return Retriever(library.glossary, library.embedder)


@pytest.fixture
def found(retriever: Retriever, edition: Edition, question: MakeQuestion) -> FindHits:
    def search(text: str, count: int = 12) -> list[Hit]:
        return retriever.search(edition, question(text), count)

    return search


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("물류비는 얼마까지 지원하나요?", "freight"),
        ("물류바우처의 자부담이 몇 퍼센트인가요?", "freight"),
        ("원산지 증명은 어디에 물어보나요?", "origin"),
        ("협의체가 뭐 하는 곳이에요?", "body"),
        ("How much freight support is there?", "freight-en"),
        ("Who collects unpaid export money for us?", "debt-en"),
        ("Hoàn thuế giá trị gia tăng mất bao lâu?", "refund-vi"),
        ("hoan thue gia tri gia tang mat bao lau", "refund-vi"),
    ],
)
def test_the_right_document_comes_first(found: FindHits, text: str, document: str) -> None:
    assert found(text)[0].passage.document.id == document


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("부가가치세 환급은 며칠 걸리나요?", "refund-vi"),
        ("How long does a VAT refund take?", "refund-vi"),
        ("수출 미수금을 회수해 주는 곳이 있나요?", "debt-en"),
        ("Where can I ask about certificates of origin?", "origin"),
    ],
)
def test_a_passage_in_another_language_is_found(found: FindHits, text: str, document: str) -> None:
    assert document in [hit.passage.document.id for hit in found(text)[:2]]


def test_of_translations_the_one_in_the_askers_language_is_shown(found: FindHits) -> None:
    korean = [hit.passage.document.id for hit in found("물류비는 얼마까지 지원하나요?")]
    english = [hit.passage.document.id for hit in found("How much freight support is there?")]
    assert "freight" in korean and "freight-en" not in korean
    assert "freight-en" in english and "freight" not in english


def test_korean_particles_do_not_change_what_is_found(found: FindHits) -> None:
    one, other = found("원산지 증명 상담"), found("원산지의 증명을 상담은요?")
    assert one[0].passage == other[0].passage


def test_hits_come_best_first_and_no_more_than_asked(found: FindHits) -> None:
    hits = found("물류비 지원", 3)
    assert 0 < len(hits) <= 3
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1.01 for score in scores)


def test_each_hit_has_its_slot_fits(found: FindHits) -> None:
    best = found("물류비 오로라")[0]
    assert any(fit.score > 0 for fit in best.slot_fits) and any(
        not fit.in_library for fit in best.slot_fits
    )


@pytest.mark.parametrize("text", ["", "???", "그럼요", "ㅋㅋㅋ"])
def test_a_question_without_terms_does_not_break_the_search(found: FindHits, text: str) -> None:
    assert isinstance(found(text), list)


def test_an_unanswerable_known_question_is_recognised(found: FindHits) -> None:
    unanswerable = found("물류바우처 담당자 직통번호 좀요")[0]
    answered = found("물류바우처는 누가 신청할 수 있나요?")[0]
    assert unanswerable.denied_similarity > 0.7 > 0.5 > answered.denied_similarity
    assert unanswerable.answered_share < answered.answered_share


def test_a_known_question_that_is_left_out_is_not_matched(
    library: Library, question: MakeQuestion
) -> None:
    """Calibration asks known questions of an edition that must not have them."""
    text = "물류바우처 담당자 직통번호 좀 알려주세요"
    number = library.get_current_edition().number
    retriever = Retriever(library.glossary, library.embedder)
    without = retriever.search(library.open_edition(number, {text}), question(text))[0]
    with_it = retriever.search(library.open_edition(number), question(text))[0]
    assert with_it.denied_similarity > 0.99 and without.denied_similarity < 0.1


def test_what_a_left_out_question_says_does_not_count_either(
    library: Library, question: MakeQuestion
) -> None:
    text = "수출 80만불인데 물류바우처 되나요"
    number = library.get_current_edition().number
    retriever = Retriever(library.glossary, library.embedder)
    known = [
        next(
            hit.question_terms
            for hit in retriever.search(library.open_edition(number, left_out), question(text))
            if hit.passage.heading[-1] == "누가 신청할 수 있나요?"
        )
        for left_out in (set[str](), {text})
    ]
    assert known[1] < known[0]


def test_a_section_has_the_score_of_the_best_one_of_its_document(found: FindHits) -> None:
    hits = found("물류바우처의 자부담이 몇 퍼센트인가요?")
    best: dict[str, float] = {}
    for hit in hits:
        name = hit.passage.document.base_id
        best[name] = max(best.get(name, 0.0), hit.score)
    assert any(hit.score < hit.document_score for hit in hits)
    assert all(hit.document_score == best[hit.passage.document.base_id] for hit in hits)


def test_nearness_is_the_share_of_the_best_cosine(found: FindHits) -> None:
    hits = found("원산지 증명은 어디에 물어보나요?")
    best = max(hit.similarity or 0.0 for hit in hits)
    for hit in hits:
        assert hit.nearness == pytest.approx(max(0.0, hit.similarity or 0.0) / best, abs=1e-5)
