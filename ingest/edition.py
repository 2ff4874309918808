"""Plan, apply, roll back: how the library comes from one edition to the next."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from ingest.errors import Unreadable
from ingest.parse import parse
from ingest.reading import members
from ingest.sources import files, known_as, origin, within
from ingest.split import digest, split
from ingest.superseding import rings
from ingest.types import Change, Member, Plan, Root, Skipped
from knowledge.catalogue import Catalogue, EditionRow, Vector
from knowledge.edition import Library, embedded_texts, text_key
from knowledge.embedder import Embedder
from knowledge.errors import LibraryMissing
from knowledge.index import VectorStore
from knowledge.types import Passage, Version

Progress = Callable[[str, int, int], None]  # what, done, of how many
SOURCE = "source:"  # before the name of a source that is read on a schedule
NAMED = "edition-"  # a Chroma server may hold other people's collections


def _quiet(what: str, done: int, total: int) -> None:
    """No one is watching."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """Brings files into the library. Nothing answers from them before `apply` has ended."""

    catalogue: Catalogue
    store: VectorStore
    embedder: Embedder
    library: Library

    def plan(self, roots: Sequence[Path | Root]) -> Plan:
        """What an ingest of `roots` would do. Changes nothing.

        Raises NothingToRead for a path that is not there.
        """
        base = self.catalogue.active_edition()
        present = [] if base is None else self.catalogue.versions(base)
        found: list[Version] = []
        skipped: list[Skipped] = []
        unread: set[tuple[str, str]] = set()
        given = [one if isinstance(one, Root) else Root(one, origin(one)) for one in roots]
        for root in given:
            for path in files(root.path):
                for one in _opened(path, root.path):
                    try:
                        version = _taken(path, one, root, found)
                        _not_another_source(version, present)
                        found.append(version)
                    except Unreadable as error:
                        skipped.append(Skipped(one.name, str(error)))
                        unread.add((root.origin, one.name))
        for version, why in rings(found, present):
            found.remove(version)
            skipped.append(Skipped(version.file, why))
            unread.add((version.origin, version.file))
        changes = _compared(present, found, {root.origin for root in given}, unread)
        return Plan(tuple(changes), tuple(skipped), len(self._missing(changes)), base)

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
        if not plan.changes_anything:
            return None
        versions = self.catalogue.add_versions(plan.versions())
        passages = [passage for version in versions for passage in version.passages]
        self.library.terms(passages)
        name = self._build(passages, progress)
        return self.catalogue.publish(
            [version.pk for version in versions if version.pk is not None],
            note=note,
            counts=plan.counts() | {"documents": len(versions), "passages": len(passages)},
            embedder=self.embedder.name,
            index_name=name,
            now=now,
            after=plan.base,
        )

    def reindex(self, progress: Progress = _quiet) -> int:
        """Build the active edition's vectors anew from SQL alone; returns how many there are."""
        number = self.catalogue.active_edition()
        if number is None:
            raise LibraryMissing("The library is empty. Run `naru ingest` first.")
        old = self.catalogue.edition(number).index_name
        passages = [p for v in self.catalogue.versions(number) for p in v.passages]
        self.library.terms(passages)
        name = self._build(passages, progress)
        self.catalogue.replace_index(number, embedder=self.embedder.name, index_name=name)
        if all(row.index_name != old for row in self.catalogue.editions()):
            self.store.drop(old)
        return len(self._texts(passages))

    def prune(self, keep: int = 3) -> list[EditionRow]:
        """Drop all editions but the active one and the `keep` newest, with their vectors."""
        rows = self.catalogue.editions()
        dropped = self.catalogue.prune({row.id for row in rows[:keep]})
        used = {row.index_name for row in self.catalogue.editions()}
        for name in self.store.names():
            if name.startswith(NAMED) and name.removesuffix(".part") not in used:
                self.store.drop(name)
        return dropped

    def _missing(self, changes: Iterable[Change]) -> set[str]:
        """The digests of the texts that have no vector yet."""
        passages = [p for c in changes if c.kind != "withdrawn" for p in c.version.passages]
        wanted = {text_key(text) for text in self._texts(passages).values()}
        return wanted - self.catalogue.vectors(wanted, self.embedder.name).keys()

    def _texts(self, passages: Sequence[Passage]) -> dict[int, str]:
        glossary = self.library.glossary if self.embedder.english_only else None
        return embedded_texts(passages, glossary)

    def _build(self, passages: Sequence[Passage], progress: Progress) -> str:
        """Embed what was never embedded, and write the edition's vectors; returns their name."""
        texts = self._texts(passages)
        by_key = {text_key(text): text for text in texts.values()}
        known = self.catalogue.vectors(by_key, self.embedder.name)
        fresh = {key: text for key, text in by_key.items() if key not in known}
        known |= self._embedded(fresh, progress)
        name = f"{NAMED}{uuid.uuid4().hex[:12]}"
        vectors = {position: known[text_key(text)] for position, text in texts.items()}
        self.store.build(name, vectors, self.embedder.name)
        return name

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


