"""The confidence of hits: features of which more is better, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.decision.confidence import (
    CONFIDENCE_FEATURES,
    MATCH_FEATURES,
    ConfidenceModel,
    ScoredHit,
    load_coefficients,
    share_matches,
)
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from knowledge.types import LANGUAGES
from tests.knowledge.conftest import MakeQuestion

ScoreHits = Callable[..., list[ScoredHit]]


@pytest.fixture
def score(library: Library, edition: Edition, question: MakeQuestion) -> ScoreHits:
    retriever = Retriever(library.glossary, library.embedder)

    def score_hits(text: str) -> list[ScoredHit]:
        asked = question(text)
        hits = retriever.search(edition, asked)
        return ConfidenceModel().score_hits(asked, hits)

    return score_hits


def test_a_passage_with_all_of_the_question_has_a_higher_confidence(score: ScoreHits) -> None:
    whole = score("원산지 증명은 어디에 물어보나요?")[0]
    part = score("원산지 호텔 예약은 어디서 하나요?")[0]
    assert whole.confidence > part.confidence


def test_the_best_match_comes_first_and_is_a_probability(score: ScoreHits) -> None:
    found = score("물류비는 얼마까지 지원하나요?")
    matches = [one.features["match"] for one in found]
    assert matches == sorted(matches, reverse=True)
    assert all(0 <= one.confidence <= 1 for one in found)


def test_every_feature_is_from_zero_to_one(score: ScoreHits) -> None:
    for text in ("물류비는 얼마까지 지원하나요?", "2019년 다낭 번호", "오로라"):
        for one in score(text):
            assert set(one.features) == {*MATCH_FEATURES, *CONFIDENCE_FEATURES}
            assert all(-0.001 <= value <= 1.001 for value in one.features.values()), one.features


def test_no_weight_is_negative() -> None:
    """More of a feature never counts against a section: confidence.md says why for each."""
    shipped = load_coefficients()
    assert set(shipped.match) == set(MATCH_FEATURES)
    assert set(shipped.confidence) == set(CONFIDENCE_FEATURES)
    assert all(weight >= 0 for weight in (*shipped.match.values(), *shipped.confidence.values()))
    assert shipped.intercept < 0 and "as told" in shipped.made_by


def test_what_is_said_needs_more_confidence_than_what_is_offered() -> None:
    for language in LANGUAGES:
        thresholds = load_coefficients().thresholds[language]
        assert 0 < thresholds.offer < thresholds.say < 1


def test_documents_share_what_speaks_for_them() -> None:
    shares = share_matches([2.0, 2.0, -50.0])
    assert shares == pytest.approx([0.5, 0.5, 0.0])
    assert share_matches([]) == []


def test_rivals_lower_each_others_confidence(
    library: Library, edition: Edition, question: MakeQuestion
) -> None:
    asked = question("물류비는 얼마까지 지원하나요?")
    hits = Retriever(library.glossary, library.embedder).search(edition, asked)
    twin = replace(
        hits[0].passage, document=replace(hits[0].passage.document, id="twin", translation_of=None)
    )
    model = ConfidenceModel()
    alone = model.score_hits(asked, hits[:1])[0]
    among = model.score_hits(asked, [hits[0], replace(hits[0], passage=twin)])[0]
    assert alone.features["lead"] == 1.0 and among.features["lead"] == pytest.approx(0.5)
    assert alone.confidence > among.confidence


def test_coefficients_are_read_from_the_file_that_calibration_writes(tmp_path: Path) -> None:
    path = tmp_path / "confidence.yaml"
    path.write_text(
        "made_by: x\nmatch: {words: 2}\nconfidence: {intercept: -1.5, weights: {match: 3}}\n"
        "thresholds: {ko: {say: 0.6, offer: 0.1}, en: {say: 0.7, offer: 0.2}, "
        "vi: {say: 0.8, offer: 0.3}}\n"
    )
    read = load_coefficients(path)
    assert (read.match, read.intercept, read.confidence) == ({"words": 2}, -1.5, {"match": 3})
    assert (read.thresholds["vi"].say, read.thresholds["en"].offer) == (0.8, 0.2)
