"""Naru made again from a copy: all of it, or from the start again after an interruption.

What is restored is written to a folder in NARU_DATA (which may be a disk of its own, to which nothing can be
renamed), compared with the digests of the copy, and moved up. The database comes last: NARU_DATA without
one, and with that folder, is an interrupted restore.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.operations.claims import claim_folder, remove
from adapters.cli.operations.copies import DATABASE_NAME, FILES_FOLDER, UNFINISHED, drop_logs
from adapters.cli.operations.databases import list_tables, open_database, require_empty
from adapters.cli.operations.manifest import (
    CopyManifest,
    find_damaged,
    read_checked_manifest,
    sync_copy,
)
from adapters.errors import CommandFailed
from bot.store.retention.restored import settle_unsent
from knowledge.database.copying import copy_tables
from knowledge.database.file_modes import OWN_FOLDER_MODE, restrict_folder

if TYPE_CHECKING:
    from adapters.settings import Settings

PART_NAME = f"restore{UNFINISHED}"


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
    left = _list_left(data, manifest)
    if settings.database_url:
        with open_database(settings.database_url) as target:
            require_empty(target, settings.database_url)
    data.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER_MODE)
    with claim_folder(part):
        for path in left:
            remove(path)
        shutil.copytree(folder, part, dirs_exist_ok=True)
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


def _list_left(data: Path, manifest: CopyManifest) -> list[Path]:
    """What an interrupted restore of the same copy had moved to NARU_DATA. Raises CommandFailed if
    anything else is there."""
    part = data / PART_NAME
    left = [path for path in data.glob("*") if path != part]
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
