"""Asks the folders of made-up agencies what founders would, each on top of another library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from adapters.bootstrap import App
from adapters.terminal import render_content
from bot.founder.dry_run import DryRunResult, run_dry_run
from knowledge.answering.offers import find_section
from knowledge.retrieval.edition import Edition
from tests.samples.own.own_documents import write_folder

Outcome = Literal["said", "offered", "wrong", "missed", "handed over", "empty offer"]
RIGHT: frozenset[Outcome] = frozenset({"said", "offered"})


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One question with its outcome; "missed", "handed over" and "empty offer" say nothing wrong.

    `why` is for a reader of the report. A question without a `file` is not answerable.
    """

    folder: str
    ask: str
    language: str
    file: str
    outcome: Outcome
    why: str


def ask_folder(app: App, described: Mapping[str, Any], home: Path) -> Iterator[OwnAnswer]:
    """Write a folder below `home` and ask its questions of `app`'s library with it added."""
    plan = app.ingest.plan([write_folder(described, home)])
    assert not plan.skipped, [str(one.remark) for one in plan.skipped]
    files = {version.document.id: version.file for version in plan.versions()}
    with app.ingest.open_planned_edition(plan) as edition:
        services = replace(app.build_services(), ask=lambda q: app.chain.ask(q, edition=edition))
        for one in described["questions"]:
            found = run_dry_run(services, one["ask"], None, one["lang"])
            outcome = _grade(found, one, files, edition)
            yield OwnAnswer(
                described["folder"], one["ask"], one["lang"], one.get("file", ""), outcome,
                _describe(found, files),
            )  # fmt: skip


def _grade(
    found: DryRunResult, one: Mapping[str, Any], files: Mapping[str, str], edition: Edition
) -> Outcome:
    """What a founder has of the answer, by what was shown."""
    answer, file = found.answer, one.get("file")
    shown = "\n".join(render_content(content) for content in found.shown)
    if answer.verdict == "answered" and answer.text and answer.text[:40] in shown:
        quotes = [c.quote for c in answer.citations if files.get(c.document) == file]
        return "said" if file and _has_all(one["says"], quotes) else "wrong"
    offers = [offer for offer in answer.offers if offer.label in shown]
    for offer in offers if file else ():
        texts = [p.text_with_headings for p in find_section(edition, offer.document, offer.heading)]
        if files.get(offer.document) == file and _has_all(one["says"], texts):
            return "offered"
    if file:
        return "missed"
    return "empty offer" if offers else "handed over"


def _has_all(words: Iterable[str], texts: Iterable[str]) -> bool:
    text = " ".join("\n".join(texts).split())
    return all(word in text for word in words)


def _describe(found: DryRunResult, files: Mapping[str, str]) -> str:
    answer = found.answer
    best = answer.findings[0] if answer.findings else None
    name = (
        f"{files.get(best.passage.document.id, best.passage.document.id)} > {best.passage.heading[-1]}"
        if best
        else "-"
    )
    return f"{answer.verdict} {answer.confidence:.2f} {name}"
