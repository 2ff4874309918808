"""Who may read the files of the database and all that lies with it: only their owner."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path

OWN_FILE_MODE = 0o600
OWN_FOLDER_MODE = 0o700
OWN_UMASK = 0o077
SQLITE_FILE_SUFFIXES = ("", "-wal", "-shm", "-journal")


def create_own_file(path: Path) -> None:
    """Create an empty file that only its owner may read, unless it is there; one that is there, and
    what SQLite keeps next to it, becomes the owner's alone if it is ours to change."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER_MODE)
    with contextlib.suppress(OSError):  # SQLite's own error about it says more
        path.touch(OWN_FILE_MODE)
    for one in list_sqlite_files(path):
        if one.exists():
            _restrict_mode(one)


def list_sqlite_files(path: Path) -> list[Path]:
    """The file of a SQLite database, and those that SQLite may keep next to it."""
    return [path.with_name(path.name + suffix) for suffix in SQLITE_FILE_SUFFIXES]


def restrict_folder(folder: Path) -> None:
    """Let only the owner read a folder and all that is in it. What belongs to somebody else stays as
    it is; links are not followed."""
    for path in (folder, *_iter_paths(folder)):
        _restrict_mode(path)


def list_readable_by_others(folder: Path) -> list[Path]:
    """The files and folders in a folder, and the folder itself, that others than the owner may read
    or write; none if they may not enter the folder."""
    if not _is_open_to_others(folder):
        return []
    return [path for path in (folder, *_iter_paths(folder)) if _is_open_to_others(path)]


def _iter_paths(folder: Path) -> Iterator[Path]:
    """Everything below a folder, without following links."""
    for path in sorted(folder.glob("*")):
        if path.is_symlink():
            continue
        yield path
        if path.is_dir():
            yield from _iter_paths(path)


def _is_open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except FileNotFoundError:  # a file of SQLite's that is gone again
        return False


def _restrict_mode(path: Path) -> None:
    if not _is_open_to_others(path):
        return
    with contextlib.suppress(PermissionError, FileNotFoundError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OWN_UMASK)
