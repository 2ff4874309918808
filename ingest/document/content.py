"""The bytes of files, and the documents in archives."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.types import CandidateFile

_PACKED_BEGINNING = b"PK"


def read_content(path: Path) -> bytes:
    """The bytes of a file. Raises Unreadable if it cannot be read or is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("no_file")
        if found.st_size > limits.FILE_MAX_BYTES:
            raise Unreadable("too_large", most=limits.format_megabytes(limits.FILE_MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise Unreadable("no_file") from error
        raise Unreadable("unread", why=error.strerror) from error


def is_packed(content: bytes) -> bool:
    """Whether a file is packed, as archives and office files are."""
    return content.startswith(_PACKED_BEGINNING)


def read_members(content: bytes, name: str) -> Iterator[CandidateFile] | None:
    """The documents in an archive; None for a file that is not an archive, or an empty one.

    Raises Unreadable if the archive cannot be read.
    """
    if not is_packed(content):
        return None
    from ingest.document import archive  # and the child process that unpacks it

    members = archive.read_members(content, name)
    first = next(members, None)
    return chain([first], members) if first else None
