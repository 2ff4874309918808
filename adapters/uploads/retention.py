"""Which uploads of admins are needed no more, and may go."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from adapters.uploads.upload_store import UploadStore
from ingest.pipeline import IngestPipeline
from knowledge.catalogue import EditionRow

UNDECIDED_UPLOAD_RETENTION = timedelta(days=7)  # of an upload that nobody applied or discarded


@dataclass(frozen=True, slots=True)
class UploadRetention:
    """Drops old editions, and uploads that no kept edition, plan or task needs.

    `asked_for` gives the tokens of the uploads that a waiting task is about.
    """

    ingest: IngestPipeline
    upload_store: UploadStore
    find_pending_tokens: Callable[[], Collection[str]]

    def prune_editions(self, keep: int) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, and the uploads whose
        documents none of these has. Returns the dropped editions."""
        self._record_applied_versions()
        dropped = self.ingest.prune(keep)
        held = set(self._list_referenced_versions())
        for who, token in self.upload_store.list_uploads():
            kept = self.upload_store.find_upload(who, token)
            if kept and kept.applied_versions and not held & set(kept.applied_versions):
                self.upload_store.delete_upload(who, token)
        self.expire_uploads()
        return dropped

    def expire_uploads(self) -> None:
        """Drop the uploads that nobody applied for a week, and what a kill left of others."""
        notes = [row.note for row in self.ingest.catalogue.list_editions()]
        busy = self.find_pending_tokens()
        for who, token in self.upload_store.list_uploads():
            kept = self.upload_store.find_upload(who, token)
            applied = bool(kept and kept.applied_versions) or any(
                f"[{token}." in one for one in notes
            )
            old = (
                self.upload_store.read_modified_seconds(who, token)
                < time.time() - UNDECIDED_UPLOAD_RETENTION.total_seconds()
            )
            if old and not applied and token not in busy:
                self.upload_store.delete_upload(who, token)

    def _record_applied_versions(self) -> None:
        """Write beside each upload what it became, while its edition is there to say so."""
        rows = self.ingest.catalogue.list_editions()
        for who, token in self.upload_store.list_uploads():
            kept = self.upload_store.find_upload(who, token)
            made = next((row for row in rows if f"[{token}." in row.note), None)
            if kept and made and not kept.applied_versions:
                origins = {root.origin for root in kept.roots}
                versions = self.ingest.catalogue.load_versions(made.id)
                became = tuple((v.origin, v.digest) for v in versions if v.origin in origins)
                self.upload_store.write_manifest(who, token, replace(kept, applied_versions=became))

    def _list_referenced_versions(self) -> Iterator[tuple[str, str]]:
        """Where each document of a kept edition came from, and its digest."""
        for row in self.ingest.catalogue.list_editions():
            for version in self.ingest.catalogue.load_versions(row.id):
                yield version.origin, version.digest
