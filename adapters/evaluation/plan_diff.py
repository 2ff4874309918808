"""Compares the answers of a planned edition with those of the active one, on the exam."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.evaluation.exam_run import find_question_place
from bot.context import Services
from bot.founder.dry_run import run_dry_run
from bot.types import Case
from ingest.pipeline import IngestPipeline
from ingest.types import Plan, Progress
from knowledge.chain import Chain
from knowledge.evaluation.answer_diff import ChangedAnswer, find_changed_answers
from knowledge.evaluation.exam import ExamQuestion, read_exam
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer

CASES_ASKED = 50  # the latest, of which the founder's question is asked again
CASE_MARK = "#"  # before a case's number, as the id of its question


def list_case_questions(cases: Sequence[Case]) -> list[ExamQuestion]:
    """What founders asked in the latest cases, without those that are sealed or erased."""
    return [
        ExamQuestion(f"{CASE_MARK}{one.number}", one.language, one.question, answerable=False)
        for one in list(filter(may_be_asked, cases))[-CASES_ASKED:]
    ]


def may_be_asked(case: Case) -> bool:
    """Whether a plan may show how a case's question is answered: it is a founder's, not sealed and not
    erased."""
    return not case.sealed and not case.is_erased and case.parent is None


@dataclass(frozen=True, slots=True)
class PlanDiffer:
    """Answers the exam from the active edition and from a planned one.

    `list_cases` gives the cases by number. `chain` has no language model: quotes are the same each time, a model's wording is not.
    """

    ingest: IngestPipeline
    chain: Chain
    build_services: Callable[[], Services]
    exam_files: Sequence[Path] = ()
    list_cases: Callable[[], Sequence[Case]] = tuple

    def diff_plan(
        self, plan: Plan, exam: Sequence[ExamQuestion], progress: Progress
    ) -> list[ChangedAnswer]:
        """The questions of `exam` that the planned edition answers differently.

        Raises LibraryMissing when there is no active edition.
        """
        with self.ingest.open_planned_edition(plan, progress) as planned:
            editions = self.chain.library.get_current_edition(), planned
            return find_changed_answers(self._answer_exam(exam, editions, progress))

    def compare(self, plan: Plan) -> tuple[ChangedAnswer, ...]:
        """The questions of `exam_files` and of the latest cases that a plan answers differently; none
        without such files. Of a case its number stands for its question, so that what is made of
        this keeps no founder's words.

        Raises LibraryMissing when there is no active edition.
        """
        if not self.exam_files:
            return ()
        exam = [*read_exam(self.exam_files), *list_case_questions(self.list_cases())]
        changed = self.diff_plan(plan, exam, lambda *_: None)
        return tuple(
            replace(one, question=one.id) if one.id.startswith(CASE_MARK) else one
            for one in changed
        )

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
