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
    return ScoredHit(
        nothing,
        confidence,
        {
            "coverage": 1.0,
            "names": 1.0,
            "kind": 0.5,
            "known": 0.3,
            "match": 0.6,
            "lead": 0.8,
            **features,
        },
    )


def decide(confidence: float, text: str = ASKED, **features: float) -> str:
    return choose_verdict(text, [make_scored(confidence, **features)], [], THRESHOLDS)[1]


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(0.9, "answered"), (0.6, "answered"), (0.59, "offered"), (0.2, "offered"),
     (0.19, "no_evidence"), (0.0, "no_evidence")],
)  # fmt: skip
def test_three_tiers_by_confidence(confidence: float, verdict: str) -> None:
    assert decide(confidence) == verdict


@pytest.mark.parametrize(
    ("current", "expired", "margin", "verdict"),
    [
        (0.7, 0.9, 0.05, "answered"),  # a closed notice does not silence an open one
        (0.5, 0.9, 0.05, "offered"),
        (0.7, 0.9, 0.3, "expired"),  # it is clearly the closed one that is meant
        (0.1, 0.9, 0.05, "expired"),
        (0.1, 0.5, 0.3, "no_evidence"),
    ],
)
def test_a_closed_notice_is_named_only_where_it_is_clearly_meant(
    current: float, expired: float, margin: float, verdict: str
) -> None:
    found = [make_scored(current, match=0.6)], [make_scored(expired, match=0.6 + margin)]
    assert choose_verdict(ASKED, *found, THRESHOLDS)[1] == verdict


def test_a_closed_notice_alone_is_named_if_it_is_sure() -> None:
    assert choose_verdict(ASKED, [], [make_scored(0.9)], THRESHOLDS)[1] == "expired"
    assert choose_verdict(ASKED, [], [make_scored(0.5)], THRESHOLDS)[1] == "no_evidence"
    assert choose_verdict(ASKED, [], [make_scored(0.9, match=0.3)], THRESHOLDS)[1] == "no_evidence"


def test_what_shares_no_words_is_out_of_scope() -> None:
    assert decide(0.9, coverage=0.15) == "out_of_scope"


def test_the_own_file_is_never_answered_from_documents() -> None:
    assert decide(0.99, text="저희 신청서 심사 결과 나왔나요?") == "no_evidence"


def test_a_section_that_lacks_what_is_named_is_offered_at_most() -> None:
    """Another year or place, no amount where one is asked for: not said, however well it matches."""
    assert decide(0.99, names=0.0) == decide(0.99, kind=0.0) == "offered"
    assert decide(0.1, names=0.0) == decide(0.1, kind=0.0) == "no_evidence"


def test_a_question_that_is_known_as_it_is_asked_has_its_section() -> None:
    assert decide(0.99, kind=0.0, known=0.7) == "answered"
    assert decide(0.99, names=0.0, known=0.7) == "offered"  # of another year it is another question


def test_what_is_only_ahead_of_worse_is_offered_at_most() -> None:
    assert decide(0.99, match=0.4) == "offered"


def test_what_several_documents_answer_alike_is_offered() -> None:
    assert decide(0.99, lead=0.4) == "offered"
