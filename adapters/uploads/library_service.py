"""The library service of chats: uploads become plans, plans become editions.

See docs/decisions/0033-plans-identified-by-a-digest-in-the-edition-note.md
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.uploads.plan_record import (
    PLAN_RECORD_NAME,
    PlanRecord,
    describe_plan,
    dump_plan,
    load_plan,
)
from adapters.uploads.upload_store import StoredUpload, UploadStore
from bot.admin.library_service import DocumentChange, EditionSummary, PlanSummary
from bot.messages import LibraryTask
from ingest.errors import NotFetched
from ingest.pipeline import IngestPipeline
from ingest.plan.approval import list_identity_changes
from ingest.plan.scan import SOURCE_ORIGIN_PREFIX
from ingest.remarks import Remark
from ingest.sources.config import read_sources
from ingest.sources.page_store import PageStore
from ingest.types import Change, Plan, Root, SourceConfig
from knowledge.catalogue import EditionRow
from knowledge.errors import LibraryChanged
from knowledge.evaluation.answer_diff import ChangedAnswer
from knowledge.types import Language, Version

NOTE_MAX_FILE_NAMES = 3  # named in an edition's note


@dataclass(frozen=True, slots=True)
class ChatLibraryService:
    """Does the library tasks of chats. An edition stores the mark of its plan, so that a task
    done twice, after a kill or a double press, makes one edition.

    `find_changed_answers` gives the questions that a plan would answer differently; `expire_uploads` deletes uploads left undecided too long; `build_source_root` gives
    the files of a source that is listed in `sources_file`; `make_faq_edition` brings in the drafts
    that are approved.
    """

    ingest: IngestPipeline
    page_store: PageStore
    upload_store: UploadStore
    now: Callable[[], datetime]
    find_changed_answers: Callable[[Plan], tuple[ChangedAnswer, ...]]
    expire_uploads: Callable[[], None]
    sources_file: Path
    build_source_root: Callable[[SourceConfig], Root]
    make_faq_edition: Callable[[], int | None]

    def plan(self, task: LibraryTask) -> PlanSummary:
        """Store what was sent and plan its ingest. An upload that changes nothing is deleted."""
        self.expire_uploads()
        planned = self._complete_plan(task, *self._build_plan(task, self._store_upload(task)))
        if not planned.changes:
            self.upload_store.delete_upload(task.who, task.token)
        return planned

    def apply(self, task: LibraryTask) -> EditionSummary | PlanSummary | None:
        """Apply the plan `task.mark` and return its edition, which may have been made before.

        Returns a new plan if the library changed since, and None if the upload is gone.
        """
        if made := self._find_edition(lambda row: row.plan_mark == task.mark):
            return made
        stored = self.upload_store.find_upload(task.who, task.token)
        if stored is None:
            return None
        planned, plan = self._build_plan(task, stored)
        if planned.mark != task.mark:
            return self._complete_plan(task, planned, plan)
        try:
            self.ingest.apply(
                plan,
                note=_summarise_file_names(stored),
                now=self.now(),
                plan_mark=task.mark,
                upload=task.token,
            )
        except LibraryChanged:
            return self._complete_plan(task, *self._build_plan(task, stored))
        return self._find_edition(lambda row: row.plan_mark == task.mark)

    def discard(self, task: LibraryTask) -> EditionSummary | None:
        """Delete an upload; returns the edition if it has become one, and keeps the upload then."""
        made = self.find_edition_of(task.token)
        if made is None:
            self.upload_store.delete_upload(task.who, task.token)
        return made

    def publish_faqs(self) -> int | None:
        """Bring in the approved drafts; the edition's number, None if that changes nothing."""
        return self.make_faq_edition()

    def forget_uploads(self, who: str) -> None:
        """Delete the uploads of a person ("channel:user") of which no edition was made; those of an
        edition are the library's."""
        applied = {row.upload for row in self.ingest.catalogue.list_editions()}
        for token in self.upload_store.list_tokens(who):
            upload = self.upload_store.find_upload(who, token)
            if token not in applied and not (upload and upload.applied_versions):
                self.upload_store.delete_upload(who, token)

    def find_plan(self, who: str, token: str) -> PlanRecord | None:
        """What was planned of an upload of "channel:user"; None for one that was discarded or that
        another machine planned."""
        content = self.upload_store.read_note(who, token, PLAN_RECORD_NAME)
        return load_plan(content) if content else None

    def find_edition_of(self, token: str) -> EditionSummary | None:
        """The edition that an upload became."""
        return self._find_edition(lambda row: row.upload == token)

    def list_editions(self) -> list[EditionSummary]:
        """Every edition that can be activated, newest first."""
        return [_describe_edition(row) for row in self.ingest.catalogue.list_editions()]

    def activate(self, number: int) -> None:
        """Make an edition the active one. Raises LibraryMissing if there is none of that number."""
        self.ingest.rollback(number)

    def _store_upload(self, task: LibraryTask) -> StoredUpload:
        if not task.url:
            return self.upload_store.store_files(task.who, task.token, task.files)
        if task.url.startswith(SOURCE_ORIGIN_PREFIX):
            return self._store_source(task)
        try:
            stored = StoredUpload((self.page_store.fetch_once(task.url, self.now()),), ())
        except NotFetched as error:
            stored = StoredUpload((), ((task.url, error.remark),))
        return self.upload_store.write_manifest(task.who, task.token, stored)

    def _store_source(self, task: LibraryTask) -> StoredUpload:
        """The files of a source as an upload, so that what waits there is planned and applied."""
        name = task.url.removeprefix(SOURCE_ORIGIN_PREFIX)
        listed = read_sources(self.sources_file)
        source = next((one for one in listed if one.name == name), None)
        root = self.build_source_root(source) if source else None
        has_files = root is not None and root.path.exists() and any(root.path.iterdir())
        if root is None or not has_files:
            stored = StoredUpload((), ((task.url, Remark("no_source")),))
        else:
            stored = StoredUpload((root,), ())
        return self.upload_store.write_manifest(task.who, task.token, stored)

    def _build_plan(self, task: LibraryTask, stored: StoredUpload) -> tuple[PlanSummary, Plan]:
        plan = self.ingest.plan(stored.roots)
        changes = [change for change in plan.changes if change.kind != "unchanged"]
        old = self._load_base_versions(plan) if changes else {}
        refused = (*stored.refused, *((file.file, file.remark) for file in plan.skipped))
        described = tuple(_describe_change(change, old) for change in changes)
        mark = _compute_plan_mark(plan.base, changes)
        notes = ((file.file, file.remark) for file in plan.notes)
        return PlanSummary(
            task.token, mark, described, _render_remarks(refused, task.language), plan.to_embed,
            _render_remarks(notes, task.language),
            identity_changes=tuple(
                (one.title, one.field, one.old, one.new) for one in list_identity_changes(plan)
            ),
        ), plan  # fmt: skip

    def _complete_plan(self, task: LibraryTask, planned: PlanSummary, plan: Plan) -> PlanSummary:
        """The plan with the questions whose answers it changes; none if it changes no document. What
        an admin looks at before it is applied is kept with the upload."""
        if not planned.changes:
            return planned
        changed = self.find_changed_answers(plan)
        lines = (f"{one.question} ({one.old.verdict} → {one.new.verdict})" for one in changed)
        complete = replace(planned, questions=tuple(lines))
        record = describe_plan(complete, plan, changed, self.now())
        self.upload_store.write_note(task.who, task.token, PLAN_RECORD_NAME, dump_plan(record))
        return complete

    def _load_base_versions(self, plan: Plan) -> dict[str, Version]:
        """The documents of the edition a plan was made against, by id."""
        versions = self.ingest.catalogue.load_versions(plan.base) if plan.base is not None else []
        return {version.document.id: version for version in versions}

    def _find_edition(self, matches: Callable[[EditionRow], bool]) -> EditionSummary | None:
        """The newest edition that matches."""
        rows = self.ingest.catalogue.list_editions()
        return next((_describe_edition(row) for row in rows if matches(row)), None)


def _describe_change(change: Change, old: dict[str, Version]) -> DocumentChange:
    """A change as shown to the admin. Names the document of the same id and another origin that
    it replaces, if any."""
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
    """Files with their remarks in the admin's language."""
    return tuple((file, remark.render(language)) for file, remark in remarks)


def _compute_plan_mark(base: int | None, changes: Sequence[Change]) -> str:
    """A digest of the edition a plan was made against and of all its changes: 12 hex digits."""
    content = [[one.kind, one.version.document.id, one.version.digest] for one in changes]
    return hashlib.sha256(json.dumps([base, content]).encode()).hexdigest()[:12]


def _summarise_file_names(stored: StoredUpload) -> str:
    names = [root.path.name for root in stored.roots]
    more = " …" if len(names) > NOTE_MAX_FILE_NAMES else ""
    return ", ".join(names[:NOTE_MAX_FILE_NAMES]) + more


def _describe_edition(row: EditionRow) -> EditionSummary:
    return EditionSummary(row.id, row.created_at, row.note, dict(row.counts), row.active)
