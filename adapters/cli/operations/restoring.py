"""Naru made again from a copy: all of it, or from the start again after an interruption.

What is restored is written to a folder in NARU_DATA (which may be a disk of its own, to which nothing can be
renamed), compared with the digests of the copy, and moved up. The database comes last: NARU_DATA without
one, and with that folder, is an interrupted restore.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.operations.claims import claim_folder, remove
from adapters.cli.operations.copies import UNFINISHED, drop_logs
from adapters.cli.operations.databases import list_tables, open_database, require_empty
from adapters.cli.operations.manifest import (
    DATABASE_NAME,
    FILES_FOLDER,
    MANIFEST_NAME,
    CopyManifest,
    find_damaged,
    read_checked_manifest,
    sync_copy,
)
from adapters.errors import CommandFailed
from bot.store.retention.restored import settle_unsent
from knowledge.database.copying import copy_tables
from knowledge.database.engine import find_database_file
from knowledge.database.file_modes import OWN_FOLDER_MODE, list_sqlite_files, restrict_folder

if TYPE_CHECKING:
    from adapters.settings import Settings

PART_NAME = f"restore{UNFINISHED}"
DISK_FOLDER = "lost+found"  # of a disk of its own


@dataclass(frozen=True, slots=True)
class Restored:
    """A copy that was restored; `unsent` messages had not gone out when it was made."""

    manifest: CopyManifest
    unsent: int


def restore_copy(settings: Settings, folder: Path, *, hold: bool = False) -> Restored:
    """Put a copy into an empty NARU_DATA and an empty database; what an interrupted restore left is
    removed. With `hold`, what had not gone out becomes dead letters instead of being sent.

    Raises CommandFailed, before anything is written, if one of them is not empty or the copy is
    damaged, and if it is not the same on the disk that it was written to.
    """
    manifest = read_checked_manifest(folder)
    data, part = settings.data, settings.data / PART_NAME
    left = _list_left(data, manifest, _list_target_files(settings.database_url))
    if settings.database_url:
        with open_database(settings.database_url) as target:
            require_empty(target, settings.database_url)
    data.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER_MODE)
    with claim_folder(part):
        for path in left:
            remove(path)
        _copy_named(folder, part, manifest)
        if wrong := find_damaged(part, manifest):
            raise CommandFailed(
                f"{wrong} was not written to {data} as it is in the copy. Try again."
            )
        sync_copy(part, manifest)
        with open_database(f"sqlite:///{part / DATABASE_NAME}") as saved:
            unsent = settle_unsent(saved, hold=hold)
        drop_logs(part)
        for path in (part / FILES_FOLDER).glob("*"):
            path.rename(data / path.name)
        restrict_folder(data)
        if settings.database_url:
            _fill_database(part / DATABASE_NAME, settings.database_url)
        else:
            (part / DATABASE_NAME).rename(data / DATABASE_NAME)
        shutil.rmtree(part)
    return Restored(manifest, unsent)


def _copy_named(folder: Path, part: Path, manifest: CopyManifest) -> None:
    """Copy what the manifest of a copy names, whatever else lies there by now."""
    for name in (*manifest.files, MANIFEST_NAME):
        (part / name).parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER_MODE)
        shutil.copyfile(folder / name, part / name)


def _list_target_files(url: str) -> list[Path]:
    """The files of the database to be filled, which may lie in NARU_DATA: it is looked into by itself."""
    path = find_database_file(url)
    return list_sqlite_files(path.resolve()) if path else []


def _list_left(data: Path, manifest: CopyManifest, own: Collection[Path]) -> list[Path]:
    """What an interrupted restore of the same copy had moved to NARU_DATA. Raises CommandFailed if
    anything else is there, apart from `own`."""
    kept = {data / PART_NAME, data / DISK_FOLDER}
    left = [path for path in data.glob("*") if path not in kept and path.resolve() not in own]
    part = data / PART_NAME
    if left and not (part.exists() and _is_of_copy(data, left, manifest)):
        raise CommandFailed(
            f"NARU_DATA ({data}) is not empty. Nothing was restored. Name an empty folder, or move away "
            "what is there."
        )
    return left


def _is_of_copy(data: Path, left: Sequence[Path], manifest: CopyManifest) -> bool:
    """Whether all files in `left` are files of a copy, and its database is not among them."""
    files = [path for one in left for path in (one, *one.rglob("*")) if not path.is_dir()]
    names = {f"{FILES_FOLDER}/{path.relative_to(data).as_posix()}" for path in files}
    return names <= manifest.files.keys()


def _fill_database(saved: Path, url: str) -> None:
    with open_database(f"sqlite:///{saved}") as source, open_database(url) as target:
        copy_tables(source, target, list_tables())
