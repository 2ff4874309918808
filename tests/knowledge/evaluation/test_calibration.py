"""Fitting the confidence coefficients to questions whose answers are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.decision.confidence import load_coefficients
from knowledge.evaluation.calibration import (
    TrainingPairs,
    collect_exam_pairs,
    collect_library_pairs,
    compute_auroc,
    fit_coefficients,
    write_coefficients,
)
from knowledge.evaluation.exam import ExamQuestion
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Retriever
from tests.samples import small_library

EXAM = [
    ExamQuestion(
        "a", "ko", "물류비는 얼마까지 지원하나요?", True, small_library.NOW, documents=("freight",)
    ),
    ExamQuestion(
        "b",
        "ko",
        "원산지 증명은 어디에 물어보나요?",
        True,
        small_library.NOW,
        documents=("origin",),
    ),
    ExamQuestion("c", "ko", "내일 지원 상담 날씨가 맑은가요?", False, small_library.NOW),
]

NONE = TrainingPairs((), np.zeros((0, 0)), np.zeros(0), np.zeros(0, np.int64))


def make_pairs(questions: int, seed: int = 1) -> tuple[TrainingPairs, list[ExamQuestion]]:
    """Pairs with one feature that separates right from wrong and one of noise; every third
    question has no right passage."""
    dice = np.random.default_rng(seed)
    numbers = np.repeat(np.arange(questions), 4)
    worth = np.where((np.arange(questions * 4) % 4 == 0) & (numbers % 3 != 2), 1.0, 0.0)
    useful = worth * 0.8 + dice.normal(0.1, 0.05, len(worth))
    features = np.column_stack([useful, dice.normal(0.5, 0.1, len(worth))])
    exam = [ExamQuestion(str(n), "ko", "?", n % 3 != 2) for n in range(questions)]
    return TrainingPairs(("useful", "noise"), features, worth, numbers), exam


def test_a_useful_feature_gets_the_weight() -> None:
    found, exam = make_pairs(60)
    fit = fit_coefficients(found, NONE, exam, 0.5, "a test")
    assert fit.coefficients.weights["useful"] > 2 > abs(fit.coefficients.weights["noise"])
    assert fit.auroc > 0.95 and fit.recall_at_95_precision > 0.9 and fit.top_hit_accuracy > 0.95
    assert (fit.question_count, fit.coefficients.threshold, fit.coefficients.made_by) == (
        60,
        0.5,
        "a test",
    )


def test_noise_alone_learns_nothing() -> None:
    found, exam = make_pairs(60)
    noise = TrainingPairs(("noise",), found.features[:, 1:], found.labels, found.question_numbers)
    assert fit_coefficients(noise, NONE, exam, 0.5, "a test").auroc < 0.75


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


def test_the_exam_pairs_are_the_hits_of_its_questions(library: Library) -> None:
    retriever = Retriever(library.glossary, library.embedder)
    found = collect_exam_pairs(library, retriever, EXAM, lambda _: ())
    assert found.features.shape == (len(found.labels), len(found.feature_names))
    assert set(found.question_numbers) <= {0, 1, 2}
    assert found.labels[found.question_numbers == 0].max() == 1.0
    assert found.labels[found.question_numbers == 2].max(initial=0.0) == 0.0


def test_known_questions_are_asked_of_an_edition_that_leaves_them_out(library: Library) -> None:
    retriever = Retriever(library.glossary, library.embedder)
    found = collect_library_pairs(library, retriever, small_library.NOW, lambda _: ())
    assert len(set(found.question_numbers)) == 2  # the unanswerable one and as many answered ones
    unanswerable, answered = (found.labels[found.question_numbers == number] for number in (0, 1))
    assert unanswerable.max() == 0.0 and answered.max() == 1.0
    like = found.features[:, found.feature_names.index("question_f1")]
    assert like.max() < 0.99


def test_the_library_pairs_change_the_fit() -> None:
    found, exam = make_pairs(60)
    own, _ = make_pairs(60, seed=2)
    flipped = TrainingPairs(own.feature_names, own.features, 1 - own.labels, own.question_numbers)
    alone = fit_coefficients(found, NONE, exam, 0.5, "a test").coefficients.weights["useful"]
    assert (
        fit_coefficients(found, flipped, exam, 0.5, "a test").coefficients.weights["useful"] < alone
    )


def test_written_coefficients_are_read_back(tmp_path: Path) -> None:
    found, exam = make_pairs(30)
    coefficients = fit_coefficients(found, NONE, exam, 0.45, "a test").coefficients
    write_coefficients(coefficients, tmp_path / "confidence.yaml")
    assert load_coefficients(tmp_path / "confidence.yaml") == coefficients
