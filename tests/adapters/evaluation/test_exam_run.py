"""Sitting the exam: shares with their intervals, and what went wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from adapters.bootstrap import App
from adapters.evaluation.estimates import estimate_mean, estimate_share
from adapters.evaluation.exam_run import GradedAnswer, build_exam_report, grade_question
from knowledge.evaluation.exam import ExamQuestion
from tests.samples import small_library

FREIGHT = ExamQuestion("right", "ko", "물류비는 얼마까지 지원하나요?", True, small_library.NOW,
                 topic="logistics", documents=("freight",), must_say=("3천만",), twin="f")  # fmt: skip
TRANSLATED = ExamQuestion("twin", "en", "How much freight support is there?", True, small_library.NOW,
              topic="logistics", documents=("freight",), must_say=("30 million",), twin="f")  # fmt: skip
WRONG = ExamQuestion("wrong", "ko", "원산지 증명은 어디에 물어보나요?", True, small_library.NOW,
               topic="origin", documents=("origin",), must_not_say=("1380",))  # fmt: skip
UNANSWERABLE = ExamQuestion("nobody", "ko", "다낭 바이어가 잔금을 안 줘요", False, small_library.NOW,
                mission="vn-da-nang", place="다낭", topic="other")  # fmt: skip
CLOSED = ExamQuestion("closed", "ko", "해외인증 1차 모집은 언제까지 신청하나요?", True, small_library.NOW,
                kind="dated", documents=("certificate",), must_say=("2026년 3월 31일",))  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    made = small_library.make_app(small_library.prepare_data())
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def papers(app: App) -> list[GradedAnswer]:
    return [
        grade_question(
            golden, app.build_services(), app.library.get_current_edition(), app.retriever
        )
        for golden in (FREIGHT, TRANSLATED, WRONG, UNANSWERABLE, CLOSED)
    ]


def test_each_paper_is_marked(papers: list[GradedAnswer]) -> None:
    assert [paper.grade.is_right for paper in papers] == [True, True, False, True, True]
    assert [paper.is_handed_over for paper in papers] == [False, False, False, True, True]
    assert (
        papers[0].document_rank == 1
        and papers[3].document_rank is None
        and papers[0].answer_seconds > 0
    )


@pytest.mark.parametrize(
    ("heading", "is_right"),
    [("물류비는 얼마까지 지원하나요?", True), ("누가 신청할 수 있나요?", False)],
)
def test_where_only_headings_tell_what_is_right_the_section_has_to_be_cited(
    app: App, heading: str, is_right: bool
) -> None:
    golden = replace(FREIGHT, must_say=(), headings=(f"freight: {heading}",))
    edition = app.library.get_current_edition()
    paper = grade_question(golden, app.build_services(), edition, app.retriever)
    assert paper.grade.is_answered and paper.grade.is_right == is_right


def test_the_measures(app: App, papers: list[GradedAnswer]) -> None:
    found = build_exam_report(papers, app.library.get_current_edition(), app.now())
    measures = found["measures"]
    assert measures["strict_accuracy"]["n"] == 4 and measures["strict_accuracy"]["share"] == 0.75
    assert measures["answerable_answered"]["share"] == 1.0
    assert measures["abstain_recall"]["share"] == measures["abstain_precision"]["share"] == 1.0
    assert measures["routing"]["share"] == 1.0 and measures["routing"]["n"] == 1
    assert measures["twins_alike"]["n"] == 1
    for zero in ("unsupported_sentences", "links_not_in_a_source", "expired_as_if_in_force"):
        assert measures[zero] == 0
    assert found["verdicts"] == {"answered": 3, "no_evidence": 1, "expired": 1}
    assert set(found["by_language"]) == {"ko", "en"} and found["by_topic"]["origin"]["share"] == 0
    assert found["failures"] == [{"id": "wrong", "question": WRONG.question, "why": "said 1380"}]


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(276, 300, 0.884, 0.946), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (1, 2, 0.095, 0.905)],
)
def test_a_share_has_wilsons_interval(right: int, n: int, low: float, high: float) -> None:
    found = estimate_share(range(n), lambda one: one < right)
    assert found == {"share": round(right / n, 3), "interval": [low, high], "n": n}


def test_a_share_of_nothing_is_unknown() -> None:
    assert math.isnan(estimate_share([], bool)["share"])


def test_a_mean_has_an_interval_that_narrows_with_more_values() -> None:
    few, many = estimate_mean([0.0, 1.0] * 5), estimate_mean([0.0, 1.0] * 500)
    assert few["share"] == many["share"] == 0.5 and (few["n"], many["n"]) == (10, 1000)
    assert few["interval"][0] < 0.2 and many["interval"] == [0.469, 0.531]
    assert estimate_mean([1.0])["interval"] == [1.0, 1.0] and math.isnan(estimate_mean([])["share"])
