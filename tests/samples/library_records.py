"""Records of an admin who keeps the library, with everything filled in that a test does not
care about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.admin.library_commands import AdminTurn
from bot.admin.library_service import (
    DocumentChange,
    EditionSummary,
    LibraryService,
    PlanSummary,
)
from bot.messages import Address, LibraryTask, Message
from bot.types import Conversation
from tests.samples.records import FOUNDER, NOW, make_conversation


def make_admin_turn(
    message: Message, conversation: Conversation | None = None, **values: Any
) -> AdminTurn:
    """A turn of an admin, whose library is `library_service` (an empty one unless given)."""
    service: LibraryService = values.get("library_service") or InMemoryLibrary()
    return AdminTurn(
        message,
        conversation or make_conversation(),
        values.get("is_admin", True),
        lambda: service,
    )


def make_library_task(act: Any = "plan", **values: Any) -> LibraryTask:
    """What the admin FOUNDER asks of the library in their private chat."""
    values = {"token": "t1", "language": "ko", **values}
    if act == "rollback":
        values["token"] = ""
    return LibraryTask(act, FOUNDER, Address("telegram", "1001"), **values)


def make_edition_summary(number: int, active: bool = False) -> EditionSummary:
    return EditionSummary(number, NOW, f"{number}.pdf", {"documents": number}, active)


def make_plan_summary(mark: str = "mark1") -> PlanSummary:
    """A plan that would create one document."""
    return PlanSummary("t1", mark, (DocumentChange("created", "새 공고"),), (), 3)


class InMemoryLibrary:
    """A LibraryService whose `outcome` is what planning, applying or discarding comes to."""

    def __init__(self, editions: Iterable[EditionSummary] = (), outcome: Any = None) -> None:
        self.editions, self.outcome = list(editions), outcome
        self.done: list[object] = []

    def publish_faqs(self) -> int | None:
        self.done.append("faq")
        number: int | None = self.outcome
        return number

    def forget_uploads(self, who: str) -> None:
        self.done.append(("forget", who))

    def plan(self, task: LibraryTask) -> PlanSummary:
        self.done.append(task)
        plan: PlanSummary = self.outcome
        return plan

    def apply(self, task: LibraryTask) -> EditionSummary | PlanSummary | None:
        self.done.append(task)
        made: EditionSummary | PlanSummary | None = self.outcome
        return made

    def discard(self, task: LibraryTask) -> EditionSummary | None:
        self.done.append(task)
        made: EditionSummary | None = self.outcome
        return made

    def list_editions(self) -> list[EditionSummary]:
        return self.editions

    def activate(self, number: int) -> None:
        self.done.append(number)
