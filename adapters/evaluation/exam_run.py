"""Runs the exam: asks each question as a founder would and computes measures with intervals."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from adapters.evaluation.estimates import Estimate, estimate_mean, estimate_share
from adapters.evaluation.tiers import estimate_tiers, estimate_tiers_by_language
from bot.context import PlaceFinder, Services
from bot.errors import UnknownPlace
from bot.founder import answer_text
from bot.founder.dry_run import DryRunResult, run_dry_run
from bot.types import Place
from knowledge.answering.offers import find_section
from knowledge.answering.quoting.quotes import is_verbatim
from knowledge.evaluation.exam import ExamQuestion, Grade, grade_answer, is_right_section
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.retriever import Retriever
from knowledge.types import Answer, Question, find_korean_day


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """One question, its answer, the grade and the rank of a right document.

    `document_rank` counts from 1; None when no right document is among the first ten.
    `offer_rank` is that of the first right section among those offered, None without one.
    """

    golden: ExamQuestion
    consultation: DryRunResult
    grade: Grade
    document_rank: int | None
    answer_seconds: float
    offer_rank: int | None = None

    @property
    def is_handed_over(self) -> bool:
        """Whether the founder was handed over to a mission."""
        return self.consultation.handover is not None

    @property
    def is_offered(self) -> bool:
        """Whether sections were offered."""
        return self.consultation.answer.verdict == "offered"


def grade_question(
    golden: ExamQuestion, services: Services, edition: Edition, retriever: Retriever
) -> GradedAnswer:
    """Ask one question of `edition`, which `services` answer from, and grade the answer.

    The question is asked at its own moment, or at `services.now` if it has none.
    """
    services = replace(services, now=golden.as_of or services.now)
    began = time.perf_counter()
    place = find_question_place(services.places, golden)
    consultation = run_dry_run(services, golden.question, place, None)
    seconds = time.perf_counter() - began
    answer = consultation.answer
    text = "\n".join(
        (
            consultation.text,
            answer_text.render_sources(answer),
            *(c.quote for c in answer.citations),
        )
    )
    grade = grade_answer(golden, answer.verdict, text, answer.citations, edition.documents)
    if grade.is_right and not _cites_right_section(golden, edition, answer):
        grade = replace(grade, is_right=False, missing_facts=("the right section",))
    rank = _find_document_rank(golden, edition, retriever, services.now)
    offer_rank = _find_offer_rank(golden, edition, answer)
    return GradedAnswer(golden, consultation, grade, rank, seconds, offer_rank)


def build_exam_report(
    papers: Sequence[GradedAnswer], edition: Edition, now: datetime
) -> dict[str, Any]:
    """The measures of the exam, each share with its 95 % interval, as `naru eval --json` prints
    them. `edition` is the one that answered; `now` stands for questions without a moment."""
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
        **estimate_tiers(papers),
        "strict_accuracy": estimate_share(given, lambda p: p.grade.is_right),
        "answerable_answered": estimate_share(asked, lambda p: p.grade.is_answered),
        "recall@5": estimate_share(asked, _is_in_top_five),
        "recall@5_same_language": estimate_share(own, _is_in_top_five),
        "recall@5_across": estimate_share(cross, _is_in_top_five),
        "ndcg@10": estimate_mean([_compute_ndcg_gain(p.document_rank) for p in asked]),
        "abstain_recall": estimate_share(not_asked, lambda p: not p.grade.is_answered),
        "abstain_precision": estimate_share(withheld, lambda p: not p.golden.answerable),
        "routing": estimate_share(routed, _is_routed_right),
        "adversarial_contained": estimate_share(hostile, lambda p: not p.grade.forbidden_facts),
        "twins_alike": estimate_share(_group_twins(papers), _has_same_answers),
        "unsupported_sentences": sum(_count_unsupported_quotes(edition, p) for p in papers),
        "links_not_in_a_source": sum(_count_unknown_links(edition, p) for p in papers),
        "expired_as_if_in_force": sum(_count_expired_citations(edition, p, now) for p in papers),
        "seconds_p50": round(float(np.percentile(seconds, 50)), 3),
        "seconds_p95": round(float(np.percentile(seconds, 95)), 3),
    }
    return {
        "measures": measures,
        "verdicts": dict(Counter(p.consultation.answer.verdict for p in papers)),
        "tiers_by_language": estimate_tiers_by_language(papers),
        "by_language": _estimate_by_group(papers, lambda p: p.golden.language),
        "by_kind": _estimate_by_group(papers, lambda p: p.golden.kind),
        "by_topic": _estimate_by_group(papers, lambda p: p.golden.topic),
        "failures": [_describe_failure(p) for p in papers if not p.grade.is_right],
    }


def find_question_place(places: PlaceFinder, golden: ExamQuestion) -> Place | None:
    """The place a question is asked from; None if it names none or an unknown one."""
    try:
        return places.find_place(golden.place) if golden.place else None
    except UnknownPlace:
        return None


def _find_document_rank(
    golden: ExamQuestion, edition: Edition, retriever: Retriever, now: datetime
) -> int | None:
    """The rank of the first passage of a right document, from 1; None beyond the tenth."""
    question = Question(golden.question, golden.language, now)
    hits = retriever.search(edition, question, 10)
    for rank, hit in enumerate(hits, 1):
        if hit.passage.document.base_id in golden.documents:
            return rank
    return None


def _find_offer_rank(golden: ExamQuestion, edition: Edition, answer: Answer) -> int | None:
    """The number, from 1, of the first offered section that answers; None without one."""
    for rank, offer in enumerate(answer.offers, 1):
        if _is_right(golden, edition, offer.document, offer.heading):
            return rank
    return None


def _cites_right_section(golden: ExamQuestion, edition: Edition, answer: Answer) -> bool:
    """Whether a right section is cited, where only its heading tells what is right."""
    if not golden.answerable or golden.must_say or not golden.headings:
        return True
    return any(_is_right(golden, edition, one.document, one.heading) for one in answer.citations)


def _is_right(
    golden: ExamQuestion, edition: Edition, document: str, heading: Sequence[str]
) -> bool:
    """Whether a section answers, by its own heading or that of its original."""
    passages = find_section(edition, document, heading)
    places = {(passage.document.base_id, passage.ord) for passage in passages}
    original = [p for p in edition.passages if (p.document.id, p.ord) in places]
    return is_right_section(golden, passages, original)


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
    """Whether all twins got the same verdict and the same first document."""
    return len({(p.consultation.answer.verdict, _first_document(p)) for p in group}) == 1


def _first_document(paper: GradedAnswer) -> str:
    citations = paper.consultation.answer.citations
    return citations[0].document if citations else ""


def _count_unsupported_quotes(edition: Edition, paper: GradedAnswer) -> int:
    """Quotes of which a part is not verbatim in a passage of the document they name."""
    passages = edition.passages
    return sum(
        not any(
            is_verbatim(citation.quote, passage.text)
            for passage in passages
            if passage.document.id == citation.document
        )
        for citation in paper.consultation.answer.citations
    )


def _count_unknown_links(edition: Edition, paper: GradedAnswer) -> int:
    """Citations whose link belongs to no document and no source of the edition."""
    passages = edition.passages
    known = {s.url for p in passages for s in p.sources} | {p.document.url for p in passages}
    return sum(citation.url not in known for citation in paper.consultation.answer.citations)


def _count_expired_citations(edition: Edition, paper: GradedAnswer, now: datetime) -> int:
    """Citations of documents not in force, under the verdict "answered"."""
    if paper.consultation.answer.verdict != "answered":
        return 0
    day = find_korean_day(paper.golden.as_of or now)
    return sum(
        not edition.is_in_force(edition.documents[citation.document], day)
        for citation in paper.consultation.answer.citations
    )


def _estimate_by_group(
    papers: Sequence[GradedAnswer], key: Callable[[GradedAnswer], str]
) -> dict[str, Estimate]:
    names = sorted({key(paper) for paper in papers})
    return {
        name: estimate_share([p for p in papers if key(p) == name], lambda p: p.grade.is_right)
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
