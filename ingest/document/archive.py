"""ZIP archives of documents: their members, each with its side-car."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.document.sidecar import parse_sidecar
from ingest.errors import Unreadable
from ingest.formats import worker
from ingest.remarks import Remark
from ingest.types import CandidateFile


def read_members(data: bytes, name: str) -> Iterator[CandidateFile]:
    """The members of a ZIP archive sorted by name, including those of archives within it.

    It is unpacked in a child process with limits for all of it together. A member that is refused
    has a remark and does not stop the others. There are none for a file that is not an archive.
    Raises Unreadable if the archive itself cannot be read.
    """
    for reply, content, sidecar in worker.stream_in_child(data, name):
        if reply["remark"]:
            yield CandidateFile(reply["member"], remark=Remark.from_json(reply["remark"]))
            continue
        try:
            declared = parse_sidecar(sidecar, reply["sidecar"]) if reply["sidecar"] else {}
            yield CandidateFile(reply["member"], content, declared)
        except Unreadable as error:
            yield CandidateFile(reply["member"], remark=error.remark)
