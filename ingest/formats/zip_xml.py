"""Documents that are ZIP archives of XML: what they may unpack to, and what they say of themselves."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from ingest.errors import Unreadable
from ingest.formats import limits, xml

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, OSError, EOFError,
    ValueError,
)  # fmt: skip
_END = b"PK\x05\x06"
_CORE = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}


def opened(data: bytes) -> zipfile.ZipFile:
    """A ZIP archive whose list of names and whose promises of size are within bounds.

    Raises Unreadable where it is damaged, or a bomb.
    """
    end = data.rfind(_END)
    if end < 0 or len(data) < end + 22:
        raise Unreadable("cut_off")
    count, directory = struct.unpack("<HL", data[end + 10 : end + 16])
    if count > limits.MEMBERS or directory > limits.DIRECTORY_BYTES:
        raise Unreadable("too_many_members", most=limits.MEMBERS)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("zip_damaged", why=str(error)) from error
    check(archive.infolist())
    return archive


def check(members: list[zipfile.ZipInfo]) -> None:
    """Raises Unreadable for what would unpack to too much."""
    total = sum(one.file_size for one in members)
    if total > limits.UNPACKED_BYTES:
        raise Unreadable("unpacks_large", most=limits.mb(limits.UNPACKED_BYTES))
    packed = sum(one.compress_size for one in members)
    if total > limits.RATIO_FROM and total > limits.RATIO * max(packed, 1):
        raise Unreadable("bomb", times=limits.RATIO)


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, to the length it promised. Raises Unreadable where it is damaged or locked."""
    try:
        info = archive.getinfo(name)
        with archive.open(info) as stream:
            return stream.read(info.file_size)
    except KeyError as error:
        raise Unreadable("part_missing", part=name) from error
    except _DAMAGED as error:
        raise Unreadable("part_damaged", part=name, why=str(error)) from error
    except RuntimeError as error:  # zipfile's word for a password
        raise Unreadable("locked") from error


def office(data: bytes) -> dict[str, str]:
    """Check a Word, Excel or PowerPoint file before its library opens it; returns its properties.

    Raises Unreadable where it is damaged, a bomb, or declares entities.
    """
    with opened(data) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")) and xml.declares(part(archive, name)):
                raise Unreadable("part_with_entities", part=name)
        core = "docProps/core.xml"
        return _properties(part(archive, core)) if core in names else {}


def _properties(core: bytes) -> dict[str, str]:
    said = ((_CORE.get(xml.name(one)), (one.text or "").strip()) for one in xml.parse(core))
    return {key: value for key, value in said if key and value}
