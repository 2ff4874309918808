"""What is kept of a plan for its page."""

from __future__ import annotations

from dataclasses import replace

from adapters.bootstrap import App
from adapters.serve.sweeping import sweep_records
from adapters.uploads.plan_record import PLAN_RECORD_NAME
from bot.context import Decision
from bot.types import ERASED
from knowledge.evaluation.answer_diff import AnswerSnapshot, ChangedAnswer
from tests.adapters.uploads.conftest import NOW
from tests.adapters.uploads.test_library_service import TASK, TOKEN
from tests.samples.records import make_case

CHANGED = ChangedAnswer(
    "#7", "#7", AnswerSnapshot("no_evidence", "", ()), AnswerSnapshot("answered", "네.", ("a",))
)


def test_a_plan_can_be_read_again_until_it_is_discarded(app: App) -> None:
    service = replace(app.library_service, find_changed_answers=lambda _: (CHANGED,))
    planned = service.plan(TASK)
    assert planned.questions == ("#7 (no_evidence → answered)",)
    kept = service.find_plan(TASK.who, TOKEN)
    assert kept and kept.summary == planned and kept.answers == (CHANGED,)
    (document,) = kept.documents
    assert (document.kind, document.before) == ("created", "")
    assert document.after.splitlines()[-1] == "글입니다." and "## 무엇인가요?" in document.after
    assert service.find_plan("telegram:1", TOKEN) is None  # of another person
    service.discard(replace(TASK, act="discard"))
    assert service.find_plan(TASK.who, TOKEN) is None


def test_answers_to_cases_that_were_sealed_or_erased_since_leave_the_file(app: App) -> None:
    changed = [replace(CHANGED, id=one, question=one) for one in ("#7", "#8", "#9", "#10", "vn-1")]
    service = replace(app.library_service, find_changed_answers=lambda _: tuple(changed))
    service.plan(TASK)
    cases = [
        make_case(7),
        make_case(8, sealed=True),
        make_case(9, conversation=ERASED, question=""),
    ]
    for case in cases:
        app.store.commit_without_message(f"{case.number}", Decision(new_case=case), NOW)
    sweep_records(app)
    kept = service.find_plan(TASK.who, TOKEN)
    assert kept and [one.id for one in kept.answers] == ["#7", "vn-1"]  # of 10 there is no case


def test_a_record_of_another_form_counts_as_none(app: App) -> None:
    app.library_service.plan(TASK)
    app.upload_store.write_note(TASK.who, TOKEN, PLAN_RECORD_NAME, b'{"plan": 1}')
    assert app.library_service.find_plan(TASK.who, TOKEN) is None
