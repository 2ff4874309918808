"""Whether what was found is enough, and what kind of thing a question wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.retrieval.confidence import (
    Coefficients,
    ConfidenceModel,
    ScoredHit,
    load_coefficients,
)
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.intents import detect_intents, has_intent_evidence
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from tests.knowledge.conftest import MakeQuestion

WeighHits = Callable[..., list[ScoredHit]]

LEARNED = Coefficients(-1.0, {"passage_recall": 2.0}, 0.5, "a test")


@pytest.fixture
def weighed(library: Library, edition: Edition, question: MakeQuestion) -> WeighHits:
    retriever = Retriever(library.glossary, library.embedder)
    grounds = ConfidenceModel(library.glossary)

    def weigh(text: str, grounds: ConfidenceModel = grounds) -> list[ScoredHit]:
        asked = question(text)
        return grounds.score_hits(asked, retriever.search(edition, asked))

    return weigh


def test_what_is_asked_whole_is_surer_than_what_is_asked_in_part(weighed: WeighHits) -> None:
    whole = weighed("원산지 증명은 어디에 물어보나요?")[0]
    part = weighed("원산지 호텔 예약은 어디서 하나요?")[0]
    assert whole.confidence > part.confidence


def test_the_surest_comes_first_and_confidence_is_a_probability(weighed: WeighHits) -> None:
    found = weighed("물류비는 얼마까지 지원하나요?")
    sure = [one.confidence for one in found]
    assert sure == sorted(sure, reverse=True) and all(0 <= value <= 1 for value in sure)


def test_the_features_are_about_nought_to_one(weighed: WeighHits) -> None:
    for one in weighed("물류비는 얼마까지 지원하나요?"):
        assert all(-1.01 <= value <= 1.6 for value in one.features.values()), one.features


def test_other_coefficients_decide_otherwise(weighed: WeighHits, library: Library) -> None:
    strict = Coefficients(LEARNED.intercept, LEARNED.weights, 0.99, "a test")
    glossary = library.glossary
    best = weighed("원산지 증명은 어디에 물어보나요?", ConfidenceModel(glossary, LEARNED))[0]
    assert ConfidenceModel(glossary, LEARNED).is_confident(best)
    assert not ConfidenceModel(glossary, strict).is_confident(best)


def test_the_shipped_coefficients_say_what_made_them() -> None:
    learned = load_coefficients()
    assert 0 < learned.threshold < 1 and learned.weights
    assert "open questions" in learned.made_by  # never the locked ones


def test_coefficients_are_read_from_the_file_that_calibration_writes(tmp_path: Path) -> None:
    path = tmp_path / "grounds.yaml"
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
def test_a_question_wants_a_kind_of_thing(text: str, kind: str) -> None:
    assert kind in detect_intents(text)


def test_a_passage_shows_the_kind_of_thing_it_has() -> None:
    amount = frozenset({"amount"})
    assert has_intent_evidence("최대 3천만 원까지 지원합니다.", amount) is True
    assert has_intent_evidence("현지 기관과 함께 해결합니다.", amount) is False
    assert has_intent_evidence("최대 3천만 원", frozenset()) is None


def test_little_asked_of_several_documents_is_asked_back(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    """The decision alone: which kind of question headings ask is told by the weighed hits."""
    grounds, retriever = (
        ConfidenceModel(library.glossary),
        Retriever(library.glossary, library.embedder),
    )
    short = question("얼마까지 되나요?")
    weighed = grounds.score_hits(
        short, retriever.search(edition, question("물류바우처는 얼마까지 지원하나요?"))
    )
    several = [
        replace(one, hit=replace(one.hit, slot_fits=one.hit.slot_fits[:2]), features={**one.features, "intent_overlap": 1.0})
        for one in weighed
    ]  # fmt: skip
    title = several[0].hit.matched_passage.document.title
    assert "물류" in title
    assert grounds.needs_clarification(
        short, several, [title] * 3
    )  # what many are called tells none apart
    assert not grounds.needs_clarification(short, several, [title])
    alone = [
        replace(one, features={**one.features, "intent_overlap": 0.0, "title_precision": 1.0})
        for one in several
    ]
    assert not grounds.needs_clarification(short, alone, ["전혀 다른 제목"])
