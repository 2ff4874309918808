"""Doing what an admin asked of the library, and saying what came of it."""

from __future__ import annotations

from bot.admin import plan_text
from bot.admin.library_service import EditionSummary, LibraryService, PlanSummary
from bot.phrases import render_phrase
from bot.types import Content, Conversation, Decision, LibraryTask, Outgoing


def is_overtaken(task: LibraryTask, talk: Conversation | None) -> bool:
    """Whether more files of the same album came since: a later task plans them all."""
    upload = talk.upload if talk else None
    same = upload is not None and upload.token == task.token and task.act == "plan"
    return bool(same and upload and len(upload.files) > len(task.files))


def run_task(task: LibraryTask, librarian: LibraryService) -> Decision:
    """Do it. Takes seconds to minutes; done twice, it changes nothing more."""
    if task.act == "plan":
        return _report_plan(task, librarian.plan(task))
    if task.act == "apply":
        return _report_apply(task, librarian.apply(task))
    if task.act == "discard":
        return _report_discard(task, librarian.discard(task))
    return _roll_back(task, librarian)


def report_failure(task: LibraryTask) -> tuple[Outgoing, ...]:
    """What an admin is told of a task that nobody could do."""
    return (Outgoing(task.to, Content(render_phrase("library.failed", task.language))),)


def _report_plan(task: LibraryTask, planned: PlanSummary, head: str = "plan") -> Decision:
    counted = f"{len(planned.changes)} changes, {len(planned.refused)} refused"
    return _tell_admin(
        task, plan_text.render_plan(planned, task.language, head), f"{planned.mark}, {counted}"
    )


def _report_apply(task: LibraryTask, made: EditionSummary | PlanSummary | None) -> Decision:
    if made is None:
        return _report_outcome(task, "gone", "the upload is gone")
    if isinstance(made, PlanSummary):
        return _report_plan(task, made, "plan_anew")
    key = "applied" if made.active else "applied_before"
    counts = plan_text.render_counts(made, task.language)
    return _report_outcome(task, key, f"edition {made.number}", number=made.number, counts=counts)


def _report_discard(task: LibraryTask, made: EditionSummary | None) -> Decision:
    if made is not None:
        return _report_outcome(
            task, "applied_before", f"is edition {made.number}", number=made.number
        )
    return _report_outcome(task, "discarded", "discarded")


def _roll_back(task: LibraryTask, librarian: LibraryService) -> Decision:
    """Only from the edition that answered when it was asked for; else it is asked again."""
    shelves = {one.number: one for one in librarian.list_editions()}
    active = next((one.number for one in shelves.values() if one.active), 0)
    if task.edition not in shelves:
        known = ", ".join(map(str, shelves)) or "-"
        return _report_outcome(
            task, "no_edition", "no such edition", wanted=task.edition, known=known
        )
    if active not in (task.edition, task.base):
        anew = plan_text.render_rollback_question(shelves[task.edition], active, task.language)
        return _tell_admin(task, anew, f"edition {active} came between")
    librarian.activate(task.edition)
    return _report_outcome(task, "rolled_back", f"from edition {active}", number=task.edition)


def _report_outcome(task: LibraryTask, key: str, came: str, /, **values: object) -> Decision:
    return _tell_admin(
        task, Content(render_phrase(f"library.{key}", task.language, **values)), came
    )


def _tell_admin(task: LibraryTask, body: Content, came: str) -> Decision:
    act = f"{task.act} {task.token or task.edition}: {came}"
    return Decision(outgoing=(Outgoing(task.to, body),), audit=(task.who, act))
