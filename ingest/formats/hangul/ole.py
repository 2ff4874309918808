"""OLE containers: HWP 5, encrypted and old office files. Only this module uses olefile."""

from __future__ import annotations

import struct

import olefile

from ingest.errors import Unreadable
from ingest.formats.hangul import hwp
from ingest.remarks import Remark

_OLD_OFFICE_FORMATS = {
    "WordDocument": ("Word 97–2003, .doc", "DOCX, PDF"),
    "Workbook": ("Excel 97–2003, .xls", "XLSX"),
    "Book": ("Excel 97–2003, .xls", "XLSX"),
    "PowerPoint Document": ("PowerPoint 97–2003, .ppt", "PPTX, PDF"),
}
_ENCRYPTED_STREAMS = ("EncryptedPackage", "EncryptionInfo")
# Bits in the header of a HWP file that make it unreadable, and the remark for each.
_HWP_FLAGS = (
    (1 << 1, Remark("locked")),
    (1 << 2, Remark("for_distribution")),
    (1 << 4, Remark("guarded", {"what": "DRM"})),
    (1 << 8, Remark("certified")),
    (1 << 10, Remark("guarded", {"what": "certificate DRM"})),
)


def read_ole(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a HWP 5 file and its properties.

    Raises Unreadable if the container is damaged, encrypted or holds another format.
    """
    try:
        with olefile.OleFileIO(data) as ole:
            names = {entry[0] for entry in ole.listdir()}
            header = ole.openstream("FileHeader").read(40) if "FileHeader" in names else b""
    except (OSError, ValueError, IndexError) as error:
        raise Unreadable("damaged_or_cut", why=str(error)) from error
    _refuse_unreadable(names, header)
    return hwp.read_hwp(data)


def _refuse_unreadable(names: set[str], header: bytes) -> None:
    if names & set(_ENCRYPTED_STREAMS):
        raise Unreadable("locked")
    for name in names & set(_OLD_OFFICE_FORMATS):
        what, instead = _OLD_OFFICE_FORMATS[name]
        raise Unreadable("other_kind", what=what, instead=instead)
    if not header.startswith(b"HWP Document File") or len(header) < 40:
        raise Unreadable("other_kind", what="OLE", instead="PDF")
    (flags,) = struct.unpack("<I", header[36:40])
    for bit, remark in _HWP_FLAGS:
        if flags & bit:
            raise Unreadable.from_remark(remark)
    if "BodyText" not in names:
        raise Unreadable("text_missing")
