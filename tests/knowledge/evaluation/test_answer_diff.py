"""Which exam questions two editions answer differently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge.evaluation.answer_diff import (
    AnswerSnapshot,
    ChangedAnswer,
    find_changed_answers,
    snapshot_answer,
)
from knowledge.evaluation.exam import ExamQuestion
from knowledge.types import Answer, Citation

GOLDEN = ExamQuestion("g", "ko", "얼마인가요?", answerable=True)


def make_citation(document: str, quote: str = "3천만 원") -> Citation:
    return Citation(document, "t", ("t",), "i", "u", None, None, None, None, (), quote, "ko")


ANSWER = Answer(
    "answered",
    "ko",
    "3천만 원 [1]",
    0.9,
    1,
    (make_citation("a"), make_citation("b"), make_citation("a")),
)


def test_a_snapshot_has_verdict_text_and_documents_in_order() -> None:
    assert snapshot_answer(ANSWER) == AnswerSnapshot("answered", "3천만 원 [1]", ("a", "b"))


def test_text_verdict_and_documents_count_as_changes_but_confidence_does_not() -> None:
    same = replace(ANSWER, confidence=0.2, edition=2)
    later = replace(
        ANSWER, citations=tuple(replace(c, expires=date(2027, 1, 1)) for c in ANSWER.citations)
    )
    assert find_changed_answers([(GOLDEN, ANSWER, same), (GOLDEN, ANSWER, later)]) == []
    for new in (
        replace(ANSWER, text="5천만 원 [1]"),
        replace(ANSWER, verdict="expired"),
        replace(ANSWER, citations=(make_citation("b"), make_citation("a"))),
    ):
        (one,) = find_changed_answers([(GOLDEN, ANSWER, ANSWER), (GOLDEN, ANSWER, new)])
        assert one == ChangedAnswer(
            "g", "얼마인가요?", snapshot_answer(ANSWER), snapshot_answer(new)
        )
