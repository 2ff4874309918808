"""Unpacking of ZIP archives within one limit for all that is in them, however deep it lies."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.office import zip_xml
from ingest.formats.sidecar_names import (
    SIDECAR_MAX_BYTES,
    SIDECAR_SUFFIX,
    is_phrase_file,
    is_sidecar,
    list_sidecar_names,
)
from ingest.formats.sniff import detect_format
from ingest.remarks import Remark

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_IGNORED_NAMES = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive, with the side-car that describes it; `remark` says what is wrong."""

    name: str
    data: bytes = b""
    sidecar_name: str = ""
    sidecar: bytes = b""
    remark: Remark | None = None


class UnpackBudget:
    """What may still be unpacked of one file: bytes and members, in all archives within it."""

    def __init__(self, packed: int) -> None:
        self._members = limits.ARCHIVE_MAX_MEMBERS
        most = limits.COMPRESSION_MAX_RATIO * max(packed, 1)
        self._is_ratio = most < limits.UNPACKED_MAX_BYTES
        self._bytes = max(min(limits.UNPACKED_MAX_BYTES, most), limits.COMPRESSION_CHECK_MIN_BYTES)

    def take_members(self, count: int) -> None:
        """Count the members of an archive. Raises Unreadable if there are too many in all."""
        if count > self._members:
            raise Unreadable("too_many_members", most=limits.ARCHIVE_MAX_MEMBERS)
        self._members -= count

    def take_bytes(self, count: int) -> None:
        """Count what is about to be unpacked. Raises Unreadable if it is too much in all."""
        if count > self._bytes:
            self._bytes = 0
            if self._is_ratio:
                raise Unreadable("bomb", times=limits.COMPRESSION_MAX_RATIO)
            most = limits.format_megabytes(limits.UNPACKED_MAX_BYTES)
            raise Unreadable("unpacks_large", most=most)
        self._bytes -= count


def list_members(
    data: bytes, within: str = "", depth: int = 1, budget: UnpackBudget | None = None
) -> Iterator[Member]:
    """The members of a ZIP archive sorted by name, including those of archives within it.

    `within` is put before the names, `depth` is 1 for an archive that is not in another, and
    `budget` is that of the outermost. Raises Unreadable if the archive itself cannot be read.
    """
    budget = budget or UnpackBudget(len(data))
    with zip_xml.open_zip(data) as archive:
        budget.take_members(len(archive.infolist()))
        seen: set[str] = set()
        members = _ZipMembers(archive, budget)
        for info in members.documents:
            name = f"{within}{_decode_name(info)}"
            try:
                _refuse_member(info, name, seen)
                seen.add(name)
                yield from _read_member(members, info, name, depth)
            except Unreadable as error:
                yield Member(name, remark=error.remark)


class _ZipMembers:
    """The members of one archive: `documents`, and the side-cars that describe them."""

    def __init__(self, archive: zipfile.ZipFile, budget: UnpackBudget) -> None:
        self.archive, self.budget = archive, budget
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

    def read_sidecar(self, info: zipfile.ZipInfo) -> tuple[str, bytes]:
        """The name and content of a member's side-car, empty without one.

        One byte more than a side-car may have is read at most. Raises Unreadable if it is locked,
        a link or damaged.
        """
        file = PurePosixPath(_decode_name(info))
        for name in list_sidecar_names(file.name):
            sidecar = self._sidecars.get(file.parent / name)
            if sidecar is not None:
                _refuse_member(sidecar, name, set())
                return name, self.read(sidecar)[: SIDECAR_MAX_BYTES + 1]
        return "", b""

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """The content of a member. Raises Unreadable if it is damaged or too much in all."""
        self.budget.take_bytes(info.file_size)
        return zip_xml.read_part(self.archive, info.filename)


def _read_member(
    members: _ZipMembers, info: zipfile.ZipInfo, name: str, depth: int
) -> Iterator[Member]:
    """The member, or the members of an archive that it is. Raises Unreadable."""
    if is_sidecar(PurePosixPath(name)):
        raise Unreadable("lonely_side_car", ending=SIDECAR_SUFFIX)
    if is_phrase_file(PurePosixPath(name)):
        raise Unreadable("lonely_phrases")
    data = members.read(info)
    if detect_format(data, name) != "zip":
        sidecar_name, sidecar = members.read_sidecar(info)
        yield Member(name, data, sidecar_name, sidecar)
        return
    if depth >= limits.ARCHIVE_MAX_DEPTH:
        raise Unreadable("archives_deep", most=limits.ARCHIVE_MAX_DEPTH)
    yield from list_members(data, f"{name}/", depth + 1, members.budget)


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
