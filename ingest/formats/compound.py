"""OLE containers (the one door to olefile): HWP 5, locked office files, and what came before them."""

from __future__ import annotations

import struct

import olefile

from ingest.errors import Unreadable
from ingest.formats import hwp

_OLD = {
    "WordDocument": ("an old Word document (.doc)", "DOCX or PDF"),
    "Workbook": ("an old Excel workbook (.xls)", "XLSX"),
    "Book": ("an old Excel workbook (.xls)", "XLSX"),
    "PowerPoint Document": ("an old PowerPoint presentation (.ppt)", "PPTX or PDF"),
}
_LOCKED = ("EncryptedPackage", "EncryptionInfo")
# Bits of a HWP file's header, and what each means for who wants to read it.
_HWP_FLAGS = (
    (1 << 1, "it is locked with a password. Open it in Hangul and save it without one."),
    (1 << 2, "it is a distribution document (배포용 문서), closed to copying. Ask its issuer for an "
             "open copy or a PDF."),
    (1 << 4, "it is protected by DRM. Ask its issuer for an open copy or a PDF."),
    (1 << 8, "it is encrypted with a certificate. Ask its issuer for an open copy or a PDF."),
    (1 << 10, "it is protected by certificate DRM. Ask its issuer for an open copy or a PDF."),
)  # fmt: skip


def read(data: bytes) -> tuple[str, dict[str, str]]:
    """The Markdown of a HWP 5 file. Raises Unreadable, naming what else the container holds."""
    try:
        with olefile.OleFileIO(data) as ole:
            names = {entry[0] for entry in ole.listdir()}
            header = ole.openstream("FileHeader").read(40) if "FileHeader" in names else b""
    except (OSError, ValueError, IndexError) as error:
        raise Unreadable(
            f"its container is damaged or cut off ({error}). Copy it again."
        ) from error
    _refuse(names, header)
    return hwp.read(data)


def _refuse(names: set[str], header: bytes) -> None:
    if names & set(_LOCKED):
        raise Unreadable("it is locked with a password. Save it without one.")
    for name in names & set(_OLD):
        what, instead = _OLD[name]
        raise Unreadable(f"it is {what}. Open it and save it as {instead}.")
    if not header.startswith(b"HWP Document File") or len(header) < 40:
        raise Unreadable("it is an office container that holds no document Naru knows. Export PDF.")
    (flags,) = struct.unpack("<I", header[36:40])
    for bit, sentence in _HWP_FLAGS:
        if flags & bit:
            raise Unreadable(sentence)
    if "BodyText" not in names:
        raise Unreadable("its text is missing: it was cut off or is damaged. Copy it again.")
