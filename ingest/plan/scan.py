"""What the files under some paths are, each read only where it is not known from before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import ingest
from ingest.document.convert import content, members
from ingest.document.parse import parse
from ingest.document.sidecar import Declared, beside
from ingest.errors import Unreadable
from ingest.formats import ocr
from ingest.passages.split import digest, split
from ingest.plan.files import files, known_as, within
from ingest.plan.supersession import rings
from ingest.remarks import Remark
from ingest.types import Member, Note, Progress, Root, Skipped
from knowledge.text import language
from knowledge.types import Language, Taken, Version

Noted = tuple[Version, Remark | None]  # a version, and what the admin should know of its file
SOURCE = "source:"  # before the name of a source that is read on a schedule


class Survey:
    """The versions found, the files skipped, what to say of some, what to remember of others.

    `present` is the library as it stands, `known` what its files were made of.
    """

    def __init__(self, present: Sequence[Version], known: Mapping[tuple[str, str], Taken]) -> None:
        self._present = {version.document.id: version for version in present}
        self._known = known
        self._found: dict[str, Version] = {}
        self.skipped: list[Skipped] = []
        self.unread: set[tuple[str, str]] = set()
        self.notes: list[Note] = []
        self.taken: list[Taken] = []

    def look(self, roots: Sequence[Root], progress: Progress) -> list[Version]:
        """Read the files under `roots` that changed. Raises NothingToRead for a missing path."""
        listed = [(root, path) for root in roots for path in files(root.path)]
        for number, (root, path) in enumerate(listed, 1):
            for one in _opened(path, root.path):
                try:
                    self._take(root, path, one)
                except Unreadable as error:
                    self._skip(root.origin, one.name, error.remark)
            progress("reading", number, len(listed))
        for version, why in rings(list(self._found.values()), list(self._present.values())):
            del self._found[version.document.id]
            self._skip(version.origin, version.file, why)
        return list(self._found.values())

    def _take(self, root: Root, path: Path, one: Member) -> None:
        """Add one file's version. Raises Unreadable, also for an id that another file has."""
        if one.why:
            raise Unreadable.because(one.why)
        side = beside(path) if one.data is None else one.side
        data = content(path) if one.data is None else one.data
        key = _made_of(data, side, root.language)
        version, note = self._as_before(root.origin, one.name, key) or _read(
            root, path, replace(one, data=data), side
        )
        self._refuse_another(version)
        self._found[version.document.id] = version
        kept = json.dumps(note.packed(), ensure_ascii=False) if note else ""
        taken = Taken(root.origin, one.name, key, version.document.id, version.digest, kept)
        if self._known.get((root.origin, one.name)) != taken:
            self.taken.append(taken)
        if note:
            self.notes.append(Note(one.name, note))

    def _as_before(self, origin: str, name: str, key: str) -> Noted | None:
        """The version that the library has of a file that is what it was, and its note."""
        known = self._known.get((origin, name))
        if known is None or known.key != key:
            return None
        version = self._present.get(known.document)
        if version is None or (version.digest, version.origin) != (known.digest, origin):
            return None  # withdrawn, rolled back, or come from elsewhere since
        return version, Remark.unpacked(json.loads(known.note)) if known.note else None

    def _refuse_another(self, version: Version) -> None:
        """Raises Unreadable for an id that another file has, or a document of another source:
        each read of the one would take it from the other."""
        id = version.document.id
        if other := self._found.get(id):
            raise Unreadable("id_taken", id=repr(id), file=other.file)
        old = self._present.get(id)
        if old is None or old.origin == version.origin:
            return
        if old.origin.startswith(SOURCE) and version.origin.startswith(SOURCE):
            raise Unreadable("id_taken", id=repr(id), file=f"{old.file} ({old.origin})")

    def _skip(self, origin: str, name: str, why: Remark) -> None:
        self.skipped.append(Skipped(name, why))
        self.unread.add((origin, name))


def _read(root: Root, path: Path, one: Member, side: Declared) -> Noted:
    parsed = parse(path, one.name, root.language, one.data, side)
    passages = split(parsed)
    if not passages:
        raise Unreadable("headings_only")
    version = Version(parsed.document, digest(parsed, passages), root.origin, one.name, passages)
    return version, parsed.note


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
        yield Member(name, why=error.remark)


def _made_of(data: bytes, side: Declared, language: Language | None) -> str:
    """The sha256 of all that makes a version: bytes, side-car, language, and our own reading."""
    beside_it = json.dumps(side, default=str, ensure_ascii=False, sort_keys=True)
    made = hashlib.sha256(f"{reader()}\n{language}\n{beside_it}\n".encode())
    made.update(data)
    return made.hexdigest()


def reader() -> str:
    """The version of what reads files: another one may read another text in the same bytes."""
    return f"{_code()} {'with' if ocr.program() else 'without'} tesseract"


@cache
def _code() -> str:
    """The sha256 of the code that reads: nobody has to remember to count it up."""
    rooms = sorted(Path(ingest.__file__).parent.rglob("*.py"))
    digest = hashlib.sha256()
    for room in (*rooms, Path(language.__file__)):
        digest.update(room.read_bytes())
    return digest.hexdigest()
