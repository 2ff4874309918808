"""What a model's choice may change: the bounds alone, without a model."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge.decision.confidence import ScoredHit, Thresholds
from knowledge.decision.model_choice import (
    MAX_SHOWN_SECTIONS,
    compute_floor,
    judge_choice,
    list_choosable,
    list_offered,
    match_wording,
    put_first,
)
from knowledge.types import Passage, Verdict
from tests.samples.answers import make_document

THRESHOLDS = Thresholds(say=0.55, offer=0.1)
ABOVE_SAY_FLOOR, BELOW_SAY_FLOOR = 0.39, 0.37  # odds of .55, halved: .379
ABOVE_OFFER_FLOOR, BELOW_OFFER_FLOOR = 0.054, 0.052  # odds of .1, halved: .0526
SURE = {"match": 0.6, "lead": 0.9, "kind": 1.0, "names": 1.0, "known": 0.0}


def scored(confidence: float, document: str = "a", **features: float) -> ScoredHit:
    """A section of `document`; two of the same confidence are the same section."""
    passage = Passage(make_document(document), round(confidence * 1000), ("제목",), "글", "x")
    hit: Any = SimpleNamespace(passage=passage)
    return ScoredHit(hit, confidence, {**SURE, **features})


@pytest.mark.parametrize(
    ("threshold", "floor"), [(0.5, 1 / 3), (0.1, 1 / 19), (0.9, 9 / 11), (0.0, 0.0)]
)
def test_a_choice_counts_as_twice_the_odds(threshold: float, floor: float) -> None:
    assert compute_floor(threshold) == pytest.approx(floor)


@pytest.mark.parametrize("verdict", ["answered", "expired", "out_of_scope", "sealed", "failed"])
def test_nothing_is_chosen_where_nothing_is_unsure(verdict: Verdict) -> None:
    assert list_choosable("물류비?", verdict, [scored(0.5)], THRESHOLDS) == []


def test_what_only_the_askers_own_file_tells_is_not_chosen() -> None:
    own = "제 신청 선정됐나요?"
    assert list_choosable(own, "no_evidence", [scored(0.5)], THRESHOLDS) == []


@pytest.mark.parametrize("verdict", ["offered", "no_evidence"])
def test_only_what_is_above_the_floor_can_be_chosen(verdict: Verdict) -> None:
    above, below = scored(ABOVE_OFFER_FLOOR), scored(BELOW_OFFER_FLOOR)
    assert list_choosable("물류비?", verdict, [below, above], THRESHOLDS) == [above]


def test_at_most_eight_sections_can_be_chosen() -> None:
    many = [scored(0.3 - number / 100) for number in range(12)]
    assert list_choosable("물류비?", "offered", many, THRESHOLDS) == many[:MAX_SHOWN_SECTIONS]
    assert MAX_SHOWN_SECTIONS == 8


@pytest.mark.parametrize(
    ("confidence", "features", "verdict"),
    [
        (ABOVE_SAY_FLOOR, {}, "answered"),
        (BELOW_SAY_FLOOR, {}, "offered"),
        (0.99, {"match": 0.49}, "offered"),
        (0.99, {"lead": 0.49}, "offered"),
        (0.99, {"names": 0.0}, "offered"),
        (0.99, {"kind": 0.0}, "offered"),
    ],
)
def test_a_chosen_section_is_said_only_if_all_but_its_confidence_allows_it(
    confidence: float, features: dict[str, float], verdict: Verdict
) -> None:
    assert judge_choice([scored(confidence, "a", **features)], THRESHOLDS) == verdict


def test_sections_of_two_documents_are_offered() -> None:
    one, other, same = scored(0.5, "a"), scored(0.5, "b"), scored(0.4, "a")
    assert judge_choice([one, other], THRESHOLDS) == "offered"
    assert judge_choice([one, same], THRESHOLDS) == "answered"


def test_the_chosen_one_comes_first_and_nothing_is_lost() -> None:
    first, second, third = scored(0.3), scored(0.2), scored(0.15)
    assert put_first([first, second, third], third) == [third, first, second]
    assert list_offered([first, second, third], [third], THRESHOLDS) == [third, first, second]


def test_however_many_are_chosen_one_moves() -> None:
    """Three wrong ones must not take the places of what the retrieval has first."""
    best, *wrong = [scored(0.3 - number / 100) for number in range(6)]
    assert list_offered([best, *wrong], wrong[2:], THRESHOLDS)[:3] == [wrong[2], best, wrong[0]]


def test_where_nothing_would_be_offered_only_the_chosen_ones_are() -> None:
    first, second = scored(0.08), scored(0.06)
    assert list_offered([first, second], [second], THRESHOLDS) == [second]


def test_a_models_words_find_nothing_that_the_founders_words_did_not() -> None:
    own, foreign = scored(0.06, "a"), scored(0.9, "b")
    surer = replace(own, confidence=0.8)  # the same section, found by other words
    weaker = replace(own, confidence=0.05)
    assert match_wording([foreign, surer], [own], THRESHOLDS) == [own]
    assert match_wording([weaker], [own], THRESHOLDS) == []
