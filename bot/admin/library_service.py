"""Who keeps the library, as the bot knows them: what a plan says, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bot.types import Task


@dataclass(frozen=True, slots=True)
class Paper:
    """What a plan does to one document. `inferred` names the fields nobody declared; `instead` is
    the title of another file's document that it takes the place of."""

    act: Literal["created", "updated", "withdrawn"]
    title: str
    issuer: str = ""
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None
    inferred: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What an upload would do. `mark` names this plan: another edition or other files, another
    mark. `refused` are files with the sentence that says why, `notes` what is to be known of files
    that were taken, `questions` the golden questions that would be answered otherwise."""

    token: str
    mark: str
    papers: tuple[Paper, ...]
    refused: tuple[tuple[str, str], ...]
    to_embed: int
    notes: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """One edition, as an admin is told of it."""

    number: int
    made: datetime
    note: str
    counts: dict[str, int]
    active: bool


class Librarian(Protocol):
    """Keeps the library. A task that is done twice does nothing more the second time."""

    def plan(self, task: Task) -> Planned:
        """Fetch and keep what was sent, and say what it would do."""
        ...

    def apply(self, task: Task) -> Shelf | Planned | None:
        """The edition that the plan `task.mark` became; a fresh plan where it no longer holds;
        None where the upload was discarded."""
        ...

    def discard(self, task: Task) -> Shelf | None:
        """Remove an upload; the edition that it became, where it was applied already."""
        ...

    def editions(self) -> list[Shelf]:
        """Every edition, newest first."""
        ...

    def activate(self, number: int) -> None:
        """Answer from another edition."""
        ...
