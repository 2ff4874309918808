"""Plan, apply, roll back: how the library comes from one edition to the next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from ingest.plan.diff import diff_versions
from ingest.plan.files import resolve_origin
from ingest.plan.scan import FileScan
from ingest.types import Change, Plan, Progress, Root
from knowledge.catalogue import Catalogue, EditionRow, Vector
from knowledge.database.process_owner import is_process_gone, make_owner_id
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.embedder import Embedder
from knowledge.retrieval.known_questions import compute_text_key
from knowledge.retrieval.library import Library
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import Passage

INDEX_NAME_PREFIX = "edition-"  # a Chroma server may hold other people's collections
PLANNED_EDITION_NUMBER = 0  # no edition has this number
UNSTORED_VERSION_KEY = 2**63  # a version gets its key when it is stored, after all the others


def _ignore_progress(what: str, done: int, total: int) -> None:
    """No one is watching."""


@dataclass(frozen=True, slots=True)
class IngestPipeline:
    """Brings files into the library. Nothing answers from them before `apply` has ended.

    `owner` names this process to those that find what it left, should it be killed.
    """

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    library: Library
    owner: str = field(default_factory=make_owner_id)

    def plan(self, roots: Sequence[Path | Root], progress: Progress = _ignore_progress) -> Plan:
        """What an ingest of `roots` would do. Changes nothing.

        Raises NothingToRead for a path that is not there.
        """
        base = self.catalogue.get_active_edition()
        present = [] if base is None else self.catalogue.load_versions(base)
        given = [one if isinstance(one, Root) else Root(one, resolve_origin(one)) for one in roots]
        origins = {root.origin for root in given}
        survey = FileScan(present, self.catalogue.file_index.find_files(origins))
        found = survey.scan_roots(given, progress)
        changes = tuple(diff_versions(present, found, origins, survey.unread))
        return Plan(
            changes,
            tuple(survey.skipped),
            len(self._find_missing_vectors(changes)),
            base,
            tuple(survey.notes),
            tuple(survey.taken),
        )

    def plan_withdrawal(self, origin: str) -> Plan:
        """What the library would be without the documents of one origin. Changes nothing."""
        base = self.catalogue.get_active_edition()
        present = [] if base is None else self.catalogue.load_versions(base)
        changes = [Change("withdrawn" if v.origin == origin else "unchanged", v) for v in present]
        return Plan(tuple(changes), (), 0, base)

    def apply(
        self, plan: Plan, *, note: str, now: datetime, progress: Progress = _ignore_progress,
        plan_mark: str | None = None, upload: str | None = None,
    ) -> int | None:  # fmt: skip
        """Make the planned edition and let it answer; None where there is nothing to change.

        The vectors come first, as one immutable thing; then one transaction. Killed at any
        moment, the old edition answers on and the next ingest completes. Raises LibraryChanged
        where another ingest ended since the plan was made.
        """
        self.drop_killed_builds()
        self.catalogue.file_index.save_files(plan.file_records)
        if not plan.has_changes:
            return None
        versions = self.catalogue.add_versions(plan.versions())
        passages = [passage for version in versions for passage in version.passages]
        self.library.ensure_terms(passages, partial(progress, "analysing"))
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(vectors) as name:
            return self.catalogue.publish_edition(
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

    @contextmanager
    def open_planned_edition(
        self, plan: Plan, progress: Progress = _ignore_progress
    ) -> Iterator[Edition]:
        """The planned edition, opened to be asked, while everybody else is answered from the old
        one. Its vectors are dropped at the end; what was embedded for it is not embedded again."""
        self.drop_killed_builds()
        planned = sorted(plan.versions(), key=lambda version: version.pk or UNSTORED_VERSION_KEY)
        passages = [passage for version in planned for passage in version.passages]
        terms = self.library.ensure_terms(passages, partial(progress, "analysing"))
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(vectors) as name:
            index = self.store.open(name, self.embedder.name)
            try:
                yield Edition(PLANNED_EDITION_NUMBER, passages, terms, index)
            finally:
                index.close()

    def rollback(self, number: int, progress: Progress = _ignore_progress) -> None:
        """Answer from an edition again; its vectors are built anew where they are lost."""
        row = self.catalogue.find_edition(number)
        try:
            self.store.open(row.index_name, self.embedder.name).close()
        except LibraryStale:
            self.reindex(progress, number)
        self.catalogue.activate_edition(number)

    def reindex(self, progress: Progress = _ignore_progress, number: int | None = None) -> int:
        """Build the vectors of an edition (the active one) anew from SQL alone; returns how many
        there are."""
        number = number or self.catalogue.get_active_edition()
        if number is None:
            raise LibraryMissing("The library is empty. Run `naru ingest` first.")
        old = self.catalogue.find_edition(number).index_name
        passages = [p for v in self.catalogue.load_versions(number) for p in v.passages]
        self.library.ensure_terms(passages, partial(progress, "analysing"))
        vectors = self._collect_vectors(passages, progress)
        with self._build_index(vectors) as name:
            self.catalogue.replace_index(number, embedder=self.embedder.name, index_name=name)
        if all(row.index_name != old for row in self.catalogue.list_editions()):
            self.store.drop(old)
        return len(vectors)

    def prune(self, keep: int = 3) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, with their vectors."""
        rows = self.catalogue.list_editions()
        dropped = self.catalogue.prune_editions({row.id for row in rows[:keep]})
        self.drop_killed_builds()
        for name in self._find_orphaned_indexes():
            self.store.drop(name)
        return dropped

    def drop_killed_builds(self) -> None:
        """Drop the vectors that ingests were building when they were killed."""
        for name in self._find_killed_builds():
            self.store.drop(name)
            self.catalogue.index_builds.finish_build(name)

    def find_abandoned_indexes(self) -> list[str]:
        """Vectors of ours that no edition has and nobody is building any more."""
        return sorted({*self._find_orphaned_indexes(), *self._find_killed_builds()})

    def _find_killed_builds(self) -> list[str]:
        return self.catalogue.index_builds.list_abandoned(
            lambda owner: is_process_gone(owner, self.owner)
        )

    def _find_orphaned_indexes(self) -> list[str]:
        """Vectors that no row names. Names first: what is built meanwhile has its row by then."""
        names = [name for name in self.store.list_names() if name.startswith(INDEX_NAME_PREFIX)]
        building = self.catalogue.index_builds.list_names()
        used = building | {row.index_name for row in self.catalogue.list_editions()}
        return sorted({name.removesuffix(".part") for name in names} - used)

    def _find_missing_vectors(self, changes: Sequence[Change]) -> set[str]:
        """The digests of the texts that have no vector yet."""
        if all(change.kind == "unchanged" for change in changes):
            return set()
        passages = [p for c in changes if c.kind != "withdrawn" for p in c.version.passages]
        wanted = {
            compute_text_key(text) for text in self.library.build_embedding_texts(passages).values()
        }
        return wanted - self.catalogue.load_vectors(wanted, self.embedder.name).keys()

    @contextmanager
    def _build_index(self, vectors: dict[int, Vector]) -> Iterator[str]:
        """The name of an index of `vectors`; it is dropped at the end, unless an edition has it.

        The name is written down before anything else is: whoever comes after a kill finds it.
        """
        name = f"{INDEX_NAME_PREFIX}{uuid.uuid4().hex[:12]}"
        self.catalogue.index_builds.start_build(name, self.owner)
        try:
            self.store.build(name, vectors, self.embedder.name)
            yield name
        finally:
            if name in self.catalogue.index_builds.list_names():
                self.store.drop(name)
                self.catalogue.index_builds.finish_build(name)

    def _collect_vectors(
        self, passages: Sequence[Passage], progress: Progress
    ) -> dict[int, Vector]:
        """The vectors by their numbers; what was never embedded is embedded now."""
        texts = self.library.build_embedding_texts(passages)
        by_key = {compute_text_key(text): text for text in texts.values()}
        known = self.catalogue.load_vectors(by_key, self.embedder.name)
        fresh = {key: text for key, text in by_key.items() if key not in known}
        known |= self._embed_texts(fresh, progress)
        return {position: known[compute_text_key(text)] for position, text in texts.items()}

    def _embed_texts(self, texts: dict[str, str], progress: Progress) -> dict[str, Vector]:
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress("embedding", done, len(texts))

        if not texts:
            return {}
        array = self.embedder.embed_passages(list(texts.values()), count)
        vectors = dict(zip(texts, array, strict=True))
        self.catalogue.add_vectors(self.embedder.name, vectors)
        return vectors
