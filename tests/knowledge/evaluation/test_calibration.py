"""Fitting the confidence to questions whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.decision.confidence import (
    CONFIDENCE_FEATURES,
    MATCH_FEATURES,
    Thresholds,
    load_coefficients,
)
from knowledge.evaluation.calibration import (
    BestMatch,
    choose_thresholds,
    compute_auroc,
    compute_harm,
    find_best_match,
    fit_coefficients,
    write_coefficients,
)
from knowledge.evaluation.exam import ExamQuestion, list_told_files, read_exam
from knowledge.evaluation.training import QuestionCollector, TrainingQuestion, list_phrases
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from knowledge.types import LANGUAGES, Language
from tests.samples import small_library

NAMES = tuple(dict.fromkeys((*MATCH_FEATURES, *CONFIDENCE_FEATURES[2:])))
EXAM = [
    ExamQuestion("a", "ko", "물류비는 얼마까지 지원하나요?", True, small_library.NOW,
                 documents=("freight",), headings=("물류비는 얼마까지 지원하나요?",)),
    ExamQuestion("b", "ko", "내일 지원 상담 날씨가 맑은가요?", False, small_library.NOW),
]  # fmt: skip


def make_questions(count: int, seed: int = 1) -> list[TrainingQuestion]:
    """Questions of which "words" tells the right section, "answered" whether there is one, and
    the rest nothing; every third has none."""
    dice = np.random.default_rng(seed)
    made = []
    for number in range(count):
        answerable = number % 3 != 2
        features = dice.uniform(0.3, 0.6, (4, len(NAMES)))
        labels = np.zeros(4)
        if answerable:
            right = int(dice.integers(4))
            labels[right] = 1.0
            features[right, NAMES.index("words")] += 0.4
        features[:, NAMES.index("answered")] = 0.9 if answerable else 0.2
        language: Language = LANGUAGES[number % 2]
        made.append(TrainingQuestion(language, answerable, NAMES, features, labels, tuple("abcd")))
    return made


def test_useful_features_get_the_weight_and_none_is_negative() -> None:
    fit = fit_coefficients(make_questions(90), [], "a test")
    match, confidence = fit.coefficients.match, fit.coefficients.confidence
    assert match["words"] > 2 * max(value for name, value in match.items() if name != "words")
    assert confidence["answered"] == max(confidence.values())
    assert min(*match.values(), *confidence.values()) >= 0
    assert fit.auroc > 0.85 and fit.top_match_right > 0.9 <= fit.offered_right
    assert (fit.question_count, fit.coefficients.made_by) == (90, "a test")


def test_a_feature_that_speaks_against_is_left_at_zero() -> None:
    flipped = [
        replace(one, labels=(1 - one.labels) * float(one.answerable)) for one in make_questions(60)
    ]
    assert fit_coefficients(flipped, [], "a test").coefficients.match["words"] == 0


def test_other_questions_change_the_fit() -> None:
    told, others = make_questions(45), make_questions(90, seed=2)
    noise = [replace(one, labels=np.roll(one.labels, 1)) for one in others]
    alone = fit_coefficients(told, [], "a test").coefficients.match["words"]
    assert fit_coefficients(told, noise, "a test").coefficients.match["words"] < alone


def make_best(answerable: bool, right: bool, offered: bool = False) -> BestMatch:
    return BestMatch("ko", answerable, np.zeros(5), True, right, offered, 1.0)


def test_what_each_outcome_costs() -> None:
    thresholds = Thresholds(say=0.6, offer=0.2)
    right, near = make_best(True, True, True), make_best(True, False, True)
    lost, none = make_best(True, False), make_best(False, False)
    assert [compute_harm(one, 0.9, thresholds) for one in (right, near, none)] == [0, 10, 10]
    assert [compute_harm(one, 0.4, thresholds) for one in (right, near, lost, none)] == [
        1.0, 1.0, 2.0, 0.3,
    ]  # fmt: skip
    assert [compute_harm(one, 0.1, thresholds) for one in (right, none)] == [2, 0]


def test_thresholds_part_what_is_right_from_what_is_not() -> None:
    best = [make_best(True, True, True), make_best(True, False, True), make_best(False, False)] * 9
    found = choose_thresholds(best, np.array([0.9, 0.5, 0.1] * 9))["ko"]
    assert 0.5 < found.say <= 0.9 and 0.1 < found.offer <= 0.5


def test_of_thresholds_that_make_no_difference_naru_says_less_and_offers_more() -> None:
    best = [make_best(True, True, True), make_best(False, False)] * 9
    found = choose_thresholds(best, np.array([0.9, 0.2] * 9))["ko"]
    assert (found.say, found.offer) == (0.9, 0.21)


def test_sections_of_the_best_document_are_judged_together() -> None:
    """They are quoted together."""
    (one,) = make_questions(1)
    even = replace(one, features=np.full((4, len(NAMES)), 0.5), documents=tuple("aabc"))
    second = replace(even, labels=np.array([0.0, 1.0, 0.0, 0.0]))
    other = replace(even, labels=np.array([0.0, 0.0, 0.0, 1.0]))
    weights = np.ones(len(MATCH_FEATURES))
    found = find_best_match(second, weights)
    assert found.is_right and found.is_offered_right
    assert found.features[CONFIDENCE_FEATURES.index("lead")] == pytest.approx(0.5)
    found = find_best_match(other, weights)
    assert not found.is_right and not found.is_offered_right


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [
        ([0.9, 0.8, 0.1], [True, True, False], 1.0),
        ([0.1, 0.2, 0.9], [True, True, False], 0.0),
        ([0.5, 0.5], [True, False], 0.5),
    ],
)
def test_auroc(scores: list[float], positive: list[bool], expected: float) -> None:
    assert compute_auroc(np.array(scores), np.array(positive)) == expected


def test_auroc_of_one_kind_only_is_unknown() -> None:
    assert np.isnan(compute_auroc(np.array([0.5]), np.array([True])))


@pytest.fixture
def collector(library: Library) -> QuestionCollector:
    retriever = Retriever(library.glossary, library.embedder)
    return QuestionCollector(library, retriever, lambda _: ())


def test_the_questions_of_an_exam_are_asked(collector: QuestionCollector) -> None:
    answered, unanswerable = collector.collect_exam(EXAM, small_library.NOW, 0.5)
    assert answered.labels.max() == 1.0 and unanswerable.labels.max() == 0.0
    assert answered.features.shape == (len(answered.labels), len(answered.names))
    assert answered.documents[int(answered.labels.argmax())] == "freight"
    assert (answered.weight, answered.answerable, unanswerable.answerable) == (0.5, True, False)


def test_what_is_handed_over_by_rule_is_not_fitted_to(collector: QuestionCollector) -> None:
    own = ExamQuestion("c", "ko", "저희 신청서 심사 결과 나왔나요?", False, small_library.NOW)
    assert list(collector.collect_exam([own], small_library.NOW)) == []


def test_without_phrases_only_headings_are_known(
    collector: QuestionCollector, library: Library
) -> None:
    assert len(list_phrases(library.get_current_edition())) == 3  # the headings are no phrases
    (full, _) = collector.collect_exam(EXAM, small_library.NOW)
    (bare, _) = collector.collect_without_phrases(EXAM, small_library.NOW)
    assert bare.labels.max() == 1.0
    known = [one.features[:, one.names.index("known")].sum() for one in (bare, full)]
    assert known[0] < known[1]


def test_written_coefficients_are_read_back(tmp_path: Path) -> None:
    coefficients = fit_coefficients(make_questions(30), [], "a test").coefficients
    write_coefficients(coefficients, tmp_path / "confidence.yaml")
    assert load_coefficients(tmp_path / "confidence.yaml") == coefficients


def test_the_questions_as_told_are_whole() -> None:
    told = read_exam(list_told_files())
    assert len({one.id for one in told}) == len(told) > 200
    assert {one.language for one in told} == set(LANGUAGES) and all(one.as_of for one in told)
    for one in told:
        assert bool(one.headings) == bool(one.documents) == one.answerable, one.id
