"""From a file's bytes to a Document and its Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.document.convert import convert_bytes, read_content
from ingest.document.metadata import build_document, merge_declared, read_columns
from ingest.document.sidecar import (
    SIDECAR_SUFFIX,
    DeclaredMetadata,
    is_sidecar,
    read_sidecar,
    split_front_matter,
)
from ingest.errors import Unreadable
from ingest.remarks import Remark
from knowledge.types import Document, Language


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as it was read: what it is, its Markdown, and what the admin should know of it."""

    document: Document
    markdown: str
    note: Remark | None = None


def parse_file(
    path: Path,
    name: str,
    language: Language | None = None,
    data: bytes | None = None,
    side: DeclaredMetadata | None = None,
) -> ParsedDocument:
    """Read one file; `name` is how the admin knows it, `language` its own where it says none,
    `data` what it holds where that was read already, or `path` is the archive that it is in; `side`
    is then what its side-car says.

    Raises Unreadable with a sentence that says what is wrong and what to do.
    """
    if is_sidecar(path):
        raise Unreadable("lonely_side_car", ending=SIDECAR_SUFFIX)
    side = read_sidecar(path) if data is None else side or {}
    found = convert_bytes(read_content(path) if data is None else data, name, read_columns(side))
    front, body = (
        split_front_matter(found.markdown) if found.kind == "text" else ({}, found.markdown)
    )
    if not body.strip():
        raise Unreadable("no_text")
    said = {"language": language} | dict(merge_declared(front, side))
    described = build_document(said, found.properties, body, name)
    return ParsedDocument(described, body.strip() + "\n", found.note)
