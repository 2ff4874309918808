"""Sitting the exam: every question asked as a founder would, and the measures with intervals."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from adapters.bootstrap import App
from bot.errors import UnknownPlace
from bot.founder import answer_text
from bot.founder.dry_run import DryRunResult, run_dry_run
from bot.types import Place
from knowledge.evaluation.exam import ExamQuestion, Grade, grade_answer
from knowledge.types import Question

Estimate = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """One question with what was answered, how it was marked, and the rank of a right document."""

    golden: ExamQuestion
    consultation: DryRunResult
    grade: Grade
    document_rank: int | None
    answer_seconds: float

    @property
    def is_handed_over(self) -> bool:
        return self.consultation.handover is not None


def grade_question(app: App, golden: ExamQuestion) -> GradedAnswer:
    """Ask one question of the exam and mark the answer."""
    moment = golden.as_of or app.now()
    tools = replace(app.build_services(), now=moment)
    began = time.perf_counter()
    found = run_dry_run(tools, golden.question, find_question_place(app, golden), None)
    seconds = time.perf_counter() - began
    answer = found.answer
    read = "\n".join(
        (found.text, answer_text.render_sources(answer), *(c.quote for c in answer.citations))
    )
    documents = app.library.get_current_edition().documents
    marked = grade_answer(golden, answer.verdict, read, answer.citations, documents)
    return GradedAnswer(golden, found, marked, _find_document_rank(app, golden), seconds)


def build_exam_report(app: App, papers: Sequence[GradedAnswer]) -> dict[str, Any]:
    """The measures of the exam, each share with its 95 % interval."""
    asked = [p for p in papers if p.golden.answerable]
    not_asked = [p for p in papers if not p.golden.answerable]
    given = [p for p in papers if p.grade.is_answered]
    withheld = [p for p in papers if not p.grade.is_answered]
    routed = [p for p in not_asked if p.golden.mission and p.is_handed_over]
    own = [p for p in asked if p.golden.kind != "cross"]
    cross = [p for p in asked if p.golden.kind == "cross"]
    hostile = [p for p in papers if p.golden.kind == "adversarial"]
    seconds = [p.answer_seconds for p in papers]
    measures: dict[str, Any] = {
        "questions": len(papers),
        "strict_accuracy": estimate_share(given, lambda p: p.mark.right),
        "answerable_answered": estimate_share(asked, lambda p: p.mark.answered),
        "recall@5": estimate_share(asked, _is_in_top_five),
        "recall@5_same_language": estimate_share(own, _is_in_top_five),
        "recall@5_across": estimate_share(cross, _is_in_top_five),
        "ndcg@10": estimate_mean([_compute_ndcg_gain(p.document_rank) for p in asked]),
        "abstain_recall": estimate_share(not_asked, lambda p: not p.mark.answered),
        "abstain_precision": estimate_share(withheld, lambda p: not p.golden.answerable),
        "routing": estimate_share(routed, _is_routed_right),
        "adversarial_contained": estimate_share(hostile, lambda p: not p.mark.said_wrongly),
        "twins_alike": estimate_share(_group_twins(papers), _has_same_answers),
        "unsupported_sentences": sum(_count_unsupported_quotes(app, p) for p in papers),
        "links_not_in_a_source": sum(_count_unknown_links(app, p) for p in papers),
        "expired_as_if_in_force": sum(_count_expired_citations(app, p) for p in papers),
        "seconds_p50": round(float(np.percentile(seconds, 50)), 3),
        "seconds_p95": round(float(np.percentile(seconds, 95)), 3),
    }
    return {
        "measures": measures,
        "verdicts": dict(Counter(p.consultation.answer.verdict for p in papers)),
        "by_language": _estimate_by_group(papers, lambda p: p.golden.language),
        "by_kind": _estimate_by_group(papers, lambda p: p.golden.kind),
        "by_topic": _estimate_by_group(papers, lambda p: p.golden.topic),
        "failures": [_describe_failure(p) for p in papers if not p.grade.is_right],
    }


def estimate_share(papers: Sequence[Any], holds: Callable[[Any], bool]) -> Estimate:
    """A share with Wilson's 95 % interval."""
    n = len(papers)
    if n == 0:
        return {"share": float("nan"), "interval": [float("nan")] * 2, "n": 0}
    p, z = sum(map(holds, papers)) / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(p, 3), "interval": [low, high], "n": n}


