"""The files under a path: which are read, how they are named, and which links are refused.

See docs/decisions/0017-folder-links-are-not-followed.md.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import knowledge
from ingest.document.sidecar import has_described_file
from ingest.errors import NothingToRead, Unreadable
from ingest.formats.sidecar_names import is_phrase_file, is_sidecar
from knowledge.types import SHIPPED_ORIGIN

SHIPPED_LIBRARY = Path(knowledge.__file__).with_name("library")
IGNORED_FILE_NAMES = frozenset({"README.md", "SOURCES.md", "CONTACTS.yaml"})


def list_files(root: Path) -> list[Path]:
    """The files under `root` (or `root` itself), sorted, without hidden ones, README, side-cars and
    side files of phrases.

    Raises NothingToRead, naming the path, if it does not exist or holds no files.
    """
    if not root.exists():
        raise NothingToRead(f"{root} does not exist. Name a file or a folder of documents.")
    files = sorted(_walk_files(root)) if root.is_dir() else [root]
    if not files:
        raise NothingToRead(f"{root} holds no files. Put documents there, then ingest again.")
    return files


def resolve_origin(root: Path) -> str:
    """The origin that is stored for a path, so that its next ingest withdraws only its documents."""
    if root.resolve() == SHIPPED_LIBRARY.resolve():
        return SHIPPED_ORIGIN
    return unicodedata.normalize("NFC", str(root.resolve()))


def make_display_name(path: Path, root: Path) -> str:
    """The name of a file relative to `root`, in NFC."""
    name = path.name if path == root else str(path.relative_to(root))
    return unicodedata.normalize("NFC", name)


def check_within_root(path: Path, root: Path) -> None:
    """Raise Unreadable for a link to a folder, to nowhere or out of `root`, and for a folder or
    file without permission to open it."""
    try:
        mode = path.lstat().st_mode
    except PermissionError as error:
        raise Unreadable("closed") from error
    except OSError:
        return  # it is gone: who reads it says so
    if stat.S_ISLNK(mode):
        _check_link(path, root)
    elif stat.S_ISDIR(mode):
        raise Unreadable("folder_closed")


def _check_link(path: Path, root: Path) -> None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: a cycle of links, before 3.13
        raise Unreadable("link_nowhere") from error
    if target.is_dir():
        raise Unreadable("link_to_folder")
    if path != root and not target.is_relative_to(root.resolve()):
        raise Unreadable("link_out")


def _walk_files(root: Path) -> Iterator[Path]:
    """The files under a folder, and the paths that `check_within_root` will refuse.

    Links to folders are not followed, so that the walk ends.
    """
    try:
        with os.scandir(root) as listed:
            entries = [one for one in listed if not one.name.startswith(".")]
    except OSError as error:
        yield Path(str(error.filename))
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_files(root / entry.name)
        elif entry.name not in IGNORED_FILE_NAMES and _is_candidate(entry, root / entry.name):
            yield root / entry.name


def _is_candidate(entry: os.DirEntry[str], path: Path) -> bool:
    """Whether a path is a file, a link, or a side-car or side file of phrases without its file; not a
    pipe or device."""
    if is_sidecar(path) or is_phrase_file(path):
        return not has_described_file(path)
    try:
        return entry.is_symlink() or entry.is_file(follow_symlinks=False)
    except PermissionError:
        return True
