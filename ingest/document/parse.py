"""From a file's bytes to a Document and its Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.document.convert import content, read_bytes
from ingest.document.metadata import columns, declared, document
from ingest.document.sidecar import ENDING, Declared, beside, front_matter, is_side_car
from ingest.errors import Unreadable
from ingest.remarks import Remark
from knowledge.types import Document, Language


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as it was read: what it is, its Markdown, and what the admin should know of it."""

    document: Document
    markdown: str
    note: Remark | None = None


def parse(
    path: Path,
    name: str,
    language: Language | None = None,
    data: bytes | None = None,
    side: Declared | None = None,
) -> Parsed:
    """Read one file; `name` is how the admin knows it, `language` its own where it says none,
    `data` what it holds where that was read already, or `path` is the archive that it is in; `side`
    is then what its side-car says.

    Raises Unreadable with a sentence that says what is wrong and what to do.
    """
    if is_side_car(path):
        raise Unreadable("lonely_side_car", ending=ENDING)
    side = beside(path) if data is None else side or {}
    found = read_bytes(content(path) if data is None else data, name, columns(side))
    front, body = front_matter(found.markdown) if found.kind == "text" else ({}, found.markdown)
    if not body.strip():
        raise Unreadable("no_text")
    said = {"language": language} | dict(declared(front, side))
    described = document(said, found.properties, body, name)
    return Parsed(described, body.strip() + "\n", found.note)
