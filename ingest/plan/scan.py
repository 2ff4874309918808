"""Scan of files: each is read only if it or the code that reads it has changed.

See docs/decisions/0037-skip-unchanged-files-by-content-and-code-digest.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.document.content import is_packed, read_content, read_members
from ingest.document.sidecar import DeclaredMetadata, FolderNames, read_sidecar
from ingest.errors import Unreadable
from ingest.formats.pdf import ocr
from ingest.passages.phrase_files import PhraseFile, find_phrase_file
from ingest.plan.files import check_within_root, list_files, make_display_name
from ingest.plan.supersession import find_cycles
from ingest.remarks import Remark
from ingest.types import CandidateFile, FileNote, Progress, Root, SkippedFile
from ingest.web.page_names import is_stored_page
from knowledge.code_digest import digest_of_modules
from knowledge.types import IngestedFile, Language, Version

VersionWithRemark = tuple[Version, Remark | None]  # the remark is about its file, for the admin
# The code that reads files; after a change of any all are read again.
READING_MODULES = (
    "ingest", "knowledge.text.language", "knowledge.phrases.section_file", "knowledge.text.yaml_text",
)  # fmt: skip
SOURCE_ORIGIN_PREFIX = "source:"  # origin of a scheduled source: prefix and name


class FileScan:
    """One scan: the versions of the files, and what was noticed on the way.

    `present` is the library before the scan, `known` what is stored about its files, by origin
    and name. `skipped`, `notes` and `file_records` are those of a Plan; `unread` holds (origin,
    name) of the skipped files.
    """

    def __init__(
        self, present: Sequence[Version], known: Mapping[tuple[str, str], IngestedFile]
    ) -> None:
        self._present = {version.document.id: version for version in present}
        self._ids = {(version.origin, version.file): version.document.id for version in present}
        self._known = known
        self._versions: dict[str, Version] = {}
        self._folders = FolderNames()
        self._reader_version = compute_reader_version()  # once: it looks for a program in the path
        self.skipped: list[SkippedFile] = []
        self.unread: set[tuple[str, str]] = set()
        self.notes: list[FileNote] = []
        self.file_records: list[IngestedFile] = []

    def scan_roots(self, roots: Sequence[Root], progress: Progress) -> list[Version]:
        """The versions of the files under `roots`, reading those that changed.

        Raises NothingToRead for a path that does not exist or holds no files.
        """
        listed = [(root, path) for root in roots for path in list_files(root.path)]
        for number, (root, path) in enumerate(listed, 1):
            for candidate, data in self._list_candidates(root, path):
                try:
                    self._add_file(root, path, candidate, data)
                except Unreadable as error:
                    self._skip_file(root.origin, candidate.name, error.remark)
            progress("reading", number, len(listed))
        versions, present = list(self._versions.values()), list(self._present.values())
        for version, remark in find_cycles(versions, present):
            del self._versions[version.document.id]
            self._skip_file(version.origin, version.file, remark)
        return list(self._versions.values())

    def _list_candidates(self, root: Root, path: Path) -> Iterator[tuple[CandidateFile, bytes]]:
        """The file itself, or the members of an archive, with the bytes of each; what cannot be opened
        has a remark. An office file is packed like an archive: which it is takes a child process to
        tell, and is known of a file that has not changed."""
        name = make_display_name(path, root.path)
        try:
            check_within_root(path, root.path)
            data = read_content(path)
            whole = CandidateFile(name)
            members = (
                None if self._is_kept(root, path, whole, data) else read_members(data, path.name)
            )
            if members is None:
                yield whole, data
                return
            for member in members:
                yield replace(member, name=f"{name}/{member.name}"), member.data or b""
        except Unreadable as error:
            yield CandidateFile(name, remark=error.remark), b""

    def _is_kept(self, root: Root, path: Path, candidate: CandidateFile, data: bytes) -> bool:
        """Whether a file was read as one document, and has not changed."""
        if (root.origin, candidate.name) not in self._known or not is_packed(data):
            return False
        key, _, _ = self._describe_input(root, path, candidate, data)
        return self._find_unchanged(root.origin, candidate.name, key) is not None

    def _describe_input(
        self, root: Root, path: Path, candidate: CandidateFile, data: bytes
    ) -> tuple[str, DeclaredMetadata, PhraseFile | None]:
        """The digest of all that a version is made from, what is declared of it and its phrases."""
        is_fetched = _is_fetched(root, path)
        sidecar = self._read_declared(root, path, candidate)
        own = candidate.data is None and not is_fetched
        phrases = find_phrase_file(path, self._folders) if own else None
        key = _compute_input_digest(
            self._reader_version, data, sidecar, root.language, is_fetched, phrases
        )
        return key, sidecar, phrases

    def _add_file(self, root: Root, path: Path, candidate: CandidateFile, data: bytes) -> None:
        """Add the version of a file. Raises Unreadable, also if its id is already in use."""
        if candidate.remark:
            raise Unreadable.from_remark(candidate.remark)
        name = candidate.name
        key, sidecar, phrases = self._describe_input(root, path, candidate, data)
        version, note = self._find_unchanged(root.origin, name, key) or _read_changed(
            root, path, replace(candidate, data=data), sidecar, phrases
        )
        self._refuse_used_id(version)
        self._versions[version.document.id] = version
        stored_note = json.dumps(note.to_json(), ensure_ascii=False) if note else ""
        record = IngestedFile(
            root.origin, name, key, version.document.id, version.digest, stored_note
        )
        if self._known.get((root.origin, name)) != record:
            self.file_records.append(record)
        if note:
            self.notes.append(FileNote(name, note))

    def _read_declared(self, root: Root, path: Path, candidate: CandidateFile) -> DeclaredMetadata:
        """What the side-car of a file declares. A fetched one is given its identity, and the members of
        a fetched archive the address of the archive. Raises Unreadable."""
        if not _is_fetched(root, path):
            if candidate.data is not None:
                return candidate.sidecar
            return read_sidecar(path, self._folders)
        from ingest.document.metadata import declare_fetched

        assert root.fetched
        about = dict(read_sidecar(path, self._folders))
        if candidate.data is not None:
            about.pop("title", None)
        kept_id = self._ids.get((root.origin, candidate.name))
        return declare_fetched(root.fetched, about, candidate.name, kept_id)

    def _find_unchanged(self, origin: str, name: str, key: str) -> VersionWithRemark | None:
        """The stored version and remark of a file that has not changed; None if it must be read."""
        known = self._known.get((origin, name))
        if known is None or known.key != key:
            return None
        version = self._present.get(known.document)
        if version is None or (version.digest, version.origin) != (known.digest, origin):
            return None  # withdrawn, rolled back or ingested from another origin since then
        return version, Remark.from_json(json.loads(known.note)) if known.note else None

    def _refuse_used_id(self, version: Version) -> None:
        """Raise Unreadable if another file or another source has the id of this document.

        Two sources with one id would replace each other's document at every read.
        """
        id = version.document.id
        if other := self._versions.get(id):
            raise Unreadable("id_taken", id=repr(id), file=other.file)
        old = self._present.get(id)
        if old is None or old.origin == version.origin:
            return
        if old.origin.startswith(SOURCE_ORIGIN_PREFIX) and version.origin.startswith(
            SOURCE_ORIGIN_PREFIX
        ):
            raise Unreadable("id_taken", id=repr(id), file=f"{old.file} ({old.origin})")

    def _skip_file(self, origin: str, name: str, remark: Remark) -> None:
        self.skipped.append(SkippedFile(name, remark))
        self.unread.add((origin, name))


def _read_changed(
    root: Root,
    path: Path,
    candidate: CandidateFile,
    sidecar: DeclaredMetadata,
    phrases: PhraseFile | None,
) -> VersionWithRemark:
    """Read a file; without its phrases where their side file is broken. Raises Unreadable."""
    from ingest.plan.reading import read_version  # see there

    is_fetched = _is_fetched(root, path)
    return read_version(root, path, candidate, sidecar, phrases, is_fetched=is_fetched)


def _is_fetched(root: Root, path: Path) -> bool:
    """Whether a file came from the web; a file that an admin laid into the folder did not."""
    return root.fetched is not None and is_stored_page(path.name)


def _compute_input_digest(
    reader_version: str,
    data: bytes,
    sidecar: DeclaredMetadata,
    language: Language | None,
    is_fetched: bool,
    phrases: PhraseFile | None,
) -> str:
    """The sha256 of all that a version is made from: bytes, side-car, phrases, language, reader
    version and whether the file was fetched."""
    declared = json.dumps(sidecar, default=str, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{reader_version}\n{language} {is_fetched}\n{declared}\n".encode())
    if phrases:
        digest.update(f"{phrases.name}\n{phrases.problem}\n{len(phrases.content)}\n".encode())
        digest.update(phrases.content)
    digest.update(data)
    return digest.hexdigest()


def compute_reader_version() -> str:
    """The version of the code that reads files; another one may get another text from a file."""
    code = digest_of_modules(*READING_MODULES)
    return f"{code} {'with' if ocr.find_tesseract() else 'without'} tesseract"
