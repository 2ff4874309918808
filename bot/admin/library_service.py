"""Who keeps the library, as the bot knows them: what a plan says, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.types import LibraryTask


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What a plan does to one document. `inferred` names the fields nobody declared; `instead` is
    the title of another file's document that it takes the place of."""

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
    """What an upload would do. `mark` names this plan: another edition or other files, another
    mark. `refused` are files with the sentence that says why, `notes` what is to be known of files
    that were taken, `questions` the golden questions that would be answered otherwise."""

    token: str
    mark: str
    changes: tuple[DocumentChange, ...]
    refused: tuple[tuple[str, str], ...]
    to_embed: int
    notes: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """One edition, as an admin is told of it."""

    number: int
    created_at: datetime
    note: str
    counts: dict[str, int]
    active: bool


class LibraryService(Protocol):
    """Keeps the library. A task that is done twice does nothing more the second time."""

    def plan(self, task: LibraryTask) -> PlanSummary:
        """Fetch and keep what was sent, and say what it would do."""
        ...

    def apply(self, task: LibraryTask) -> EditionSummary | PlanSummary | None:
        """The edition that the plan `task.mark` became; a fresh plan where it no longer holds;
        None where the upload was discarded."""
        ...

    def discard(self, task: LibraryTask) -> EditionSummary | None:
        """Remove an upload; the edition that it became, where it was applied already."""
        ...

    def list_editions(self) -> list[EditionSummary]:
        """Every edition, newest first."""
        ...

    def activate(self, number: int) -> None:
        """Answer from another edition."""
        ...
