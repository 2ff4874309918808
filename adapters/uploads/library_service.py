"""The librarian that admins speak to in a chat: uploads become plans, plans become editions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.uploads.upload_store import Kept, Shelves
from bot.admin.library_service import Paper, Planned, Shelf
from bot.types import Task
from ingest.errors import NotFetched
from ingest.pipeline import Ingest
from ingest.remarks import Remark
from ingest.sources.page_store import Keeper
from ingest.types import Change, Plan
from knowledge.catalogue import EditionRow
from knowledge.errors import LibraryChanged
from knowledge.types import Language, Version

NAMED = 3  # files that an edition's note names


@dataclass(frozen=True, slots=True)
class ChatLibrarian:
    """Does the tasks of chats. What it made it knows again by the mark in an edition's note, so
    that a task that is done twice, after a kill or a double press, makes nothing twice.

    `questions` gives the golden questions that a plan would have answered otherwise; `expire`
    drops uploads that nobody decided about for long.
    """

    ingest: Ingest
    keeper: Keeper
    shelves: Shelves
    now: Callable[[], datetime]
    questions: Callable[[Plan], tuple[str, ...]]
    expire: Callable[[], None]

    def plan(self, task: Task) -> Planned:
        """Fetch and keep what was sent, and say what it would do. What would do nothing is not
        kept."""
        self.expire()
        planned = self._shown(*self._planned(task, self._kept(task)))
        if not planned.papers:
            self.shelves.drop(task.who, task.token)
        return planned

    def apply(self, task: Task) -> Shelf | Planned | None:
        """The edition of the plan `task.mark`; a fresh plan where another one is called for."""
        if made := self._made(f".{task.mark}]"):
            return made
        kept = self.shelves.find(task.who, task.token)
        if kept is None:
            return None
        planned, plan = self._planned(task, kept)
        if planned.mark != task.mark:
            return self._shown(planned, plan)
        note = f"{_called(kept)} [{task.token}.{task.mark}]"
        try:
            self.ingest.apply(plan, note=note, now=self.now())
        except LibraryChanged:
            return self._shown(*self._planned(task, kept))
        return self._made(f".{task.mark}]")

    def discard(self, task: Task) -> Shelf | None:
        """Remove an upload, unless it has become an edition."""
        made = self._made(f"[{task.token}.")
        if made is None:
            self.shelves.drop(task.who, task.token)
        return made

    def editions(self) -> list[Shelf]:
        return [_shelf(row) for row in self.ingest.catalogue.editions()]

    def activate(self, number: int) -> None:
        self.ingest.rollback(number)

    def _kept(self, task: Task) -> Kept:
        if not task.url:
            return self.shelves.keep(task.who, task.token, task.files)
        try:
            kept = Kept((self.keeper.once(task.url, self.now()),), ())
        except NotFetched as error:
            kept = Kept((), ((task.url, error.remark),))
        return self.shelves.listed(task.who, task.token, kept)

    def _planned(self, task: Task, kept: Kept) -> tuple[Planned, Plan]:
        plan = self.ingest.plan(kept.roots)
        changes = [change for change in plan.changes if change.kind != "unchanged"]
        old = self._present(plan) if changes else {}
        refused = (*kept.refused, *((one.file, one.why) for one in plan.skipped))
        papers = tuple(_paper(change, old) for change in changes)
        mark = _mark(plan.base, changes)
        notes = ((one.file, one.says) for one in plan.notes)
        return Planned(
            task.token, mark, papers, _said(refused, task.language), plan.to_embed,
            _said(notes, task.language),
        ), plan  # fmt: skip

    def _shown(self, planned: Planned, plan: Plan) -> Planned:
        """A plan as it is shown, with the questions that it changes the answers of."""
        return replace(planned, questions=self.questions(plan)) if planned.papers else planned

    def _present(self, plan: Plan) -> dict[str, Version]:
        """The documents of the edition a plan was made against."""
        versions = self.ingest.catalogue.versions(plan.base) if plan.base is not None else []
        return {version.document.id: version for version in versions}

    def _made(self, part: str) -> Shelf | None:
        """The edition whose note has this in it: that of a plan, or of an upload."""
        rows = self.ingest.catalogue.editions()
        return next((_shelf(row) for row in rows if part in row.note), None)


def _paper(change: Change, old: dict[str, Version]) -> Paper:
    """A change as the admin reads it. A document of the same id that another place brought gets
    lost by it, so it is named."""
    document = change.version.document
    before = old.get(document.id)
    moved = before is not None and before.origin != change.version.origin
    assert change.kind != "unchanged"
    return Paper(
        act=change.kind,
        title=document.title,
        issuer=document.issuer,
        published=document.published,
        effective_from=document.effective_from,
        expires=document.expires,
        inferred=document.inferred,
        instead=before.document.title if before and moved else "",
    )


def _said(remarks: Iterable[tuple[str, Remark]], language: Language) -> tuple[tuple[str, str], ...]:
    """Files, and what is said of them to whoever asked."""
    return tuple((file, remark.said(language)) for file, remark in remarks)


def _mark(base: int | None, changes: Sequence[Change]) -> str:
    """Names a plan: the edition it was made against and all that it changes."""
    what = [[one.kind, one.version.document.id, one.version.digest] for one in changes]
    return hashlib.sha256(json.dumps([base, what]).encode()).hexdigest()[:12]


def _called(kept: Kept) -> str:
    names = [root.path.name for root in kept.roots]
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _shelf(row: EditionRow) -> Shelf:
    note = row.note.rpartition(" [")[0] if row.note.endswith("]") else row.note
    return Shelf(row.id, row.created_at, note, dict(row.counts), row.active)
