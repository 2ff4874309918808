"""Compares the answers of two editions to the same questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.evaluation.exam import ExamQuestion
from knowledge.types import Answer, Verdict


@dataclass(frozen=True, slots=True)
class AnswerSnapshot:
    """What a founder reads: verdict, text and the ids of the cited documents, in order."""

    verdict: Verdict
    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An exam question that two editions answer differently."""

    id: str
    question: str
    old: AnswerSnapshot
    new: AnswerSnapshot


def snapshot_answer(answer: Answer) -> AnswerSnapshot:
    """The part of an answer whose change counts; the confidence does not."""
    documents = dict.fromkeys(citation.document for citation in answer.citations)
    return AnswerSnapshot(answer.verdict, answer.text, tuple(documents))


def find_changed_answers(
    answers: Iterable[tuple[ExamQuestion, Answer, Answer]],
) -> list[ChangedAnswer]:
    """Of (question, old answer, new answer), those whose answers differ, in order."""
    compared = [
        (question, snapshot_answer(old), snapshot_answer(new)) for question, old, new in answers
    ]
    return [
        ChangedAnswer(question.id, question.question, old, new)
        for question, old, new in compared
        if old != new
    ]
