"""Which files an ingest reads: the shipped library, or the files and folders it is given."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import knowledge
from ingest.document.sidecar import has_described_file, is_sidecar
from ingest.errors import NothingToRead, Unreadable

SHIPPED_LIBRARY = Path(knowledge.__file__).with_name("library")
IGNORED_FILE_NAMES = frozenset({"README.md", "SOURCES.md"})


def list_files(root: Path) -> list[Path]:
    """The files under `root` (or `root` itself), sorted, hidden ones and ours left out.

    Raises NothingToRead with a sentence that names the path.
    """
    if not root.exists():
        raise NothingToRead(f"{root} does not exist. Name a file or a folder of documents.")
    found = sorted(_walk_files(root)) if root.is_dir() else [root]
    if not found:
        raise NothingToRead(f"{root} holds no files. Put documents there, then ingest again.")
    return found


def resolve_origin(root: Path) -> str:
    """How a path is remembered, so that a later ingest of it withdraws only its documents."""
    if root.resolve() == SHIPPED_LIBRARY.resolve():
        return "shipped"
    return unicodedata.normalize("NFC", str(root.resolve()))


def make_display_name(path: Path, root: Path) -> str:
    """What the admin calls a file below (or at) `root`, its letters composed."""
    name = str(path.relative_to(root)) if root.is_dir() else path.name
    return unicodedata.normalize("NFC", name)


def check_within_root(path: Path, root: Path) -> None:
    """Raise Unreadable for what lies below `root` and is no file of it: a link that leads out, in
    a ring or to a folder, and a folder that does not open."""
    try:
        if path.is_symlink():
            _check_link(path, root)
        elif path.is_dir():
            raise Unreadable("folder_closed")
    except PermissionError as error:
        raise Unreadable("closed") from error


def _check_link(path: Path, root: Path) -> None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: a ring, before 3.13
        raise Unreadable("link_nowhere") from error
    if target.is_dir():
        raise Unreadable("link_to_folder")
    if path != root and not target.is_relative_to(root.resolve()):
        raise Unreadable("link_out")


def _walk_files(root: Path) -> Iterator[Path]:
    """The files under a folder, and whatever `within` refuses; links to folders are not followed,
    so that the walk ends. Side-cars belong to their file."""
    closed: list[OSError] = []
    for folder, below, names in os.walk(root, onerror=closed.append):
        linked = [name for name in below if (Path(folder) / name).is_symlink()]
        below[:] = [name for name in below if not name.startswith(".")]
        for name in [*names, *linked]:
            path = Path(folder) / name
            if not name.startswith(".") and name not in IGNORED_FILE_NAMES and _is_candidate(path):
                yield path
    yield from (Path(str(error.filename)) for error in closed)


def _is_candidate(path: Path) -> bool:
    """Files, links, and side-cars that have lost their file; no pipes and devices."""
    if is_sidecar(path):
        return not has_described_file(path)
    try:
        return path.is_symlink() or path.is_file()
    except PermissionError:
        return True
