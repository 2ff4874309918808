"""What an ingest would change for founders: the golden exam, asked of two editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.bootstrap import App
from adapters.evaluation.exam_run import place_of
from bot.context import Tools
from bot.founder.dry_run import consult
from ingest.types import Plan, Progress
from knowledge.chain import Chain
from knowledge.evaluation.answer_diff import Changed, changed
from knowledge.evaluation.exam import Golden, parts, read_exam
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer


def rehearse(app: App, plan: Plan, exam: Sequence[Golden], progress: Progress) -> list[Changed]:
    """The questions of `exam` that the planned edition would answer otherwise than the one in
    force. Answers are quotes: a model's wording differs from one time to the next."""
    with app.ingest.rehearse(plan, progress) as planned:
        editions = app.library.current(), planned
        return changed(_asked(app, exam, editions, progress))


def _asked(
    app: App, exam: Sequence[Golden], editions: tuple[Edition, Edition], progress: Progress
) -> Iterator[tuple[Golden, Answer, Answer]]:
    chain, tools = Chain(app.library), app.tools()
    for number, golden in enumerate(exam, 1):
        old, new = (_answer(app, chain, tools, golden, edition) for edition in editions)
        yield golden, old, new
        progress("asking", number, len(exam))


def _answer(app: App, chain: Chain, tools: Tools, golden: Golden, edition: Edition) -> Answer:
    """As a founder would be answered from an edition, on the question's own day."""
    asked = replace(
        tools,
        now=golden.as_of or tools.now,
        ask=lambda question: chain.ask(question, edition=edition),
    )
    return consult(asked, golden.question, place_of(app, golden)).answer


def otherwise(app: App, plan: Plan) -> tuple[str, ...]:
    """The questions of the whole exam that a plan changes, each with its two verdicts."""
    exam = read_exam(parts(None))
    changed = rehearse(app, plan, exam, lambda *_: None)
    return tuple(f"{one.question} ({one.old.verdict} → {one.new.verdict})" for one in changed)
