"""Compares the answers of a planned edition with those of the active one, on the exam."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.evaluation.exam_run import find_question_place
from bot.context import Services
from bot.founder.dry_run import run_dry_run
from ingest.pipeline import IngestPipeline
from ingest.types import Plan, Progress
from knowledge.chain import Chain
from knowledge.evaluation.answer_diff import ChangedAnswer, find_changed_answers
from knowledge.evaluation.exam import ExamQuestion, read_exam
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer


@dataclass(frozen=True, slots=True)
class PlanDiffer:
    """Answers the exam from the active edition and from a planned one.

    `chain` has no language model: quotes are the same each time, a model's wording is not.
    """

    ingest: IngestPipeline
    chain: Chain
    build_services: Callable[[], Services]
    exam_files: Sequence[Path] = ()

    def diff_plan(
        self, plan: Plan, exam: Sequence[ExamQuestion], progress: Progress
    ) -> list[ChangedAnswer]:
        """The questions of `exam` that the planned edition answers differently.

        Raises LibraryMissing when there is no active edition.
        """
        with self.ingest.open_planned_edition(plan, progress) as planned:
            editions = self.chain.library.get_current_edition(), planned
            return find_changed_answers(self._answer_exam(exam, editions, progress))

    def describe(self, plan: Plan) -> tuple[str, ...]:
        """One line for each question of `exam_files` that a plan changes, with its old and new
        verdict; none without such files.

        Raises LibraryMissing when there is no active edition.
        """
        if not self.exam_files:
            return ()
        changed = self.diff_plan(plan, read_exam(self.exam_files), lambda *_: None)
        return tuple(f"{one.question} ({one.old.verdict} → {one.new.verdict})" for one in changed)

    def _answer_exam(
        self, exam: Sequence[ExamQuestion], editions: tuple[Edition, Edition], progress: Progress
    ) -> Iterator[tuple[ExamQuestion, Answer, Answer]]:
        services = self.build_services()
        for number, golden in enumerate(exam, 1):
            old, new = (self._answer_from(edition, golden, services) for edition in editions)
            yield golden, old, new
            progress("asking", number, len(exam))

    def _answer_from(self, edition: Edition, golden: ExamQuestion, services: Services) -> Answer:
        """The answer a founder would get from an edition on the question's own day."""
        services = replace(
            services,
            now=golden.as_of or services.now,
            ask=lambda question: self.chain.ask(question, edition=edition),
        )
        place = find_question_place(services.places, golden)
        return run_dry_run(services, golden.question, place).answer
