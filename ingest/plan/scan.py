"""What the files under some paths are, each read only where it is not known from before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import ingest
from ingest.document.convert import read_content, read_members
from ingest.document.parse import parse_file
from ingest.document.sidecar import DeclaredMetadata, read_sidecar
from ingest.errors import Unreadable
from ingest.formats import ocr
from ingest.passages.split import compute_digest, split_passages
from ingest.plan.files import check_within_root, list_files, make_display_name
from ingest.plan.supersession import find_cycles
from ingest.remarks import Remark
from ingest.types import CandidateFile, FileNote, Progress, Root, SkippedFile
from knowledge.code_digest import compute_code_digest
from knowledge.text import language
from knowledge.types import IngestedFile, Language, Version

VersionWithRemark = tuple[
    Version, Remark | None
]  # a version, and what the admin should know of its file
SOURCE_ORIGIN_PREFIX = "source:"  # before the name of a source that is read on a schedule


class FileScan:
    """The versions found, the files skipped, what to say of some, what to remember of others.

    `present` is the library as it stands, `known` what its files were made of.
    """

    def __init__(
        self, present: Sequence[Version], known: Mapping[tuple[str, str], IngestedFile]
    ) -> None:
        self._present = {version.document.id: version for version in present}
        self._known = known
        self._found: dict[str, Version] = {}
        self.skipped: list[SkippedFile] = []
        self.unread: set[tuple[str, str]] = set()
        self.notes: list[FileNote] = []
        self.taken: list[IngestedFile] = []

    def scan_roots(self, roots: Sequence[Root], progress: Progress) -> list[Version]:
        """Read the files under `roots` that changed. Raises NothingToRead for a missing path."""
        listed = [(root, path) for root in roots for path in list_files(root.path)]
        for number, (root, path) in enumerate(listed, 1):
            for one in _list_candidates(path, root.path):
                try:
                    self._add_file(root, path, one)
                except Unreadable as error:
                    self._skip_file(root.origin, one.name, error.remark)
            progress("reading", number, len(listed))
        for version, why in find_cycles(list(self._found.values()), list(self._present.values())):
            del self._found[version.document.id]
            self._skip_file(version.origin, version.file, why)
        return list(self._found.values())

    def _add_file(self, root: Root, path: Path, one: CandidateFile) -> None:
        """Add one file's version. Raises Unreadable, also for an id that another file has."""
        if one.remark:
            raise Unreadable.from_remark(one.remark)
        side = read_sidecar(path) if one.data is None else one.sidecar
        data = read_content(path) if one.data is None else one.data
        key = _compute_input_digest(data, side, root.language)
        version, note = self._find_unchanged(root.origin, one.name, key) or _read_version(
            root, path, replace(one, data=data), side
        )
        self._refuse_taken_id(version)
        self._found[version.document.id] = version
        kept = json.dumps(note.to_json(), ensure_ascii=False) if note else ""
        taken = IngestedFile(root.origin, one.name, key, version.document.id, version.digest, kept)
        if self._known.get((root.origin, one.name)) != taken:
            self.taken.append(taken)
        if note:
            self.notes.append(FileNote(one.name, note))

    def _find_unchanged(self, origin: str, name: str, key: str) -> VersionWithRemark | None:
        """The version that the library has of a file that is what it was, and its note."""
        known = self._known.get((origin, name))
        if known is None or known.key != key:
            return None
        version = self._present.get(known.document)
        if version is None or (version.digest, version.origin) != (known.digest, origin):
            return None  # withdrawn, rolled back, or come from elsewhere since
        return version, Remark.from_json(json.loads(known.note)) if known.note else None

    def _refuse_taken_id(self, version: Version) -> None:
        """Raises Unreadable for an id that another file has, or a document of another source:
        each read of the one would take it from the other."""
        id = version.document.id
        if other := self._found.get(id):
            raise Unreadable("id_taken", id=repr(id), file=other.file)
        old = self._present.get(id)
        if old is None or old.origin == version.origin:
            return
        if old.origin.startswith(SOURCE_ORIGIN_PREFIX) and version.origin.startswith(
            SOURCE_ORIGIN_PREFIX
        ):
            raise Unreadable("id_taken", id=repr(id), file=f"{old.file} ({old.origin})")

    def _skip_file(self, origin: str, name: str, why: Remark) -> None:
        self.skipped.append(SkippedFile(name, why))
        self.unread.add((origin, name))


def _read_version(
    root: Root, path: Path, one: CandidateFile, side: DeclaredMetadata
) -> VersionWithRemark:
    parsed = parse_file(path, one.name, root.language, one.data, side)
    passages = split_passages(parsed)
    if not passages:
        raise Unreadable("headings_only")
    version = Version(
        parsed.document, compute_digest(parsed, passages), root.origin, one.name, passages
    )
    return version, parsed.note


def _list_candidates(path: Path, root: Path) -> Iterator[CandidateFile]:
    """A file as itself, an archive as what is in it; one that cannot be opened says why."""
    name = make_display_name(path, root)
    try:
        check_within_root(path, root)
        inside = read_members(path)
        if inside is None:
            yield CandidateFile(name)
            return
        for one in inside:
            yield replace(one, name=f"{name}/{one.name}")
    except Unreadable as error:
        yield CandidateFile(name, remark=error.remark)


def _compute_input_digest(data: bytes, side: DeclaredMetadata, language: Language | None) -> str:
    """The sha256 of all that makes a version: bytes, side-car, language, and our own reading."""
    beside_it = json.dumps(side, default=str, ensure_ascii=False, sort_keys=True)
    made = hashlib.sha256(f"{compute_reader_version()}\n{language}\n{beside_it}\n".encode())
    made.update(data)
    return made.hexdigest()


def compute_reader_version() -> str:
    """The version of what reads files: another one may read another text in the same bytes."""
    return f"{_hash_reader_code()} {'with' if ocr.find_tesseract() else 'without'} tesseract"


@cache
def _hash_reader_code() -> str:
    """The sha256 of the code that reads: nobody has to remember to count it up."""
    rooms = sorted(Path(ingest.__file__).parent.rglob("*.py"))
    return compute_code_digest([*rooms, Path(language.__file__)])
