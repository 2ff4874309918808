"""From a file's bytes to a Document and its Markdown."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Unreadable
from ingest.metadata import declared, document
from ingest.sidecar import ENDING, beside, front_matter, is_side_car
from knowledge.types import Document

KNOWN = (".md", ".markdown", ".txt")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as it was read: what it is, and its Markdown."""

    document: Document
    markdown: str


def parse(path: Path, name: str) -> Parsed:
    """Read one file; `name` is how the admin knows it.

    Raises Unreadable with a sentence that says what is wrong and what to do.
    """
    if is_side_car(path):
        raise Unreadable(
            f"it is a side-car without its document. Put the file beside it, or name it after "
            f"one: FILE{ENDING}."
        )
    if path.suffix.lower() not in KNOWN:
        raise Unreadable(
            f"its type ({path.suffix or 'no ending'}) is not one Naru reads: "
            f"{', '.join(KNOWN)}. Convert it to one of these."
        )
    side = beside(path)
    front, body = front_matter(_text(path))
    if not body.strip():
        raise Unreadable("it has no text. An empty document cannot answer anything.")
    return Parsed(document(declared(front, side), {}, body, name), body.strip() + "\n")


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror}).") from error
    if "\x00" in text:
        raise Unreadable("it is not text. Export it as Markdown or plain text.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
