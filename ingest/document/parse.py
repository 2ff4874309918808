"""Parsing of one file to a Document and its Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.document.content import read_content
from ingest.document.convert import convert_bytes
from ingest.document.metadata import (
    build_document,
    merge_declared,
    read_checked,
    read_columns,
)
from ingest.document.sidecar import DeclaredMetadata, read_sidecar, split_front_matter
from ingest.errors import Unreadable
from ingest.formats.sidecar_names import SIDECAR_SUFFIX, is_phrase_file, is_sidecar
from ingest.remarks import Remark
from knowledge.types import Document, Language


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document, its Markdown and a remark for the admin, None if there is nothing to say.
    `is_fetched`: it came from the web, and may not name its sources. `checked` is the day somebody
    last read its sources, None if that is not declared."""

    document: Document
    markdown: str
    note: Remark | None = None
    is_fetched: bool = False
    checked: date | None = None


def parse_file(
    path: Path,
    name: str,
    language: Language | None = None,
    data: bytes | None = None,
    sidecar: DeclaredMetadata | None = None,
    *,
    is_fetched: bool = False,
) -> ParsedDocument:
    """Parse one file.

    `name` is its name for the admin and its id if it declares none; `language` is used if it
    declares none. For a member of an archive, or a file already read, `data` holds its bytes and
    `sidecar` its declared metadata; `path` is then the archive or the file. The front matter of a
    fetched file is text: a web page does not say who speaks in it. See
    docs/decisions/0053-fetched-text-declares-no-identity.md.
    Raises Unreadable, saying what is wrong and what to do.
    """
    if is_sidecar(path):
        raise Unreadable("lonely_side_car", ending=SIDECAR_SUFFIX)
    if is_phrase_file(path):
        raise Unreadable("lonely_phrases")
    sidecar = read_sidecar(path) if data is None else sidecar or {}
    content = read_content(path) if data is None else data
    converted = convert_bytes(content, name, read_columns(sidecar), str(sidecar.get("url") or ""))
    front: DeclaredMetadata = {}
    markdown = converted.markdown
    if converted.kind == "text" and not is_fetched:
        front, markdown = split_front_matter(markdown)
    if not markdown.strip():
        raise Unreadable("no_text")
    declared = {"language": language} | dict(merge_declared(front, sidecar))
    document = build_document(declared, converted.properties, markdown, name)
    text = markdown.strip() + "\n"
    return ParsedDocument(document, text, converted.note, is_fetched, read_checked(declared))
