"""Which files an ingest reads: the shipped library, or the files and folders it is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import knowledge
from ingest.errors import NothingToRead

SHIPPED = Path(knowledge.__file__).with_name("library")
IGNORED = frozenset({"README.md", "SOURCES.md"})


def files(root: Path) -> list[Path]:
    """The files under `root` (or `root` itself), sorted, hidden ones and ours left out.

    Raises NothingToRead with a sentence that names the path.
    """
    if not root.exists():
        raise NothingToRead(f"{root} does not exist. Name a file or a folder of documents.")
    found = sorted(_walk(root)) if root.is_dir() else [root]
    if not found:
        raise NothingToRead(f"{root} holds no files. Put documents there, then ingest again.")
    return found


def origin(root: Path) -> str:
    """How a path is remembered, so that a later ingest of it withdraws only its documents."""
    if root.resolve() == SHIPPED.resolve():
        return "shipped"
    return unicodedata.normalize("NFC", str(root.resolve()))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not (
            hidden or path.name in IGNORED or path.name.endswith(".meta.yaml")
        ):
            yield path
