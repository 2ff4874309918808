"""A copy of all that Naru has, made while it serves.

A copy is a folder: `naru.db` with every table, whatever database Naru runs on, `files` with what else
NARU_DATA holds (uploads, known questions, sources, vectors), and the manifest. What is in the database
is copied first: a file that a row names is older than the row.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.operations.claims import claim_folder
from adapters.cli.operations.databases import list_tables, open_database
from adapters.cli.operations.manifest import (
    DATABASE_NAME,
    FILES_FOLDER,
    CopyManifest,
    digest_file,
    write_manifest,
)
from adapters.errors import CommandFailed
from knowledge.database.copying import copy_tables, digest_tables, save_sqlite
from knowledge.database.engine import find_database_file
from knowledge.database.file_modes import OWN_FOLDER_MODE, list_sqlite_files, restrict_folder

if TYPE_CHECKING:
    from adapters.settings import Settings
    from knowledge.catalogue import Engine

UNFINISHED = ".part"  # ends what is being written: vectors, fetched pages, a copy


def make_copy(settings: Settings, version: str, folder: Path, now: datetime) -> CopyManifest:
    """Copy everything into `folder`, which is complete once it is there. Raises CommandFailed if it
    exists already or is in NARU_DATA."""
    if folder.exists():
        raise CommandFailed(f"{folder} exists already. Name a folder that does not.")
    if folder.resolve().is_relative_to(settings.data.resolve()):
        raise CommandFailed(
            f"{folder} is in NARU_DATA. Name a folder elsewhere, best on another disk."
        )
    part = folder.with_name(folder.name + UNFINISHED)
    with claim_folder(part):
        manifest = _fill_copy(settings, version, part, now)
        if folder.exists():  # another process's, since the first look
            raise CommandFailed(f"{folder} exists already. Name a folder that does not.")
        part.rename(folder)
    return manifest


def _fill_copy(settings: Settings, version: str, part: Path, now: datetime) -> CopyManifest:
    with open_database(settings.resolved_database_url) as engine:
        _save_database(engine, part / DATABASE_NAME)
    with open_database(f"sqlite:///{part / DATABASE_NAME}") as saved:
        rows = {table.name: table.rows for table in digest_tables(saved, list_tables())}
    drop_logs(part)
    own = _find_database_files(settings.data, settings.resolved_database_url)
    _copy_files(settings.data, part / FILES_FOLDER, without=own)
    restrict_folder(part)
    names = sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file())
    digests = {name: digest_file(part / name) for name in names}
    manifest = CopyManifest(version, now.isoformat(timespec="seconds"), digests, rows)
    write_manifest(part, manifest)
    return manifest


def _save_database(engine: Engine, path: Path) -> None:
    if engine.dialect.name == "sqlite":
        save_sqlite(engine, path)
        return
    with open_database(f"sqlite:///{path}") as saved:
        copy_tables(engine, saved, list_tables())


def drop_logs(folder: Path) -> None:
    """Remove what SQLite keeps with the database of a folder when it is closed: empty files."""
    for end in ("-wal", "-shm"):
        (folder / f"{DATABASE_NAME}{end}").unlink(missing_ok=True)


def _find_database_files(data: Path, url: str) -> set[Path]:
    """What lies in NARU_DATA of the database `url`, and of one of SQLite's that was moved from."""
    names = [data / DATABASE_NAME, find_database_file(url)]
    return {path for name in names if name for path in list_sqlite_files(name.resolve())}


def _copy_files(data: Path, target: Path, without: Collection[Path]) -> None:
    """Copy what NARU_DATA holds apart from files of databases and what is being written."""
    target.mkdir(mode=OWN_FOLDER_MODE)
    for path in _list_files(data):
        if path.resolve() in without:
            continue
        copy = target / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except FileNotFoundError:  # it is gone by now: an edition was pruned
            continue


def _list_files(data: Path) -> Iterator[Path]:
    for path in sorted(data.rglob("*")):
        parts = path.relative_to(data).parts
        is_unfinished = any(part.endswith(UNFINISHED) for part in parts)
        if path.is_file() and not path.is_symlink() and not is_unfinished:
            yield path
