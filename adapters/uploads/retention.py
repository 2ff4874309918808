"""Deletes uploads that no edition, plan or task needs any more, and what plans tell of sealed cases.

See docs/decisions/0043-keep-uploads-while-a-retained-edition-uses-them.md
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from adapters.evaluation.plan_diff import CASE_MARK, may_be_asked
from adapters.uploads.plan_record import PLAN_RECORD_NAME, PlanRecord, dump_plan, load_plan
from adapters.uploads.upload_store import UploadStore
from bot.types import Case, RetentionPeriods
from ingest.pipeline import IngestPipeline
from knowledge.catalogue import EditionRow

UNDECIDED_UPLOAD_RETENTION = RetentionPeriods().uploads


@dataclass(frozen=True, slots=True)
class UploadRetention:
    """Prunes editions, and deletes the uploads that no kept edition, plan or task needs.

    `find_pending_tokens` returns the tokens of the uploads that waiting tasks are about;
    `undecided` is how long an upload is kept that was neither applied nor discarded; `list_cases`
    gives all cases.
    """

    ingest: IngestPipeline
    upload_store: UploadStore
    find_pending_tokens: Callable[[], Collection[str]]
    undecided: timedelta = UNDECIDED_UPLOAD_RETENTION
    list_cases: Callable[[], Sequence[Case]] = tuple

    def prune_editions(self, keep: int) -> list[EditionRow]:
        """Delete all editions but the active one and the `keep` newest, and every upload none of
        whose documents is in an edition that stays. Returns the deleted editions."""
        self._record_applied_versions()
        dropped = self.ingest.prune(keep)
        referenced = set(self._list_referenced_versions())
        for who, token in self.upload_store.list_uploads():
            upload = self.upload_store.find_upload(who, token)
            applied = upload.applied_versions if upload else ()
            if applied and not referenced & set(applied):
                self.upload_store.delete_upload(who, token)
        self.expire_uploads()
        return dropped

    def expire_uploads(self) -> None:
        """Delete uploads that were not applied for too long, whole or cut short by a kill, unless a
        task is waiting to work on them."""
        applied = {row.upload for row in self.ingest.catalogue.list_editions()}
        pending = self.find_pending_tokens()
        oldest = time.time() - self.undecided.total_seconds()
        for who, token in self.upload_store.list_uploads():
            upload = self.upload_store.find_upload(who, token)
            in_use = token in applied or token in pending or (upload and upload.applied_versions)
            if not in_use and self.upload_store.read_modified_seconds(who, token) < oldest:
                self.upload_store.delete_upload(who, token)

    def cut_plans(self) -> None:
        """Take the answers to cases that were sealed or erased since out of the plans on this machine."""
        plans = list(self._list_plans())
        if not plans:  # cases are many
            return
        asked = {f"{CASE_MARK}{one.number}" for one in self.list_cases() if may_be_asked(one)}
        for who, token, record in plans:
            kept = tuple(
                one for one in record.answers if one.id in asked or not one.id.startswith(CASE_MARK)
            )
            if kept != record.answers:
                cut = dump_plan(replace(record, answers=kept))
                self.upload_store.write_note(who, token, PLAN_RECORD_NAME, cut)

    def _list_plans(self) -> Iterator[tuple[str, str, PlanRecord]]:
        """The uploads that have a plan, by whose they are and their token."""
        for who, token in self.upload_store.list_uploads():
            content = self.upload_store.read_note(who, token, PLAN_RECORD_NAME)
            if content and (record := load_plan(content)):
                yield who, token, record

    def _record_applied_versions(self) -> None:
        """Store in each upload which versions it became, before its edition is pruned."""
        rows = self.ingest.catalogue.list_editions()
        editions = {row.upload: row.id for row in reversed(rows)}  # the newest of an upload
        for who, token in self.upload_store.list_uploads():
            upload = self.upload_store.find_upload(who, token)
            if upload and token in editions and not upload.applied_versions:
                origins = {root.origin for root in upload.roots}
                versions = self.ingest.catalogue.load_versions(editions[token])
                became = tuple((v.origin, v.digest) for v in versions if v.origin in origins)
                self.upload_store.write_manifest(
                    who, token, replace(upload, applied_versions=became)
                )

    def _list_referenced_versions(self) -> Iterator[tuple[str, str]]:
        """The origin and digest of each document of each edition."""
        for row in self.ingest.catalogue.list_editions():
            for version in self.ingest.catalogue.load_versions(row.id):
                yield version.origin, version.digest
