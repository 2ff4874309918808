"""Doing what an admin asked of the library, and saying what came of it."""

from __future__ import annotations

from bot.admin import plan_text
from bot.admin.library_service import Librarian, Planned, Shelf
from bot.phrases import say
from bot.types import Body, Conversation, Decision, Outgoing, Task


def is_overtaken(task: Task, talk: Conversation | None) -> bool:
    """Whether more files of the same album came since: a later task plans them all."""
    upload = talk.upload if talk else None
    same = upload is not None and upload.token == task.token and task.act == "plan"
    return bool(same and upload and len(upload.files) > len(task.files))


def work(task: Task, librarian: Librarian) -> Decision:
    """Do it. Takes seconds to minutes; done twice, it changes nothing more."""
    if task.act == "plan":
        return _planned(task, librarian.plan(task))
    if task.act == "apply":
        return _applied(task, librarian.apply(task))
    if task.act == "discard":
        return _discarded(task, librarian.discard(task))
    return _rolled_back(task, librarian)


def failed(task: Task) -> tuple[Outgoing, ...]:
    """What an admin is told of a task that nobody could do."""
    return (Outgoing(task.to, Body(say("library.failed", task.language))),)


def _planned(task: Task, planned: Planned, head: str = "plan") -> Decision:
    counted = f"{len(planned.papers)} changes, {len(planned.refused)} refused"
    return _told(task, plan_text.body(planned, task.language, head), f"{planned.mark}, {counted}")


def _applied(task: Task, made: Shelf | Planned | None) -> Decision:
    if made is None:
        return _ended(task, "gone", "the upload is gone")
    if isinstance(made, Planned):
        return _planned(task, made, "plan_anew")
    key = "applied" if made.active else "applied_before"
    counts = plan_text.counts(made, task.language)
    return _ended(task, key, f"edition {made.number}", number=made.number, counts=counts)


def _discarded(task: Task, made: Shelf | None) -> Decision:
    if made is not None:
        return _ended(task, "applied_before", f"is edition {made.number}", number=made.number)
    return _ended(task, "discarded", "discarded")


def _rolled_back(task: Task, librarian: Librarian) -> Decision:
    """Only from the edition that answered when it was asked for; else it is asked again."""
    shelves = {one.number: one for one in librarian.editions()}
    active = next((one.number for one in shelves.values() if one.active), 0)
    if task.edition not in shelves:
        known = ", ".join(map(str, shelves)) or "-"
        return _ended(task, "no_edition", "no such edition", wanted=task.edition, known=known)
    if active not in (task.edition, task.base):
        anew = plan_text.rollback(shelves[task.edition], active, task.language)
        return _told(task, anew, f"edition {active} came between")
    librarian.activate(task.edition)
    return _ended(task, "rolled_back", f"from edition {active}", number=task.edition)


def _ended(task: Task, key: str, came: str, /, **values: object) -> Decision:
    return _told(task, Body(say(f"library.{key}", task.language, **values)), came)


def _told(task: Task, body: Body, came: str) -> Decision:
    act = f"{task.act} {task.token or task.edition}: {came}"
    return Decision(outgoing=(Outgoing(task.to, body),), audit=(task.who, act))
