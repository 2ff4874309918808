"""Archives of documents: their members, each for itself."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from ingest.document.sidecar import ENDING, Declared, declares, is_side_car, names_beside
from ingest.errors import Unreadable
from ingest.formats import limits, zip_xml
from ingest.formats.sniff import kind_of
from ingest.types import Member

_UTF8 = 0x800
_LOCKED = 0x1
_NOISE = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def members(data: bytes, within: str = "", depth: int = 1) -> Iterator[Member]:
    """The members of a ZIP archive in the order of their names, those of archives in it too.

    One that cannot be taken says why, and the others are still given. Raises Unreadable for the
    archive as a whole.
    """
    with zip_xml.opened(data) as archive:
        seen: set[str] = set()
        shelf = _Shelf(archive)
        for info in shelf.documents:
            name = f"{within}{_name(info)}"
            try:
                _refuse(info, name, seen)
                seen.add(name)
                yield from _taken(shelf, info, name, depth)
            except Unreadable as error:
                yield Member(name, why=error.remark)


class _Shelf:
    """The members of one archive, and the side-cars beside them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        here = [(PurePosixPath(_name(one)), one) for one in archive.infolist()
                if not one.is_dir() and not _ignored(one)]  # fmt: skip
        files = [path for path, _ in here if not is_side_car(path)]
        described = {path.parent / name for path in files for name in names_beside(path.name)}
        self._sides = {path: one for path, one in here if is_side_car(path) and path in described}
        self.documents = sorted((one for path, one in here if path not in self._sides), key=_name)

    def beside(self, info: zipfile.ZipInfo) -> Declared:
        """What the side-car of a member says. Raises Unreadable."""
        file = PurePosixPath(_name(info))
        for name in names_beside(file.name):
            side = self._sides.get(file.parent / name)
            if side is not None:
                _refuse(side, name, set())
                return declares(zip_xml.part(self.archive, side.filename), name)
        return {}


def _taken(shelf: _Shelf, info: zipfile.ZipInfo, name: str, depth: int) -> Iterator[Member]:
    if is_side_car(PurePosixPath(name)):
        raise Unreadable("lonely_side_car", ending=ENDING)
    data = zip_xml.part(shelf.archive, info.filename)
    if kind_of(data, name) != "zip":
        yield Member(name, data, shelf.beside(info))
        return
    if depth >= limits.DEPTH:
        raise Unreadable("archives_deep", most=limits.DEPTH)
    yield from members(data, f"{name}/", depth + 1)


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


def _ignored(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(_name(info)).parts
    return any(part in _NOISE or (part.startswith(".") and part != "..") for part in parts)
