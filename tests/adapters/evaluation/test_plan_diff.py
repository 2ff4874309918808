"""Which questions of the exam a plan would change: each asked of two editions as a founder would.

A planned edition needs a real library; here the editions are two tables of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from adapters.evaluation.plan_diff import PlanDiffer
from knowledge.chain import Chain
from knowledge.evaluation.answer_diff import ChangedAnswer, find_changed_answers
from knowledge.evaluation.exam import ExamQuestion
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer, Question
from tests.samples.answers import make_answer, make_citation
from tests.samples.records import NOW, QUESTION, KnownPlaces, make_services

Answers = dict[str, Answer]
DATED = NOW.replace(month=3)
CERTIFICATES = "인증 비용은 얼마인가요?"


class TwoEditions:
    """Stands in for a chain: an edition is a table of answers by question."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def ask(self, question: Question, edition: Answers) -> Answer:
        self.asked.append(question)
        return edition[question.text]


def make_exam_question(text: str = QUESTION, **values: Any) -> ExamQuestion:
    return ExamQuestion(f"id of {text}", "ko", text, answerable=True, **values)


def answer(chain: TwoEditions, golden: ExamQuestion, edition: Answers) -> Answer:
    services = replace(make_services(), places=KnownPlaces())  # fails if it is asked itself
    differ = PlanDiffer(cast(Any, None), cast(Chain, chain), lambda: services)
    return differ._answer_from(cast(Edition, edition), golden, services)


def diff(exam: Sequence[ExamQuestion], old: Answers, new: Answers) -> list[ChangedAnswer]:
    chain = TwoEditions()
    return find_changed_answers(
        (golden, answer(chain, golden, old), answer(chain, golden, new)) for golden in exam
    )


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (make_answer(), make_answer(), False),
        (make_answer(), make_answer(confidence=0.5, edition=2), False),
        (make_answer(), make_answer(text="5천만 원까지입니다. [1]"), True),
        (make_answer(), make_answer(citations=(make_citation("e"),)), True),
        (make_answer(), make_answer("no_evidence"), True),
        (make_answer("no_evidence"), make_answer("offered"), True),
        (make_answer("no_evidence"), make_answer("no_evidence"), False),
    ],
)
def test_what_a_founder_would_read_otherwise_is_a_change(
    old: Answer, new: Answer, changed: bool
) -> None:
    exam = [make_exam_question()]
    found = diff(exam, {QUESTION: old}, {QUESTION: new})
    assert [one.id for one in found] == ([exam[0].id] if changed else [])


def test_only_the_questions_that_change_are_listed_in_the_exams_order() -> None:
    exam = [make_exam_question(text) for text in ("1?", QUESTION, CERTIFICATES)]
    old = dict.fromkeys(("1?", QUESTION, CERTIFICATES), make_answer())
    new = old | {"1?": make_answer("no_evidence"), CERTIFICATES: make_answer("expired")}
    assert [one.question for one in diff(exam, old, new)] == ["1?", CERTIFICATES]


def test_a_question_for_people_changes_with_no_edition() -> None:
    text = "하노이에서 직원이 체포됐습니다"
    old, new = make_answer(), make_answer(text="다른 답 [1]")
    assert diff([make_exam_question(text)], {text: old}, {text: new}) == []


def test_a_question_is_asked_on_its_own_day_else_on_today() -> None:
    chain = TwoEditions()
    for golden in (make_exam_question(as_of=DATED), make_exam_question()):
        answer(chain, golden, {QUESTION: make_answer()})
    assert [question.as_of for question in chain.asked] == [DATED, NOW]


@pytest.mark.parametrize(
    ("place", "words"), [("하노이", ("Hanoi",)), ("구름 너머", ()), (None, ())]
)
def test_a_question_is_asked_from_its_own_place(place: str | None, words: tuple[str, ...]) -> None:
    chain = TwoEditions()
    golden = replace(make_exam_question(), place=place)
    answer(chain, golden, {QUESTION: make_answer()})
    assert chain.asked[0].place_words == words
