"""OLE containers: HWP 5, encrypted and old office files. Only this module and `records` use olefile."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import olefile

from ingest.errors import Unreadable
from ingest.formats.hangul import hwp
from ingest.formats.hangul.records import HwpRecords, read_records
from ingest.remarks import Remark
from ingest.types import ReadFile

_OLD_OFFICE_FORMATS = {
    "WordDocument": ("Word 97–2003, .doc", "DOCX, PDF"),
    "Workbook": ("Excel 97–2003, .xls", "XLSX"),
    "Book": ("Excel 97–2003, .xls", "XLSX"),
    "PowerPoint Document": ("PowerPoint 97–2003, .ppt", "PPTX, PDF"),
}
_HWP_MARK = b"HWP Document File"
_HWP_STREAMS = ("HwpSummaryInformation", "BodyText", "DocInfo")
_ENCRYPTED_STREAMS = ("EncryptedPackage", "EncryptionInfo")
# Bits in the header of a HWP file that make it unreadable, and the remark for each.
_HWP_FLAGS = (
    (1 << 1, Remark("locked")),
    (1 << 2, Remark("for_distribution")),
    (1 << 4, Remark("guarded", {"what": "DRM"})),
    (1 << 8, Remark("certified")),
    (1 << 10, Remark("guarded", {"what": "certificate DRM"})),
)


def read_ole(data: bytes) -> ReadFile:
    """The Markdown of a HWP 5 file and its properties.

    Raises Unreadable if the container is damaged, encrypted or holds another format.
    """
    try:
        # As a stream: bytes that are too short for a container are taken for the name of a file.
        with olefile.OleFileIO(BytesIO(data)) as ole:
            names = {entry[0] for entry in ole.listdir()}
            header = ole.openstream("FileHeader").read(40) if "FileHeader" in names else b""
    except (OSError, ValueError, IndexError, OverflowError) as error:
        if _has_signs_of_hwp(data):
            raise Unreadable("hwp_damaged", why=str(error)) from error
        raise Unreadable("damaged_or_cut", why=str(error)) from error
    if not names & set(_OLD_OFFICE_FORMATS) and not _is_hwp(header) and _has_signs_of_hwp(data):
        raise Unreadable("hwp_damaged", why="FileHeader")
    _refuse_unreadable(names, header)
    try:
        return hwp.read_hwp(data, _read_records(data))
    except Unreadable as error:
        if error.remark.kind != "damaged":
            raise
        raise Unreadable("hwp_damaged", why=error.remark.facts["why"]) from error


def _is_hwp(header: bytes) -> bool:
    return header.startswith(_HWP_MARK) and len(header) >= 40


def _has_signs_of_hwp(data: bytes) -> bool:
    """Whether a container that cannot be read whole was a HWP 5 file: it has its mark, or the names
    of its streams."""
    return _HWP_MARK in data or any(name.encode("utf-16-le") in data for name in _HWP_STREAMS)


def _read_records(data: bytes) -> HwpRecords:
    """The records of a HWP 5 file; none if they cannot be read, unhwp may still read its text."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            return read_records(ole)
    except (OSError, ValueError, IndexError, OverflowError, struct.error, zlib.error):
        return HwpRecords()


def _refuse_unreadable(names: set[str], header: bytes) -> None:
    if names & set(_ENCRYPTED_STREAMS):
        raise Unreadable("locked")
    for name in names & set(_OLD_OFFICE_FORMATS):
        what, instead = _OLD_OFFICE_FORMATS[name]
        raise Unreadable("other_kind", what=what, instead=instead)
    if not _is_hwp(header):
        raise Unreadable("other_kind", what="OLE", instead="PDF")
    (flags,) = struct.unpack("<I", header[36:40])
    for bit, remark in _HWP_FLAGS:
        if flags & bit:
            raise Unreadable.from_remark(remark)
    if "BodyText" not in names:
        raise Unreadable("text_missing")
