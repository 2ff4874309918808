"""Say it, offer it, or hand it over."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.decision.confidence import ScoredHit, Thresholds
from knowledge.decision.verdict import choose_verdict

THRESHOLDS = Thresholds(say=0.6, offer=0.2)
ASKED = "물류비는 얼마까지 지원하나요?"


def make_scored(confidence: float, **features: float) -> ScoredHit:
    nothing: Any = None
    return ScoredHit(nothing, confidence, {"coverage": 1.0, "names": 1.0, "kind": 0.5, **features})


def decide(
    current: float | None, expired: float | None = None, text: str = ASKED, **features: float
) -> str:
    found = [
        [] if confidence is None else [make_scored(confidence, **features)]
        for confidence in (current, expired)
    ]
    return choose_verdict(text, found[0], found[1], THRESHOLDS)[1]


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(0.9, "answered"), (0.6, "answered"), (0.59, "offered"), (0.2, "offered"),
     (0.19, "no_evidence"), (0.0, "no_evidence")],
)  # fmt: skip
def test_three_tiers_by_confidence(confidence: float, verdict: str) -> None:
    assert decide(confidence) == verdict


@pytest.mark.parametrize(
    ("current", "expired", "verdict"),
    [
        (0.7, 0.8, "answered"),  # a closed notice does not silence an open one
        (0.5, 0.6, "offered"),
        (0.3, 0.9, "expired"),  # it is clearly the closed one that is meant
        (0.1, 0.5, "no_evidence"),
        (None, 0.9, "expired"),
        (None, 0.5, "no_evidence"),
        (0.1, 0.65, "expired"),
    ],
)
def test_a_closed_notice_is_named_only_where_it_is_clearly_meant(
    current: float | None, expired: float | None, verdict: str
) -> None:
    assert decide(current, expired) == verdict


def test_what_shares_no_words_is_out_of_scope() -> None:
    assert decide(0.9, coverage=0.15) == "out_of_scope"


def test_the_own_file_is_never_answered_from_documents() -> None:
    assert decide(0.99, text="저희 신청서 심사 결과 나왔나요?") == "no_evidence"


@pytest.mark.parametrize("feature", ["names", "kind"])
def test_a_section_that_lacks_what_is_named_is_offered_at_most(feature: str) -> None:
    """Another year or place, no amount where one is asked for: not said, however well it matches."""
    assert decide(0.99, **{feature: 0.0}) == "offered"
    assert decide(0.1, **{feature: 0.0}) == "no_evidence"