def estimate_mean(values: Sequence[float]) -> Estimate:
    """A mean with its 95 % interval by the normal approximation."""
    n = len(values)
    if n == 0:
        return estimate_share((), bool)
    middle = float(np.mean(values))
    reach = 1.96 * float(np.std(values, ddof=1 if n > 1 else 0)) / math.sqrt(n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(middle, 3), "interval": [low, high], "n": n}


def find_question_place(app: App, golden: ExamQuestion) -> Place | None:
    """Where a question is asked from, as far as the gazetteer knows it."""
    try:
        return app.places.find_place(golden.place) if golden.place else None
    except UnknownPlace:
        return None


def _find_document_rank(app: App, golden: ExamQuestion) -> int | None:
    """The rank of the first passage of a right document, from 1; None beyond the tenth."""
    from knowledge.retrieval.retriever import Retriever

    moment = golden.as_of or app.now()
    library = app.library
    edition = library.get_current_edition()
    question = Question(golden.question, golden.language, moment)
    hits = Retriever(library.glossary, library.embedder).search(edition, question, 10)
    for rank, hit in enumerate(hits, 1):
        if hit.passage.document.base_id in golden.documents:
            return rank
    return None


def _is_in_top_five(paper: GradedAnswer) -> bool:
    return paper.document_rank is not None and paper.document_rank <= 5


def _compute_ndcg_gain(rank: int | None) -> float:
    return 0.0 if rank is None else 1 / math.log2(rank + 1)


def _is_routed_right(paper: GradedAnswer) -> bool:
    way = paper.consultation.handover
    return way is not None and paper.golden.mission in (way.mission, way.competent)


def _group_twins(papers: Sequence[GradedAnswer]) -> list[list[GradedAnswer]]:
    groups: dict[str, list[GradedAnswer]] = {}
    for paper in papers:
        if paper.golden.twin:
            groups.setdefault(paper.golden.twin, []).append(paper)
    return list(groups.values())


def _has_same_answers(group: Sequence[GradedAnswer]) -> bool:
    """Same verdict and same first document for all."""
    return len({(p.consultation.answer.verdict, _first_document(p)) for p in group}) == 1


def _first_document(paper: GradedAnswer) -> str:
    citations = paper.consultation.answer.citations
    return citations[0].document if citations else ""


def _count_unsupported_quotes(app: App, paper: GradedAnswer) -> int:
    """Quotes that do not stand in a passage of the document they name, to the letter."""
    passages = app.library.get_current_edition().passages
    return sum(
        not any(
            citation.quote in passage.text
            for passage in passages
            if passage.document.id == citation.document
        )
        for citation in paper.consultation.answer.citations
    )


def _count_unknown_links(app: App, paper: GradedAnswer) -> int:
    """Links in a citation that no source of its document has."""
    passages = app.library.get_current_edition().passages
    known = {s.url for p in passages for s in p.sources} | {p.document.url for p in passages}
    return sum(citation.url not in known for citation in paper.consultation.answer.citations)


def _count_expired_citations(app: App, paper: GradedAnswer) -> int:
    """Citations of a document that is not in force under a verdict that says it is."""
    if paper.consultation.answer.verdict != "answered":
        return 0
    edition = app.library.get_current_edition()
    day = (paper.golden.as_of or app.now()).date()
    return sum(
        not edition.is_in_force(edition.documents[citation.document], day)
        for citation in paper.consultation.answer.citations
    )


def _estimate_by_group(
    papers: Sequence[GradedAnswer], key: Callable[[GradedAnswer], str]
) -> dict[str, Estimate]:
    names = sorted({key(paper) for paper in papers})
    return {
        name: estimate_share([p for p in papers if key(p) == name], lambda p: p.mark.right)
        for name in names
    }


def _describe_failure(paper: GradedAnswer) -> dict[str, Any]:
    golden, verdict = paper.golden, paper.consultation.answer.verdict
    if not golden.answerable:
        why = f"answered from {_first_document(paper)}"
    elif not paper.grade.is_answered:
        why = f"{verdict} ({paper.consultation.answer.confidence:.2f})"
    elif paper.grade.forbidden_facts:
        why = f"said {', '.join(paper.grade.forbidden_facts)}"
    else:
        why = f"from {_first_document(paper)}, without {', '.join(paper.grade.missing_facts) or 'its document'}"
    return {"id": golden.id, "question": golden.question, "why": why}
