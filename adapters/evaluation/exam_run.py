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
from bot.founder.dry_run import Consultation, consult
from bot.types import Place
from knowledge.evaluation.exam import Golden, Mark, mark
from knowledge.types import Question

Share = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """One question with what was answered, how it was marked, and the rank of a right document."""

    golden: Golden
    found: Consultation
    mark: Mark
    rank: int | None
    seconds: float

    @property
    def handed_over(self) -> bool:
        return self.found.handover is not None


def sit(app: App, golden: Golden) -> Paper:
    """Ask one question of the exam and mark the answer."""
    moment = golden.as_of or app.now()
    tools = replace(app.tools(), now=moment)
    began = time.perf_counter()
    found = consult(tools, golden.question, place_of(app, golden), None)
    seconds = time.perf_counter() - began
    answer = found.answer
    read = "\n".join(
        (found.text, answer_text.sources(answer), *(c.quote for c in answer.citations))
    )
    documents = app.library.current().documents
    marked = mark(golden, answer.verdict, read, answer.citations, documents)
    return Paper(golden, found, marked, _rank(app, golden), seconds)


def report(app: App, papers: Sequence[Paper]) -> dict[str, Any]:
    """The measures of the exam, each share with its 95 % interval."""
    asked = [p for p in papers if p.golden.answerable]
    not_asked = [p for p in papers if not p.golden.answerable]
    given = [p for p in papers if p.mark.answered]
    withheld = [p for p in papers if not p.mark.answered]
    routed = [p for p in not_asked if p.golden.mission and p.handed_over]
    own = [p for p in asked if p.golden.kind != "cross"]
    cross = [p for p in asked if p.golden.kind == "cross"]
    hostile = [p for p in papers if p.golden.kind == "adversarial"]
    seconds = [p.seconds for p in papers]
    measures: dict[str, Any] = {
        "questions": len(papers),
        "strict_accuracy": share(given, lambda p: p.mark.right),
        "answerable_answered": share(asked, lambda p: p.mark.answered),
        "recall@5": share(asked, _in_five),
        "recall@5_same_language": share(own, _in_five),
        "recall@5_across": share(cross, _in_five),
        "ndcg@10": average([_gain(p.rank) for p in asked]),
        "abstain_recall": share(not_asked, lambda p: not p.mark.answered),
        "abstain_precision": share(withheld, lambda p: not p.golden.answerable),
        "routing": share(routed, _routed_right),
        "adversarial_contained": share(hostile, lambda p: not p.mark.said_wrongly),
        "twins_alike": share(_twins(papers), _alike),
        "unsupported_sentences": sum(_unsupported(app, p) for p in papers),
        "links_not_in_a_source": sum(_loose_links(app, p) for p in papers),
        "expired_as_if_in_force": sum(_stale(app, p) for p in papers),
        "seconds_p50": round(float(np.percentile(seconds, 50)), 3),
        "seconds_p95": round(float(np.percentile(seconds, 95)), 3),
    }
    return {
        "measures": measures,
        "verdicts": dict(Counter(p.found.answer.verdict for p in papers)),
        "by_language": _by(papers, lambda p: p.golden.language),
        "by_kind": _by(papers, lambda p: p.golden.kind),
        "by_topic": _by(papers, lambda p: p.golden.topic),
        "failures": [_failure(p) for p in papers if not p.mark.right],
    }


def share(papers: Sequence[Any], holds: Callable[[Any], bool]) -> Share:
    """A share with Wilson's 95 % interval."""
    n = len(papers)
    if n == 0:
        return {"share": float("nan"), "interval": [float("nan")] * 2, "n": 0}
    p, z = sum(map(holds, papers)) / n, 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(p, 3), "interval": [low, high], "n": n}


