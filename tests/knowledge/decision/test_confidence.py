"""The confidence of hits, the decision to ask back, and the intents of a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.decision.confidence import (
    Coefficients,
    ConfidenceModel,
    ScoredHit,
    load_coefficients,
)
from knowledge.decision.intents import detect_intents, has_intent_evidence
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from tests.knowledge.conftest import MakeQuestion

ScoreHits = Callable[..., list[ScoredHit]]

COEFFICIENTS = Coefficients(-1.0, {"passage_recall": 2.0}, 0.5, "a test")


@pytest.fixture
def score(library: Library, edition: Edition, question: MakeQuestion) -> ScoreHits:
    retriever = Retriever(library.glossary, library.embedder)
    model = ConfidenceModel(library.glossary)

    def score_hits(text: str, model: ConfidenceModel = model) -> list[ScoredHit]:
        asked = question(text)
        return model.score_hits(asked, retriever.search(edition, asked))

    return score_hits


def test_a_passage_with_all_of_the_question_has_a_higher_confidence(score: ScoreHits) -> None:
    whole = score("원산지 증명은 어디에 물어보나요?")[0]
    part = score("원산지 호텔 예약은 어디서 하나요?")[0]
    assert whole.confidence > part.confidence


def test_the_highest_confidence_comes_first_and_is_a_probability(score: ScoreHits) -> None:
    found = score("물류비는 얼마까지 지원하나요?")
    sure = [one.confidence for one in found]
    assert sure == sorted(sure, reverse=True) and all(0 <= value <= 1 for value in sure)


def test_the_features_are_about_zero_to_one(score: ScoreHits) -> None:
    for one in score("물류비는 얼마까지 지원하나요?"):
        assert all(-1.01 <= value <= 1.6 for value in one.features.values()), one.features


def test_other_coefficients_decide_differently(score: ScoreHits, library: Library) -> None:
    strict = Coefficients(COEFFICIENTS.intercept, COEFFICIENTS.weights, 0.99, "a test")
    glossary = library.glossary
    best = score("원산지 증명은 어디에 물어보나요?", ConfidenceModel(glossary, COEFFICIENTS))[0]
    assert ConfidenceModel(glossary, COEFFICIENTS).is_confident(best)
    assert not ConfidenceModel(glossary, strict).is_confident(best)


def test_the_shipped_coefficients_say_what_made_them() -> None:
    coefficients = load_coefficients()
    assert 0 < coefficients.threshold < 1 and coefficients.weights
    assert "open questions" in coefficients.made_by  # never the locked ones


def test_coefficients_are_read_from_the_file_that_calibration_writes(tmp_path: Path) -> None:
    path = tmp_path / "confidence.yaml"
    path.write_text("made_by: x\nthreshold: 0.3\nintercept: 1.5\nweights: {bm25_ratio: 2}\n")
    assert load_coefficients(path) == Coefficients(1.5, {"bm25_ratio": 2}, 0.3, "x")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("얼마까지 지원되나요?", "amount"),
        ("How much does it cost?", "amount"),
        ("언제까지 신청하나요?", "when"),
        ("When is the deadline?", "when"),
        ("어디에 신청하나요?", "where"),
        ("자부담이 몇 퍼센트예요?", "percent"),
        ("Mất bao lâu?", "duration"),
        ("며칠 걸려요?", "duration"),
    ],
)
def test_a_question_has_intents(text: str, kind: str) -> None:
    assert kind in detect_intents(text)


def test_a_passage_has_evidence_for_an_intent() -> None:
    amount = frozenset({"amount"})
    assert has_intent_evidence("최대 3천만 원까지 지원합니다.", amount) is True
    assert has_intent_evidence("현지 기관과 함께 해결합니다.", amount) is False
    assert has_intent_evidence("최대 3천만 원", frozenset()) is None


def test_a_vague_question_that_several_documents_answer_is_asked_back(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    """Only the decision: the features of the hits are set by hand."""
    model, retriever = (
        ConfidenceModel(library.glossary),
        Retriever(library.glossary, library.embedder),
    )
    short = question("얼마까지 되나요?")
    scored = model.score_hits(
        short, retriever.search(edition, question("물류바우처는 얼마까지 지원하나요?"))
    )
    several = [
        replace(one, hit=replace(one.hit, slot_fits=one.hit.slot_fits[:2]), features={**one.features, "intent_overlap": 1.0})
        for one in scored
    ]  # fmt: skip
    title = several[0].hit.matched_passage.document.title
    assert "물류" in title
    assert model.needs_clarification(
        short, several, [title] * 3
    )  # what many are called tells none apart
    assert not model.needs_clarification(short, several, [title])
    alone = [
        replace(one, features={**one.features, "intent_overlap": 0.0, "title_precision": 1.0})
        for one in several
    ]
    assert not model.needs_clarification(short, alone, ["전혀 다른 제목"])
