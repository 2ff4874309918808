"""Plan, apply and roll back editions of the library; rebuild and prune their vectors."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from ingest.plan.diff import diff_versions
from ingest.plan.files import resolve_origin
from ingest.plan.scan import FileScan
from ingest.plan.supersession import note_newer_editions
from ingest.types import Change, Plan, Progress, Root
from knowledge.catalogue import Catalogue, EditionRow, Vector
from knowledge.database.process_owner import is_process_gone, make_owner_id
from knowledge.embedding.embedder import Embedder
from knowledge.embedding.shipped_vectors import find_shipped_vectors
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.centring import centre_passages, compute_centres
from knowledge.retrieval.counts.edition_counts import count_edition
from knowledge.retrieval.edition import Edition, list_own_documents
from knowledge.retrieval.known_questions import build_index_text, compute_text_key
from knowledge.retrieval.library import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import Passage

INDEX_NAME_PREFIX = "edition-"  # a Chroma server may hold foreign collections
PLANNED_EDITION_NUMBER = 0  # no edition has this number
UNSTORED_VERSION_KEY = 2**63  # sorts versions without a key after those that are stored


def _ignore_progress(what: str, done: int, total: int) -> None:
    """Discard progress."""


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Brings files into the library; questions are answered from them once `apply` has ended.

    `owner` names this process, so that what it leaves if it is killed can be found and dropped.
    """

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    library: Library
    owner: str = field(default_factory=make_owner_id)

    def plan(self, roots: Sequence[Path | Root], progress: Progress = _ignore_progress) -> Plan:
        """What an ingest of `roots` would do. Changes nothing.

        Raises NothingToRead for a path that does not exist or holds no files.
        """
        base = self.catalogue.get_active_edition()
        present = [] if base is None else self.catalogue.load_versions(base)
        given = [
            root if isinstance(root, Root) else Root(root, resolve_origin(root)) for root in roots
        ]
        origins = {root.origin for root in given}
        scan = FileScan(present, self.catalogue.file_index.find_files(origins))
        versions = scan.scan_roots(given, progress)
        changes = tuple(diff_versions(present, versions, origins, scan.unread))
        return Plan(
            changes,
            tuple(scan.skipped),
            len(self._find_missing_vectors(changes)),
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
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(passages, vectors) as name:
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
        planned = sorted(plan.versions(), key=lambda version: version.pk or UNSTORED_VERSION_KEY)
        passages = self.library.attach_phrases(
            [passage for version in planned for passage in version.passages]
        )
        terms = self.library.ensure_terms(passages, partial(progress, "analysing"))
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(passages, vectors) as name:
            index = self.store.open(name, self.embedder.name)
            own = list_own_documents(planned)
            counts = count_edition(passages, terms)
            yield Edition(PLANNED_EDITION_NUMBER, passages, counts, index, own)

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
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(passages, vectors) as name:
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
        for name in self._find_orphaned_indexes():
            self.store.drop(name)
        self._drop_unused_texts()
        return dropped

    def _drop_unused_texts(self) -> None:
        """Drop what is stored of texts that no edition has any more. An ingest under way in another
        process has its own in memory; what it misses later is made again."""
        vectors, terms = set[str](), set[str]()
        for row in self.catalogue.list_editions():
            versions = self.catalogue.load_versions(row.id)
            texts = (build_index_text(p) for version in versions for p in version.passages)
            vectors |= set(map(compute_text_key, texts))
            terms |= self.library.list_term_keys(row.id)
        self.catalogue.drop_texts(vectors, terms)

    def drop_killed_builds(self) -> None:
        """Drop the vectors that killed processes were building."""
        for name in self._find_killed_builds():
            self.store.drop(name)
            self.catalogue.index_builds.finish_build(name)

    def find_abandoned_indexes(self) -> list[str]:
        """Names of our indexes that belong to no edition and are not being built."""
        return sorted({*self._find_orphaned_indexes(), *self._find_killed_builds()})

    def _find_killed_builds(self) -> list[str]:
        return self.catalogue.index_builds.list_abandoned(
            lambda owner: is_process_gone(owner, self.owner)
        )

    def _find_orphaned_indexes(self) -> list[str]:
        """Names of our indexes that no row mentions."""
        # List the indexes first: a build that starts afterwards is not among them.
        names = [name for name in self.store.list_names() if name.startswith(INDEX_NAME_PREFIX)]
        building = self.catalogue.index_builds.list_names()
        used = building | {row.index_name for row in self.catalogue.list_editions()}
        return sorted({name.removesuffix(".part") for name in names} - used)

    def _find_missing_vectors(self, changes: Sequence[Change]) -> set[str]:
        """The keys of the texts that have no vector yet."""
        if all(change.kind == "unchanged" for change in changes):
            return set()
        passages = [p for c in changes if c.kind != "withdrawn" for p in c.version.passages]
        wanted = {compute_text_key(build_index_text(passage)) for passage in passages}
        missing = wanted - self.catalogue.load_vectors(wanted, self.embedder.name).keys()
        return missing - find_shipped_vectors(missing, self.embedder.name).keys()

    @contextmanager
    def _build_index(self, passages: Sequence[Passage], vectors: Vector) -> Iterator[str]:
        """Build an index of the passages' `vectors` (n, d) and yield its name; drop it at the end
        unless published.

        The name is stored before the index is built, so that it can be found after a kill. See
        docs/decisions/0036-register-vector-builds-before-creating-folders.md.
        """
        name = f"{INDEX_NAME_PREFIX}{uuid.uuid4().hex[:12]}"
        self.catalogue.index_builds.start_build(name, self.owner)
        try:
            languages = [passage.document.language for passage in passages]
            centres = compute_centres(vectors, languages, self.embedder.name)
            centred = centre_passages(vectors, languages, centres) if languages else vectors
            self.store.build(name, dict(enumerate(centred)), self.embedder.name, centres.questions)
            yield name
        finally:
            if name in self.catalogue.index_builds.list_names():
                self.store.drop(name)
                self.catalogue.index_builds.finish_build(name)

    def _collect_vectors(self, passages: Sequence[Passage], progress: Progress) -> Vector:
        """The vectors (n, d) of the n passages; missing ones are taken from those that are shipped,
        else embedded now, and stored."""
        texts = [build_index_text(passage) for passage in passages]
        by_key = {compute_text_key(text): text for text in texts}
        known = self.catalogue.load_vectors(by_key, self.embedder.name)
        new = find_shipped_vectors(by_key.keys() - known.keys(), self.embedder.name)
        fresh = {key: by_key[key] for key in by_key if key not in known and key not in new}
        new |= self._embed_texts(fresh, progress)
        self.catalogue.add_vectors(self.embedder.name, new)
        known |= new
        if not texts:
            return np.zeros((0, 0), np.float32)
        return np.stack([known[compute_text_key(text)] for text in texts])

    def _embed_texts(self, texts: dict[str, str], progress: Progress) -> dict[str, Vector]:
        done = 0

        def count(embedded: int) -> None:
            nonlocal done
            done += embedded
            progress("embedding", done, len(texts))

        if not texts:
            return {}
        array = self.embedder.embed_passages(list(texts.values()), count)
        return dict(zip(texts, array, strict=True))
