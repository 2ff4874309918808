"""Archives of documents: their members, each for itself."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from ingest.errors import Unreadable
from ingest.formats import limits, package
from ingest.formats.kinds import kind_of
from ingest.types import Member

_UTF8 = 0x800
_LOCKED = 0x1
_NOISE = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def members(data: bytes, within: str = "", depth: int = 1) -> Iterator[Member]:
    """The members of a ZIP archive in the order of their names, those of archives in it too.

    One that cannot be taken says why, and the others are still given. Raises Unreadable for the
    archive as a whole.
    """
    with package.opened(data) as archive:
        seen: set[str] = set()
        for info in sorted(archive.infolist(), key=_name):
            name = _name(info)
            if info.is_dir() or _ignored(name):
                continue
            yield from _taken(archive, info, f"{within}{name}", depth, seen)


def _taken(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int, seen: set[str]
) -> Iterator[Member]:
    try:
        _refuse(info, name, seen)
        seen.add(name)
        data = package.part(archive, info.filename)
        if kind_of(data, name) != "zip":
            yield Member(name, data)
            return
        if depth >= limits.DEPTH:
            raise Unreadable("archives_deep", most=limits.DEPTH)
        yield from members(data, f"{name}/", depth + 1)
    except Unreadable as error:
        yield Member(name, why=error.remark)


def _refuse(info: zipfile.ZipInfo, name: str, seen: set[str]) -> None:
    if info.flag_bits & _LOCKED:
        raise Unreadable("member_locked")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("member_link")
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        raise Unreadable("name_leads_out")
    if name in seen:
        raise Unreadable("member_twice")
    if info.file_size > limits.FILE_BYTES:
        raise Unreadable("too_large", most=limits.mb(limits.FILE_BYTES))


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; Korean Windows writes CP949 and does not say so, others backslashes."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp949")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _ignored(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _NOISE or (part.startswith(".") and part != "..") for part in parts)