def _opened(path: Path, root: Path) -> Iterator[Member]:
    """A file as itself, an archive as what is in it; one that cannot be opened says why."""
    name = known_as(path, root)
    try:
        within(path, root)
        inside = members(path)
        if inside is None:
            yield Member(name)
            return
        for one in inside:
            yield replace(one, name=f"{name}/{one.name}")
    except Unreadable as error:
        yield Member(name, why=str(error))


def _taken(path: Path, one: Member, root: Root, found: Sequence[Version]) -> Version:
    """One file as a version. Raises Unreadable, also for an id that another file has."""
    if one.why:
        raise Unreadable(one.why)
    parsed = parse(path, one.name, root.language, one.data)
    passages = split(parsed)
    if not passages:
        raise Unreadable("it has headings but no text below them.")
    for other in found:
        if other.document.id == parsed.document.id:
            raise Unreadable(
                f"its id {parsed.document.id!r} is also that of {other.file}. Give one of them "
                "another id."
            )
    return Version(parsed.document, digest(parsed, passages), root.origin, one.name, passages)


def _not_another_source(version: Version, present: Sequence[Version]) -> None:
    """Raises Unreadable for an id that a document of another source has: each read of the one
    would take it from the other."""
    for other in present:
        sources = other.origin.startswith(SOURCE) and version.origin.startswith(SOURCE)
        if sources and other.origin != version.origin and other.document.id == version.document.id:
            raise Unreadable(
                f"its id {other.document.id!r} is also that of {other.file} of "
                f"{other.origin}. Give one of them another id."
            )


def _compared(
    present: Sequence[Version],
    found: Sequence[Version],
    roots: set[str],
    unread: set[tuple[str, str]],
) -> list[Change]:
    """What becomes of each document; only what came under the same paths is withdrawn, and not
    because its file cannot be read today."""
    old = {version.document.id: version for version in present}
    new = {version.document.id for version in found}
    changes = [_change(old.get(version.document.id), version) for version in found]
    for version in present:
        if version.document.id not in new:
            gone = version.origin in roots and not _is_unread(version, unread)
            changes.append(Change("withdrawn" if gone else "unchanged", version))
    return changes


def _is_unread(version: Version, unread: set[tuple[str, str]]) -> bool:
    """Whether its file, or the folder or archive that it is in, cannot be read today."""
    above = [str(folder) for folder in PurePosixPath(version.file).parents]
    return any((version.origin, name) in unread for name in [version.file, *above])


def _change(old: Version | None, new: Version) -> Change:
    if old is None:
        return Change("created", new)
    if (old.digest, old.origin) == (new.digest, new.origin):
        return Change("unchanged", old)
    return Change("updated", new)
