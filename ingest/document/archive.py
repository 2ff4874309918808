"""ZIP archives of documents: their members, each with its side-car."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from ingest.document.sidecar import (
    SIDECAR_SUFFIX,
    DeclaredMetadata,
    is_sidecar,
    list_sidecar_names,
    parse_sidecar,
)
from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.office import zip_xml
from ingest.formats.sniff import detect_format
from ingest.types import CandidateFile

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_IGNORED_NAMES = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def read_members(data: bytes, within: str = "", depth: int = 1) -> Iterator[CandidateFile]:
    """The members of a ZIP archive sorted by name, including those of archives within it.

    A member that is refused has a remark and does not stop the others. `within` is put before the
    names, `depth` is 1 for an archive that is not in another. Raises Unreadable if the archive
    itself cannot be read.
    """
    with zip_xml.open_zip(data) as archive:
        seen: set[str] = set()
        members = _ZipMembers(archive)
        for info in members.documents:
            name = f"{within}{_decode_name(info)}"
            try:
                _refuse_member(info, name, seen)
                seen.add(name)
                yield from _read_member(members, info, name, depth)
            except Unreadable as error:
                yield CandidateFile(name, remark=error.remark)


class _ZipMembers:
    """The members of one archive: `documents`, and the side-cars that describe them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        members = [(PurePosixPath(_decode_name(info)), info) for info in archive.infolist()
                   if not info.is_dir() and not _is_ignored(info)]  # fmt: skip
        files = [path for path, _ in members if not is_sidecar(path)]
        described = {path.parent / name for path in files for name in list_sidecar_names(path.name)}
        self._sidecars = {
            path: info for path, info in members if is_sidecar(path) and path in described
        }
        self.documents = sorted(
            (info for path, info in members if path not in self._sidecars), key=_decode_name
        )

    def read_sidecar(self, info: zipfile.ZipInfo) -> DeclaredMetadata:
        """The metadata of a member's side-car; empty without one. Raises Unreadable if it is wrong."""
        file = PurePosixPath(_decode_name(info))
        for name in list_sidecar_names(file.name):
            sidecar = self._sidecars.get(file.parent / name)
            if sidecar is not None:
                _refuse_member(sidecar, name, set())
                return parse_sidecar(zip_xml.read_part(self.archive, sidecar.filename), name)
        return {}


def _read_member(
    members: _ZipMembers, info: zipfile.ZipInfo, name: str, depth: int
) -> Iterator[CandidateFile]:
    """The member, or the members of an archive that it is. Raises Unreadable."""
    if is_sidecar(PurePosixPath(name)):
        raise Unreadable("lonely_side_car", ending=SIDECAR_SUFFIX)
    data = zip_xml.read_part(members.archive, info.filename)
    if detect_format(data, name) != "zip":
        yield CandidateFile(name, data, members.read_sidecar(info))
        return
    if depth >= limits.ARCHIVE_MAX_DEPTH:
        raise Unreadable("archives_deep", most=limits.ARCHIVE_MAX_DEPTH)
    yield from read_members(data, f"{name}/", depth + 1)


def _refuse_member(info: zipfile.ZipInfo, name: str, seen: set[str]) -> None:
    """Raise Unreadable for a member that is encrypted, a link, misnamed, a duplicate or too large."""
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise Unreadable("member_locked")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("member_link")
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise Unreadable("name_leads_out")
    if name in seen:
        raise Unreadable("member_twice")
    if info.file_size > limits.FILE_MAX_BYTES:
        raise Unreadable("too_large", most=limits.format_megabytes(limits.FILE_MAX_BYTES))


def _decode_name(info: zipfile.ZipInfo) -> str:
    """A member's name in NFC; Korean Windows writes it in CP949 undeclared, others use backslashes."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp949")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _is_ignored(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(_decode_name(info)).parts
    return any(part in _IGNORED_NAMES or (part.startswith(".") and part != "..") for part in parts)
