"""What an answer said, and which questions are answered otherwise by another edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.evaluation.exam import ExamQuestion
from knowledge.types import Answer, Verdict


@dataclass(frozen=True, slots=True)
class AnswerSnapshot:
    """What a founder would have been told, and from which documents, in their order."""

    verdict: Verdict
    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A golden question that two editions answer differently."""

    id: str
    question: str
    old: AnswerSnapshot
    new: AnswerSnapshot


def snapshot_answer(answer: Answer) -> AnswerSnapshot:
    """What of an answer counts as a change; how sure it was does not."""
    documents = dict.fromkeys(citation.document for citation in answer.citations)
    return AnswerSnapshot(answer.verdict, answer.text, tuple(documents))


def find_changed_answers(
    answers: Iterable[tuple[ExamQuestion, Answer, Answer]],
) -> list[ChangedAnswer]:
    """The questions whose answers differ: each with its old answer and its new one."""
    compared = [
        (golden, snapshot_answer(old), snapshot_answer(new)) for golden, old, new in answers
    ]
    return [
        ChangedAnswer(golden.id, golden.question, old, new)
        for golden, old, new in compared
        if old != new
    ]
