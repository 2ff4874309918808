"""What an ingest would change for founders: the golden exam, asked of two editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.bootstrap import App
from adapters.evaluation.exam_run import find_question_place
from bot.context import Services
from bot.founder.dry_run import run_dry_run
from ingest.types import Plan, Progress
from knowledge.chain import Chain
from knowledge.evaluation.answer_diff import ChangedAnswer, find_changed_answers
from knowledge.evaluation.exam import ExamQuestion, list_exam_files, read_exam
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer


def diff_plan(
    app: App, plan: Plan, exam: Sequence[ExamQuestion], progress: Progress
) -> list[ChangedAnswer]:
    """The questions of `exam` that the planned edition would answer otherwise than the one in
    force. Answers are quotes: a model's wording differs from one time to the next."""
    with app.ingest.open_planned_edition(plan, progress) as planned:
        editions = app.library.get_current_edition(), planned
        return find_changed_answers(_answer_exam(app, exam, editions, progress))


def _answer_exam(
    app: App, exam: Sequence[ExamQuestion], editions: tuple[Edition, Edition], progress: Progress
) -> Iterator[tuple[ExamQuestion, Answer, Answer]]:
    chain, tools = Chain(app.library), app.build_services()
    for number, golden in enumerate(exam, 1):
        old, new = (
            _answer_from_edition(app, chain, tools, golden, edition) for edition in editions
        )
        yield golden, old, new
        progress("asking", number, len(exam))


def _answer_from_edition(
    app: App, chain: Chain, tools: Services, golden: ExamQuestion, edition: Edition
) -> Answer:
    """As a founder would be answered from an edition, on the question's own day."""
    asked = replace(
        tools,
        now=golden.as_of or tools.now,
        ask=lambda question: chain.ask(question, edition=edition),
    )
    return run_dry_run(asked, golden.question, find_question_place(app, golden)).answer


def describe_plan_diff(app: App, plan: Plan) -> tuple[str, ...]:
    """The questions of the whole exam that a plan changes, each with its two verdicts."""
    exam = read_exam(list_exam_files(None))
    changed = diff_plan(app, plan, exam, lambda *_: None)
    return tuple(f"{one.question} ({one.old.verdict} → {one.new.verdict})" for one in changed)
