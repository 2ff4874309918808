"""Plan, apply and roll back editions of the library; rebuild and prune their vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.plan.diff import add_passages, diff_versions
from ingest.plan.files import resolve_origin
from ingest.plan.scan import FileScan
from ingest.plan.supersession import note_newer_editions
from ingest.types import Change, Plan, Progress, Root
from knowledge.catalogue import Catalogue, EditionRow
from knowledge.database.process_owner import is_process_gone, make_owner_id
from knowledge.errors import LibraryMissing, LibraryStale

if TYPE_CHECKING:
    from ingest.index_builder import IndexBuilder
    from knowledge.embedding.embedder import Embedder
    from knowledge.retrieval.edition import Edition
    from knowledge.retrieval.library import Library
    from knowledge.retrieval.vector_store import VectorStore


def _ignore_progress(what: str, done: int, total: int) -> None:
    """Discard progress."""


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Brings files into the library; questions are answered from them once `apply` has ended.

    `open_library` gives the library, always the same one; what changes nothing does without it.
    `owner` names this process, so that what it leaves if it is killed can be found and dropped.
    """

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    open_library: Callable[[], Library]
    owner: str = field(default_factory=make_owner_id)

    @property
    def library(self) -> Library:
        """The library as readers hold it open."""
        return self.open_library()

    @property
    def _index_builder(self) -> IndexBuilder:
        from ingest.index_builder import IndexBuilder  # see there

        return IndexBuilder(self.catalogue, self.store, self.embedder, self.library, self.owner)

    def plan(self, roots: Sequence[Path | Root], progress: Progress = _ignore_progress) -> Plan:
        """What an ingest of `roots` would do. Changes nothing.

        Raises NothingToRead for a path that does not exist or holds no files.
        """
        base = self.catalogue.get_active_edition()
        present = [] if base is None else self.catalogue.list_versions(base)
        given = [
            root if isinstance(root, Root) else Root(root, resolve_origin(root)) for root in roots
        ]
        origins = {root.origin for root in given}
        scan = FileScan(present, self.catalogue.file_index.find_files(origins))
        versions = scan.scan_roots(given, progress)
        changes = diff_versions(present, versions, origins, scan.unread)
        is_changed = any(change.kind != "unchanged" for change in changes)
        if base is not None and is_changed:
            changes = add_passages(changes, self.catalogue.load_versions(base))
        return Plan(
            tuple(changes),
            tuple(scan.skipped),
            len(self._index_builder.find_missing_vectors(changes)) if is_changed else 0,
            base,
            (*scan.notes, *note_newer_editions(changes)),
            tuple(scan.file_records),
        )

    def plan_withdrawal(self, origin: str) -> Plan:
        """What a withdrawal of all documents of one origin would do. Changes nothing."""
        base = self.catalogue.get_active_edition()
        present = [] if base is None else self.catalogue.load_versions(base)
        changes = [Change("withdrawn" if v.origin == origin else "unchanged", v) for v in present]
        return Plan(tuple(changes), (), 0, base)

    def apply(
        self, plan: Plan, *, note: str, now: datetime, progress: Progress = _ignore_progress,
        plan_mark: str | None = None, upload: str | None = None,
    ) -> int | None:  # fmt: skip
        """Make the planned edition the active one; its number, None if nothing changes.

        The vectors are built first, as one immutable index; then one transaction publishes the
        edition. If the process is killed at any moment, the old edition stays active and the next
        ingest completes. Raises LibraryChanged if another ingest ended since the plan was made.
        """
        self.drop_killed_builds()
        self.catalogue.file_index.save_files(plan.file_records)
        if not plan.has_changes:
            return None
        versions = self.catalogue.add_versions(plan.versions())
        passages = [passage for version in versions for passage in version.passages]
        self.library.ensure_terms(passages, partial(progress, "analysing"))
        builder = self._index_builder
        vectors = builder.collect_vectors(passages, progress)
        with builder.build_index(passages, vectors) as name:
            number = self.catalogue.publish_edition(
                [version.pk for version in versions if version.pk is not None],
                note=note,
                counts=plan.counts() | {"documents": len(versions), "passages": len(passages)},
                embedder=self.embedder.name,
                index_name=name,
                now=now,
                after=plan.base,
                plan_mark=plan_mark,
                upload=upload,
            )
        self.library.store_counts(number)
        self.library.forget_check()  # who reads that it answers now is answered from it
        return number

    @contextmanager
    def open_planned_edition(
        self, plan: Plan, progress: Progress = _ignore_progress
    ) -> Iterator[Edition]:
        """Open the planned edition for questions while the active one stays in use.

        Its index is dropped at the end; the texts embedded for it are not embedded again. See
        docs/decisions/0035-test-plans-with-temporary-vectors.md.
        """
        self.drop_killed_builds()
        versions = plan.versions()
        if not plan.has_changes and plan.base is not None:  # and then they have no passages
            versions = self.catalogue.load_versions(plan.base)
        with self._index_builder.open_planned(versions, progress) as planned:
            yield planned

    def rollback(self, number: int, progress: Progress = _ignore_progress) -> None:
        """Make an earlier edition the active one, rebuilding its vectors if they are lost.

        Raises LibraryMissing for a number that does not exist.
        """
        row = self.catalogue.find_edition(number)
        try:
            self.store.open(row.index_name, self.embedder.name)
        except LibraryStale:
            self.reindex(progress, number)
        self.catalogue.activate_edition(number)
        self.library.forget_check()

    def restore_vectors(self, progress: Progress = _ignore_progress) -> int:
        """Rebuild the active edition's vectors from SQL if they are lost or damaged; how many were
        built, 0 if nothing is wrong.

        Raises LibraryMissing if the library is empty, LibraryStale for another model's vectors:
        embedding all texts again takes long and is asked for with `naru reindex`.
        """
        try:
            self.library.check_vectors()
        except LibraryStale:
            row = next(row for row in self.catalogue.list_editions() if row.active)
            if row.embedder != self.embedder.name:
                raise
            return self.reindex(progress, row.id)
        return 0

    def reindex(self, progress: Progress = _ignore_progress, number: int | None = None) -> int:
        """Rebuild the vectors of an edition (by default the active one) from SQL; their number. Of
        several processes that do so at once the first one's stay.

        Raises LibraryMissing if the library is empty or has no edition of this number.
        """
        number = number or self.catalogue.get_active_edition()
        if number is None:
            raise LibraryMissing("The library is empty. Run `naru ingest` first.")
        old = self.catalogue.find_edition(number).index_name
        passages = [p for v in self.catalogue.load_versions(number) for p in v.passages]
        self.library.ensure_terms(passages, partial(progress, "analysing"))
        builder = self._index_builder
        vectors = builder.collect_vectors(passages, progress)
        with builder.build_index(passages, vectors) as name:
            model = self.embedder.name
            self.catalogue.replace_index(number, old=old, embedder=model, index_name=name)
        self.library.store_counts(number)
        if all(row.index_name != old for row in self.catalogue.list_editions()):
            self.store.drop(old)
        return len(vectors)

    def prune(self, keep: int = 3) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, with their vectors; return them."""
        rows = self.catalogue.list_editions()
        dropped = self.catalogue.prune_editions({row.id for row in rows[:keep]})
        self.drop_killed_builds()
        for name in self._index_builder.find_orphaned_indexes():
            self.store.drop(name)
        self._index_builder.drop_unused_texts()
        return dropped

    def drop_killed_builds(self) -> None:
        """Drop the vectors that killed processes were building."""
        for name in self._find_killed_builds():
            self.store.drop(name)
            self.catalogue.index_builds.finish_build(name)

    def find_abandoned_indexes(self) -> list[str]:
        """Names of our indexes that belong to no edition and are not being built."""
        return sorted({*self._index_builder.find_orphaned_indexes(), *self._find_killed_builds()})

    def _find_killed_builds(self) -> list[str]:
        return self.catalogue.index_builds.list_abandoned(
            lambda owner: is_process_gone(owner, self.owner)
        )
