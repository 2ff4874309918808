"""Answers of a library and what gives them, with everything filled in that a test does not care
about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.types import Answer, Citation, Document, Finding, Offer, Passage, Question, Verdict


class RecordingAnswerer:
    """Gives one answer to every question, in the question's language, and remembers them."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        return replace(self.answer, language=question.language)


class RecordingShelf:
    """Gives the section of an offer, with a text that names it, and remembers what was chosen."""

    def __init__(self, verdict: Verdict = "answered") -> None:
        self.verdict: Verdict = verdict
        self.chosen: list[tuple[Question, Offer]] = []

    def __call__(self, question: Question, offer: Offer) -> Answer:
        self.chosen.append((question, offer))
        values = {"text": f"{offer.label}: 전문 [1]"} if self.verdict == "answered" else {}
        return make_answer(self.verdict, language=question.language, **values)


def fail_if_asked(question: Question) -> Answer:
    """An answerer for decisions that must not ask the library."""
    raise AssertionError(f"asked: {question.text}")


def make_document(title: str = "물류 바우처", **values: Any) -> Document:
    values = {"issuer": "나루청", "language": "ko", "url": "https://example.org/d", **values}
    return Document(id=title, title=title, **values)


def make_finding(title: str = "물류 바우처", score: float = 0.9, **values: Any) -> Finding:
    heading = (title, "지원 한도")
    return Finding(Passage(make_document(title, **values), 0, heading, "글", "x"), score)


def make_offer(label: str = "물류비는 얼마까지 지원하나요?", **values: Any) -> Offer:
    """A section to choose, shown as `label`."""
    values = {
        "title": "물류 바우처",
        "heading": ("물류 바우처", label),
        "confidence": 0.4,
        **values,
    }
    return Offer(document="d", label=label, **values)


def make_citation(document: str = "d", **values: Any) -> Citation:
    fields: dict[str, Any] = {
        "document": document, "title": "물류 바우처", "heading": ("물류 바우처",),
        "issuer": "나루청", "url": "https://example.org/d", "published": "2026-10-01",
        "effective_from": None, "expires": None, "page": None, "inferred": (),
        "quote": "3천만 원까지 지원합니다.", "language": "ko",
    }  # fmt: skip
    return Citation(**fields | values)


def make_answer(verdict: Verdict = "answered", **values: Any) -> Answer:
    """An answer of the library; one that answers has a text and a citation."""
    if verdict == "answered":
        values = {"text": "3천만 원까지입니다. [1]", "citations": (make_citation(),), **values}
    values = {"language": "ko", "text": "", "confidence": 0.9, "edition": 1, **values}
    return Answer(verdict, **values)
