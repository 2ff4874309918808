"""Running an admin's library task, and reporting its result."""

from __future__ import annotations

from dataclasses import replace

from bot.admin import plan_text
from bot.admin.library_service import EditionSummary, LibraryService, PlanSummary
from bot.context import Decision
from bot.errors import UnreadableRecord
from bot.messages import Content, LibraryTask, Outgoing
from bot.phrases import render_phrase
from bot.store.serialisation import load_library_task
from bot.types import Conversation


def is_overtaken(task: LibraryTask, conversation: Conversation | None) -> bool:
    """Whether more files of the same album came since `task`: a later task plans them all.
    `conversation` is the admin's, None if it was erased."""
    upload = conversation.upload if conversation else None
    same = upload is not None and upload.token == task.token and task.act == "plan"
    return bool(same and upload and len(upload.files) > len(task.files))


def run_task(task: LibraryTask, library: LibraryService) -> Decision:
    """Run a task and report it to the admin. Takes seconds to minutes; run twice, it changes
    nothing more. Lets the library's errors through."""
    if task.act == "plan":
        return _report_plan(task, library.plan(task))
    if task.act == "apply":
        return _report_apply(task, library.apply(task))
    if task.act == "discard":
        return _report_discard(task, library.discard(task))
    if task.act == "faq":
        return _report_faqs(task, library.publish_faqs())
    return _roll_back(task, library)


def report_failure(task: LibraryTask) -> tuple[Outgoing, ...]:
    """The message to the admin about a task that failed for good."""
    return (Outgoing(task.to, Content(render_phrase("library.failed", task.language))),)


def report_lost_task(payload: str) -> tuple[Outgoing, ...]:
    """What the admin is told of a stored task that is given up; nothing where the task itself, and
    so its admin, cannot be read."""
    try:
        return report_failure(load_library_task(payload))
    except UnreadableRecord:
        return ()


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


def _report_faqs(task: LibraryTask, number: int | None) -> Decision:
    if number is None:
        return _report_outcome(task, "faqs_as_before", "nothing changes")
    told = _report_outcome(task, "faqs_published", f"edition {number}", number=number)
    if task.also_to is None:
        return told
    return replace(told, outgoing=(*told.outgoing, replace(told.outgoing[0], to=task.also_to)))


def _roll_back(task: LibraryTask, library: LibraryService) -> Decision:
    """Only from the edition that was active when it was asked for; otherwise ask again."""
    editions = {edition.number: edition for edition in library.list_editions()}
    active = next((edition.number for edition in editions.values() if edition.active), 0)
    if task.edition not in editions:
        known = ", ".join(map(str, editions)) or "-"
        return _report_outcome(
            task, "no_edition", "no such edition", wanted=task.edition, known=known
        )
    if active not in (task.edition, task.base):
        edition = editions[task.edition]
        question = plan_text.render_rollback_question(edition, active, task.language)
        return _tell_admin(task, question, f"edition {active} came between")
    library.activate(task.edition)
    return _report_outcome(task, "rolled_back", f"from edition {active}", number=task.edition)


def _report_outcome(task: LibraryTask, key: str, outcome: str, /, **values: object) -> Decision:
    return _tell_admin(
        task, Content(render_phrase(f"library.{key}", task.language, **values)), outcome
    )


def _tell_admin(task: LibraryTask, content: Content, outcome: str) -> Decision:
    """`outcome` is for the audit."""
    act = f"{task.act} {task.token or task.edition}: {outcome}"
    return Decision(outgoing=(Outgoing(task.to, content),), audit=(task.who, act))
