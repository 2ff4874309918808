"""Plan, apply, roll back: how the library comes from one edition to the next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from ingest.plan.diff import compared
from ingest.plan.files import origin
from ingest.plan.scan import Survey
from ingest.types import Change, Plan, Progress, Root
from knowledge.catalogue import Catalogue, EditionRow, Vector
from knowledge.database.process_owner import is_gone, this_process
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.edition import Edition, Library, text_key
from knowledge.retrieval.embedder import Embedder
from knowledge.retrieval.vector_store import VectorStore
from knowledge.types import Passage

NAMED = "edition-"  # a Chroma server may hold other people's collections
PLANNED = 0  # no edition has this number
NEWEST = 2**63  # a version gets its key when it is stored, after all the others


def _quiet(what: str, done: int, total: int) -> None:
    """No one is watching."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """Brings files into the library. Nothing answers from them before `apply` has ended.

    `owner` names this process to those that find what it left, should it be killed.
    """

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    library: Library
    owner: str = field(default_factory=this_process)

    def plan(self, roots: Sequence[Path | Root], progress: Progress = _quiet) -> Plan:
        """What an ingest of `roots` would do. Changes nothing.

        Raises NothingToRead for a path that is not there.
        """
        base = self.catalogue.active_edition()
        present = [] if base is None else self.catalogue.versions(base)
        given = [one if isinstance(one, Root) else Root(one, origin(one)) for one in roots]
        origins = {root.origin for root in given}
        survey = Survey(present, self.catalogue.files.of(origins))
        found = survey.look(given, progress)
        changes = tuple(compared(present, found, origins, survey.unread))
        return Plan(
            changes,
            tuple(survey.skipped),
            len(self._missing(changes)),
            base,
            tuple(survey.notes),
            tuple(survey.taken),
        )

    def without(self, origin: str) -> Plan:
        """What the library would be without the documents of one origin. Changes nothing."""
        base = self.catalogue.active_edition()
        present = [] if base is None else self.catalogue.versions(base)
        changes = [Change("withdrawn" if v.origin == origin else "unchanged", v) for v in present]
        return Plan(tuple(changes), (), 0, base)

    def apply(
        self, plan: Plan, *, note: str, now: datetime, progress: Progress = _quiet
    ) -> int | None:
        """Make the planned edition and let it answer; None where there is nothing to change.

        The vectors come first, as one immutable thing; then one transaction. Killed at any
        moment, the old edition answers on and the next ingest completes. Raises LibraryChanged
        where another ingest ended since the plan was made.
        """
        self.tidy()
        self.catalogue.files.keep(plan.taken)
        if not plan.changes_anything:
            return None
        versions = self.catalogue.add_versions(plan.versions())
        passages = [passage for version in versions for passage in version.passages]
        self.library.terms(passages, partial(progress, "analysing"))
        vectors = self._vectors(passages, progress)
        with self._built(vectors) as name:
            return self.catalogue.publish(
                [version.pk for version in versions if version.pk is not None],
                note=note,
                counts=plan.counts() | {"documents": len(versions), "passages": len(passages)},
                embedder=self.embedder.name,
                index_name=name,
                now=now,
                after=plan.base,
            )

    @contextmanager
    def rehearse(self, plan: Plan, progress: Progress = _quiet) -> Iterator[Edition]:
        """The planned edition, opened to be asked, while everybody else is answered from the old
        one. Its vectors are dropped at the end; what was embedded for it is not embedded again."""
        self.tidy()
        planned = sorted(plan.versions(), key=lambda version: version.pk or NEWEST)
        passages = [passage for version in planned for passage in version.passages]
        terms = self.library.terms(passages, partial(progress, "analysing"))
        vectors = self._vectors(passages, progress)
        with self._built(vectors) as name:
            index = self.store.open(name, self.embedder.name)
            try:
                yield Edition(PLANNED, passages, terms, index)
            finally:
                index.close()

    def rollback(self, number: int, progress: Progress = _quiet) -> None:
        """Answer from an edition again; its vectors are built anew where they are lost."""
        row = self.catalogue.edition(number)
        try:
            self.store.open(row.index_name, self.embedder.name).close()
        except LibraryStale:
            self.reindex(progress, number)
        self.catalogue.activate(number)

    def reindex(self, progress: Progress = _quiet, number: int | None = None) -> int:
        """Build the vectors of an edition (the active one) anew from SQL alone; returns how many
        there are."""
        number = number or self.catalogue.active_edition()
        if number is None:
            raise LibraryMissing("The library is empty. Run `naru ingest` first.")
        old = self.catalogue.edition(number).index_name
        passages = [p for v in self.catalogue.versions(number) for p in v.passages]
        self.library.terms(passages, partial(progress, "analysing"))
        vectors = self._vectors(passages, progress)
        with self._built(vectors) as name:
            self.catalogue.replace_index(number, embedder=self.embedder.name, index_name=name)
        if all(row.index_name != old for row in self.catalogue.editions()):
            self.store.drop(old)
        return len(vectors)

    def prune(self, keep: int = 3) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, with their vectors."""
        rows = self.catalogue.editions()
        dropped = self.catalogue.prune({row.id for row in rows[:keep]})
        self.tidy()
        for name in self._loose():
            self.store.drop(name)
        return dropped

    def tidy(self) -> None:
        """Drop the vectors that ingests were building when they were killed."""
        for name in self._killed():
            self.store.drop(name)
            self.catalogue.builds.end(name)

    def abandoned(self) -> list[str]:
        """Vectors of ours that no edition has and nobody is building any more."""
        return sorted({*self._loose(), *self._killed()})

    def _killed(self) -> list[str]:
        return self.catalogue.builds.left(lambda owner: is_gone(owner, self.owner))

    def _loose(self) -> list[str]:
        """Vectors that no row names. Names first: what is built meanwhile has its row by then."""
        names = [name for name in self.store.names() if name.startswith(NAMED)]
        building = self.catalogue.builds.names()
        used = building | {row.index_name for row in self.catalogue.editions()}
        return sorted({name.removesuffix(".part") for name in names} - used)

    def _missing(self, changes: Sequence[Change]) -> set[str]:
        """The digests of the texts that have no vector yet."""
        if all(change.kind == "unchanged" for change in changes):
            return set()
        passages = [p for c in changes if c.kind != "withdrawn" for p in c.version.passages]
        wanted = {text_key(text) for text in self.library.embedded(passages).values()}
        return wanted - self.catalogue.vectors(wanted, self.embedder.name).keys()

    @contextmanager
    def _built(self, vectors: dict[int, Vector]) -> Iterator[str]:
        """The name of an index of `vectors`; it is dropped at the end, unless an edition has it.

        The name is written down before anything else is: whoever comes after a kill finds it.
        """
        name = f"{NAMED}{uuid.uuid4().hex[:12]}"
        self.catalogue.builds.begin(name, self.owner)
        try:
            self.store.build(name, vectors, self.embedder.name)
            yield name
        finally:
            if name in self.catalogue.builds.names():
                self.store.drop(name)
                self.catalogue.builds.end(name)

    def _vectors(self, passages: Sequence[Passage], progress: Progress) -> dict[int, Vector]:
        """The vectors by their numbers; what was never embedded is embedded now."""
        texts = self.library.embedded(passages)
        by_key = {text_key(text): text for text in texts.values()}
        known = self.catalogue.vectors(by_key, self.embedder.name)
        fresh = {key: text for key, text in by_key.items() if key not in known}
        known |= self._embedded(fresh, progress)
        return {position: known[text_key(text)] for position, text in texts.items()}

    def _embedded(self, texts: dict[str, str], progress: Progress) -> dict[str, Vector]:
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            progress("embedding", done, len(texts))

        if not texts:
            return {}
        array = self.embedder.passages(list(texts.values()), count)
        vectors = dict(zip(texts, array, strict=True))
        self.catalogue.add_vectors(self.embedder.name, vectors)
        return vectors
