"""The library as admins change it from a chat: a protocol, and the records it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.messages import LibraryTask


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What a plan does to one document. `inferred` names the fields that were read from the text,
    not declared; `replaces` is the title of the document of another file that it replaces."""

    act: Literal["created", "updated", "withdrawn"]
    title: str
    issuer: str = ""
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None
    inferred: tuple[str, ...] = ()
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What an upload would do. `mark` identifies the plan: it changes with the edition and the
    files. `refused` and `notes` are pairs of a file and a sentence: why it is not taken, or what to
    know about one that is. `questions` are the exam questions whose answer would change.
    `identity_changes` are documents whose issuer or url changes: title, field, old and new value."""

    token: str
    mark: str
    changes: tuple[DocumentChange, ...]
    refused: tuple[tuple[str, str], ...]
    to_embed: int
    notes: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    identity_changes: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """One edition as admins see it; `counts` by documents, passages, created, updated, withdrawn."""

    number: int
    created_at: datetime
    note: str
    counts: dict[str, int]
    active: bool


class LibraryService(Protocol):
    """Changes the library. Every method can run twice; the second time changes nothing more."""

    def plan(self, task: LibraryTask) -> PlanSummary:
        """Fetch and store what was sent, and say what it would do."""
        ...

    def apply(self, task: LibraryTask) -> EditionSummary | PlanSummary | None:
        """The edition that the plan `task.mark` became; a new plan if that one no longer holds;
        None if the upload was discarded."""
        ...

    def discard(self, task: LibraryTask) -> EditionSummary | None:
        """Remove an upload; the edition that it became, if it was applied already."""
        ...

    def publish_faqs(self) -> int | None:
        """Make an edition of the approved drafts, without those withdrawn; its number, None if that
        changes nothing."""
        ...

    def forget_uploads(self, who: str) -> None:
        """Delete the uploads of "channel:user" that became no edition."""
        ...

    def list_editions(self) -> list[EditionSummary]:
        """Every edition, newest first."""
        ...

    def activate(self, number: int) -> None:
        """Answer from edition `number`."""
        ...
