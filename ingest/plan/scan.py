"""Scan of files: each is read only if it or the code that reads it has changed.

See docs/decisions/0037-skip-unchanged-files-by-content-and-code-digest.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import ingest
from ingest.document.convert import read_content, read_members
from ingest.document.inference import find_open_end, find_unread_end
from ingest.document.metadata import declare_fetched
from ingest.document.parse import ParsedDocument, parse_file
from ingest.document.sidecar import DeclaredMetadata, read_sidecar
from ingest.errors import Unreadable
from ingest.formats.pdf import ocr
from ingest.passages.phrase_files import PhraseFile, find_phrase_file, read_phrases
from ingest.passages.split import compute_digest, split_passages, split_with_phrases
from ingest.plan.files import check_within_root, list_files, make_display_name
from ingest.plan.supersession import find_cycles
from ingest.remarks import Remark, join_remarks
from ingest.types import CandidateFile, FileNote, Progress, Root, SkippedFile
from ingest.web.page_names import is_stored_page
from knowledge.code_digest import digest_of_modules
from knowledge.phrases import section_file
from knowledge.text import language, yaml_text
from knowledge.types import IngestedFile, Language, Passage, Version

VersionWithRemark = tuple[Version, Remark | None]  # the remark is about its file, for the admin
# The code that reads files; after a change of any all are read again.
READING_MODULES = (
    ingest.__name__, language.__name__, section_file.__name__, yaml_text.__name__,
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
            for candidate in _list_candidates(path, root.path):
                try:
                    self._add_file(root, path, candidate)
                except Unreadable as error:
                    self._skip_file(root.origin, candidate.name, error.remark)
            progress("reading", number, len(listed))
        versions, present = list(self._versions.values()), list(self._present.values())
        for version, remark in find_cycles(versions, present):
            del self._versions[version.document.id]
            self._skip_file(version.origin, version.file, remark)
        return list(self._versions.values())

    def _add_file(self, root: Root, path: Path, candidate: CandidateFile) -> None:
        """Add the version of a file. Raises Unreadable, also if its id is already in use."""
        if candidate.remark:
            raise Unreadable.from_remark(candidate.remark)
        name = candidate.name
        sidecar = self._read_declared(root, path, candidate)
        data = read_content(path) if candidate.data is None else candidate.data
        own = candidate.data is None and not _is_fetched(root, path)
        phrases = find_phrase_file(path) if own else None
        key = _compute_input_digest(
            self._reader_version, data, sidecar, root.language, _is_fetched(root, path), phrases
        )
        version, note = self._find_unchanged(root.origin, name, key) or _read_version(
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
            return read_sidecar(path) if candidate.data is None else candidate.sidecar
        assert root.fetched
        about = dict(read_sidecar(path))
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


def _read_version(
    root: Root,
    path: Path,
    candidate: CandidateFile,
    sidecar: DeclaredMetadata,
    phrase_file: PhraseFile | None,
) -> VersionWithRemark:
    """Read a file; without its phrases where their side file is broken. Raises Unreadable."""
    parsed = parse_file(
        path,
        candidate.name,
        root.language,
        candidate.data,
        sidecar,
        is_fetched=_is_fetched(root, path),
    )
    passages, remark = _split_document(parsed, phrase_file)
    if not passages:
        raise Unreadable("headings_only")
    digest = compute_digest(parsed, passages)
    version = Version(parsed.document, digest, root.origin, candidate.name, passages)
    missing = None if "expires" in sidecar else _find_missing_end(version)
    return version, join_remarks(note for note in (parsed.note, remark, missing) if note)


def _find_missing_end(version: Version) -> Remark | None:
    """A remark where a window ends with the budget, or on a day that cannot be read: no day withdraws
    the notice."""
    if version.document.expires is not None:
        return None
    text = "\n".join(passage.text for passage in version.passages)
    if words := find_open_end(text):
        return Remark("open_end", {"words": words})
    if words := find_unread_end(text, version.document.published):
        return Remark("unread_end", {"words": words})
    return None


def _split_document(
    parsed: ParsedDocument, file: PhraseFile | None
) -> tuple[tuple[Passage, ...], Remark | None]:
    """The passages with the phrases that lie next to the document, and what is wrong with these."""
    if file is None:
        return split_passages(parsed), None
    try:
        phrases = read_phrases(file, parsed.document.id)
    except Unreadable as error:
        return split_passages(parsed), error.remark
    passages, lost = split_with_phrases(parsed, phrases)
    if not lost:
        return passages, None
    first = " > ".join(lost[0])
    return passages, Remark(
        "phrases_lost", {"name": file.name, "heading": first, "count": len(lost)}
    )


def _is_fetched(root: Root, path: Path) -> bool:
    """Whether a file came from the web; a file that an admin laid into the folder did not."""
    return root.fetched is not None and is_stored_page(path.name)


def _list_candidates(path: Path, root: Path) -> Iterator[CandidateFile]:
    """The file itself, or the members of an archive; what cannot be opened has a remark."""
    name = make_display_name(path, root)
    try:
        check_within_root(path, root)
        members = read_members(path)
        if members is None:
            yield CandidateFile(name)
            return
        for member in members:
            yield replace(member, name=f"{name}/{member.name}")
    except Unreadable as error:
        yield CandidateFile(name, remark=error.remark)


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
