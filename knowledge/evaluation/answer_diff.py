"""What an answer said, and which questions are answered otherwise by another edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.evaluation.exam import Golden
from knowledge.types import Answer, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """What a founder would have been told, and from which documents, in their order."""

    verdict: Verdict
    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A golden question that two editions answer differently."""

    id: str
    question: str
    old: Said
    new: Said


def said(answer: Answer) -> Said:
    """What of an answer counts as a change; how sure it was does not."""
    documents = dict.fromkeys(citation.document for citation in answer.citations)
    return Said(answer.verdict, answer.text, tuple(documents))


def changed(answers: Iterable[tuple[Golden, Answer, Answer]]) -> list[Changed]:
    """The questions whose answers differ: each with its old answer and its new one."""
    compared = [(golden, said(old), said(new)) for golden, old, new in answers]
    return [
        Changed(golden.id, golden.question, old, new) for golden, old, new in compared if old != new
    ]
