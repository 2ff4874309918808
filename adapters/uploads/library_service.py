"""The librarian that admins speak to in a chat: uploads become plans, plans become editions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.uploads.upload_store import StoredUpload, UploadStore
from bot.admin.library_service import DocumentChange, EditionSummary, PlanSummary
from bot.types import LibraryTask
from ingest.errors import NotFetched
from ingest.pipeline import IngestPipeline
from ingest.remarks import Remark
from ingest.sources.page_store import PageStore
from ingest.types import Change, Plan
from knowledge.catalogue import EditionRow
from knowledge.errors import LibraryChanged
from knowledge.types import Language, Version

NOTE_MAX_FILE_NAMES = 3  # files that an edition's note names


@dataclass(frozen=True, slots=True)
class ChatLibraryService:
    """Does the tasks of chats. What it made it knows again by the mark in an edition's note, so
    that a task that is done twice, after a kill or a double press, makes nothing twice.

    `questions` gives the golden questions that a plan would have answered otherwise; `expire`
    drops uploads that nobody decided about for long.
    """

    ingest: IngestPipeline
    page_store: PageStore
    upload_store: UploadStore
    now: Callable[[], datetime]
    list_changed_questions: Callable[[Plan], tuple[str, ...]]
    expire_uploads: Callable[[], None]

    def plan(self, task: LibraryTask) -> PlanSummary:
        """Fetch and keep what was sent, and say what it would do. What would do nothing is not
        kept."""
        self.expire_uploads()
        planned = self._add_changed_questions(*self._build_plan(task, self._store_upload(task)))
        if not planned.changes:
            self.upload_store.delete_upload(task.who, task.token)
        return planned

    def apply(self, task: LibraryTask) -> EditionSummary | PlanSummary | None:
        """The edition of the plan `task.mark`; a fresh plan where another one is called for."""
        if made := self._find_edition(f".{task.mark}]"):
            return made
        kept = self.upload_store.find_upload(task.who, task.token)
        if kept is None:
            return None
        planned, plan = self._build_plan(task, kept)
        if planned.mark != task.mark:
            return self._add_changed_questions(planned, plan)
        note = f"{_summarise_file_names(kept)} [{task.token}.{task.mark}]"
        try:
            self.ingest.apply(plan, note=note, now=self.now())
        except LibraryChanged:
            return self._add_changed_questions(*self._build_plan(task, kept))
        return self._find_edition(f".{task.mark}]")

    def discard(self, task: LibraryTask) -> EditionSummary | None:
        """Remove an upload, unless it has become an edition."""
        made = self._find_edition(f"[{task.token}.")
        if made is None:
            self.upload_store.delete_upload(task.who, task.token)
        return made

    def list_editions(self) -> list[EditionSummary]:
        return [_describe_edition(row) for row in self.ingest.catalogue.list_editions()]

    def activate(self, number: int) -> None:
        self.ingest.rollback(number)

    def _store_upload(self, task: LibraryTask) -> StoredUpload:
        if not task.url:
            return self.upload_store.store_files(task.who, task.token, task.files)
        try:
            kept = StoredUpload((self.page_store.fetch_once(task.url, self.now()),), ())
        except NotFetched as error:
            kept = StoredUpload((), ((task.url, error.remark),))
        return self.upload_store.write_manifest(task.who, task.token, kept)

    def _build_plan(self, task: LibraryTask, kept: StoredUpload) -> tuple[PlanSummary, Plan]:
        plan = self.ingest.plan(kept.roots)
        changes = [change for change in plan.changes if change.kind != "unchanged"]
        old = self._load_base_versions(plan) if changes else {}
        refused = (*kept.refused, *((one.file, one.remark) for one in plan.skipped))
        papers = tuple(_describe_change(change, old) for change in changes)
        mark = _compute_plan_mark(plan.base, changes)
        notes = ((one.file, one.remark) for one in plan.notes)
        return PlanSummary(
            task.token, mark, papers, _render_remarks(refused, task.language), plan.to_embed,
            _render_remarks(notes, task.language),
        ), plan  # fmt: skip

    def _add_changed_questions(self, planned: PlanSummary, plan: Plan) -> PlanSummary:
        """A plan as it is shown, with the questions that it changes the answers of."""
        return (
            replace(planned, questions=self.list_changed_questions(plan))
            if planned.changes
            else planned
        )

    def _load_base_versions(self, plan: Plan) -> dict[str, Version]:
        """The documents of the edition a plan was made against."""
        versions = self.ingest.catalogue.load_versions(plan.base) if plan.base is not None else []
        return {version.document.id: version for version in versions}

    def _find_edition(self, part: str) -> EditionSummary | None:
        """The edition whose note has this in it: that of a plan, or of an upload."""
        rows = self.ingest.catalogue.list_editions()
        return next((_describe_edition(row) for row in rows if part in row.note), None)


def _describe_change(change: Change, old: dict[str, Version]) -> DocumentChange:
    """A change as the admin reads it. A document of the same id that another place brought gets
    lost by it, so it is named."""
    document = change.version.document
    before = old.get(document.id)
    moved = before is not None and before.origin != change.version.origin
    assert change.kind != "unchanged"
    return DocumentChange(
        act=change.kind,
        title=document.title,
        issuer=document.issuer,
        published=document.published,
        effective_from=document.effective_from,
        expires=document.expires,
        inferred=document.inferred,
        replaces=before.document.title if before and moved else "",
    )


def _render_remarks(
    remarks: Iterable[tuple[str, Remark]], language: Language
) -> tuple[tuple[str, str], ...]:
    """Files, and what is said of them to whoever asked."""
    return tuple((file, remark.render(language)) for file, remark in remarks)


def _compute_plan_mark(base: int | None, changes: Sequence[Change]) -> str:
    """Names a plan: the edition it was made against and all that it changes."""
    what = [[one.kind, one.version.document.id, one.version.digest] for one in changes]
    return hashlib.sha256(json.dumps([base, what]).encode()).hexdigest()[:12]


def _summarise_file_names(kept: StoredUpload) -> str:
    names = [root.path.name for root in kept.roots]
    return ", ".join(names[:NOTE_MAX_FILE_NAMES]) + (
        " …" if len(names) > NOTE_MAX_FILE_NAMES else ""
    )


def _describe_edition(row: EditionRow) -> EditionSummary:
    note = row.note.rpartition(" [")[0] if row.note.endswith("]") else row.note
    return EditionSummary(row.id, row.created_at, note, dict(row.counts), row.active)