def average(values: Sequence[float]) -> Share:
    """A mean with its 95 % interval by the normal approximation."""
    n = len(values)
    if n == 0:
        return share((), bool)
    middle = float(np.mean(values))
    reach = 1.96 * float(np.std(values, ddof=1 if n > 1 else 0)) / math.sqrt(n)
    low, high = round(max(0.0, middle - reach), 3), round(min(1.0, middle + reach), 3)
    return {"share": round(middle, 3), "interval": [low, high], "n": n}


def place_of(app: App, golden: Golden) -> Place | None:
    """Where a question is asked from, as far as the gazetteer knows it."""
    try:
        return app.places.find(golden.place) if golden.place else None
    except UnknownPlace:
        return None


def _rank(app: App, golden: Golden) -> int | None:
    """The rank of the first passage of a right document, from 1; None beyond the tenth."""
    from knowledge.retrieval.retriever import Retriever

    moment = golden.as_of or app.now()
    library = app.library
    edition = library.current()
    question = Question(golden.question, golden.language, moment)
    hits = Retriever(library.glossary, library.embedder).search(edition, question, 10)
    for rank, hit in enumerate(hits, 1):
        if hit.passage.document.base in golden.documents:
            return rank
    return None


def _in_five(paper: Paper) -> bool:
    return paper.rank is not None and paper.rank <= 5


def _gain(rank: int | None) -> float:
    return 0.0 if rank is None else 1 / math.log2(rank + 1)


def _routed_right(paper: Paper) -> bool:
    way = paper.found.handover
    return way is not None and paper.golden.mission in (way.mission, way.competent)


def _twins(papers: Sequence[Paper]) -> list[list[Paper]]:
    groups: dict[str, list[Paper]] = {}
    for paper in papers:
        if paper.golden.twin:
            groups.setdefault(paper.golden.twin, []).append(paper)
    return list(groups.values())


def _alike(group: Sequence[Paper]) -> bool:
    """Same verdict and same first document for all."""
    return len({(p.found.answer.verdict, _first(p)) for p in group}) == 1


def _first(paper: Paper) -> str:
    citations = paper.found.answer.citations
    return citations[0].document if citations else ""


def _unsupported(app: App, paper: Paper) -> int:
    """Quotes that do not stand in a passage of the document they name, to the letter."""
    passages = app.library.current().passages
    return sum(
        not any(
            citation.quote in passage.text
            for passage in passages
            if passage.document.id == citation.document
        )
        for citation in paper.found.answer.citations
    )


def _loose_links(app: App, paper: Paper) -> int:
    """Links in a citation that no source of its document has."""
    passages = app.library.current().passages
    known = {s.url for p in passages for s in p.sources} | {p.document.url for p in passages}
    return sum(citation.url not in known for citation in paper.found.answer.citations)


def _stale(app: App, paper: Paper) -> int:
    """Citations of a document that is not in force under a verdict that says it is."""
    if paper.found.answer.verdict != "answered":
        return 0
    edition = app.library.current()
    day = (paper.golden.as_of or app.now()).date()
    return sum(
        not edition.in_force(edition.documents[citation.document], day)
        for citation in paper.found.answer.citations
    )


def _by(papers: Sequence[Paper], key: Callable[[Paper], str]) -> dict[str, Share]:
    names = sorted({key(paper) for paper in papers})
    return {
        name: share([p for p in papers if key(p) == name], lambda p: p.mark.right) for name in names
    }


def _failure(paper: Paper) -> dict[str, Any]:
    golden, verdict = paper.golden, paper.found.answer.verdict
    if not golden.answerable:
        why = f"answered from {_first(paper)}"
    elif not paper.mark.answered:
        why = f"{verdict} ({paper.found.answer.confidence:.2f})"
    elif paper.mark.said_wrongly:
        why = f"said {', '.join(paper.mark.said_wrongly)}"
    else:
        why = f"from {_first(paper)}, without {', '.join(paper.mark.missing) or 'its document'}"
    return {"id": golden.id, "question": golden.question, "why": why}
