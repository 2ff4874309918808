"""ZIP archives of XML parts: limits on what they unpack to, and their core properties."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.formats.office import xml

_DAMAGE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, OSError, EOFError,
    ValueError,
)  # fmt: skip
_END_OF_DIRECTORY = b"PK\x05\x06"
_CORE_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "created": "created",
    "modified": "modified",
}


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open a ZIP archive whose member list and declared sizes are within the limits.

    Raises Unreadable if it is damaged or unpacks to too much.
    """
    end = data.rfind(_END_OF_DIRECTORY)
    if end < 0 or len(data) < end + 22:
        raise Unreadable("cut_off")
    count, directory = struct.unpack("<HL", data[end + 10 : end + 16])
    if count > limits.ARCHIVE_MAX_MEMBERS or directory > limits.ARCHIVE_DIRECTORY_MAX_BYTES:
        raise Unreadable("too_many_members", most=limits.ARCHIVE_MAX_MEMBERS)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("zip_damaged", why=str(error)) from error
    check_sizes(archive.infolist())
    return archive


def check_sizes(members: list[zipfile.ZipInfo]) -> None:
    """Raise Unreadable if the members would unpack to too much."""
    total = sum(member.file_size for member in members)
    if total > limits.UNPACKED_MAX_BYTES:
        raise Unreadable("unpacks_large", most=limits.format_megabytes(limits.UNPACKED_MAX_BYTES))
    packed = sum(member.compress_size for member in members)
    if total > limits.COMPRESSION_CHECK_MIN_BYTES and total > limits.COMPRESSION_MAX_RATIO * max(
        packed, 1
    ):
        raise Unreadable("bomb", times=limits.COMPRESSION_MAX_RATIO)


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The content of a part, up to its declared size.

    Raises Unreadable if it is missing, damaged or locked.
    """
    try:
        info = archive.getinfo(name)
        with archive.open(info) as stream:
            return stream.read(info.file_size)
    except KeyError as error:
        raise Unreadable("part_missing", part=name) from error
    except _DAMAGE_ERRORS as error:
        raise Unreadable("part_damaged", part=name, why=str(error)) from error
    except RuntimeError as error:  # raised by zipfile for a password
        raise Unreadable("locked") from error


def read_office_properties(data: bytes) -> dict[str, str]:
    """Check a Word, Excel or PowerPoint file before its library opens it; its properties.

    Raises Unreadable if it is damaged, unpacks to too much or declares entities.
    """
    with open_zip(data) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")) and xml.has_declarations(read_part(archive, name)):
                raise Unreadable("part_with_entities", part=name)
        core = "docProps/core.xml"
        return _parse_core_properties(read_part(archive, core)) if core in names else {}


def _parse_core_properties(core: bytes) -> dict[str, str]:
    properties = (
        (_CORE_PROPERTIES.get(xml.get_local_name(entry)), (entry.text or "").strip())
        for entry in xml.parse_xml(core)
    )
    return {key: value for key, value in properties if key and value}
