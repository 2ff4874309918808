"""A copy of all that Naru has, made while it serves, and Naru made again from one.

A copy is a folder: `naru.db` with every table, whatever database Naru runs on, `files` with what else
NARU_DATA holds (uploads, known questions, sources, vectors), and the manifest. What is in the database
is copied first: a file that a row names is older than the row.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.operations.databases import list_tables, open_database, require_empty
from adapters.cli.operations.manifest import (
    CopyManifest,
    digest_file,
    read_checked_manifest,
    write_manifest,
)
from adapters.errors import CommandFailed
from knowledge.database.copying import copy_tables, digest_tables, save_sqlite
from knowledge.database.file_modes import restrict_folder

if TYPE_CHECKING:
    from adapters.settings import Settings
    from knowledge.catalogue import Engine

DATABASE_NAME = "naru.db"
FILES_FOLDER = "files"
OWN_MODE = 0o700
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
    if part.exists():  # of a copy that was interrupted
        shutil.rmtree(part)
    part.mkdir(parents=True, mode=OWN_MODE)
    url = settings.resolved_database_url
    with open_database(url) as engine:
        _save_database(engine, part / DATABASE_NAME)
    with open_database(f"sqlite:///{part / DATABASE_NAME}") as saved:
        rows = {table.name: table.rows for table in digest_tables(saved, list_tables())}
    _drop_logs(part)
    _copy_files(settings.data, part / FILES_FOLDER)
    restrict_folder(part)
    names = sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file())
    digests = {name: digest_file(part / name) for name in names}
    manifest = CopyManifest(version, now.isoformat(timespec="seconds"), digests, rows)
    write_manifest(part, manifest)
    part.rename(folder)
    return manifest


def restore_copy(settings: Settings, folder: Path) -> CopyManifest:
    """Put a copy into an empty NARU_DATA and an empty database. Raises CommandFailed, before anything is
    written, if one of them is not empty or the copy is damaged."""
    manifest = read_checked_manifest(folder)
    data, url = settings.data, settings.resolved_database_url
    if data.exists() and any(data.iterdir()):
        raise CommandFailed(
            f"NARU_DATA ({data}) is not empty. Nothing was restored. Name an empty folder, or move away "
            "what is there."
        )
    if settings.database_url:
        with open_database(url) as target:
            require_empty(target, url)
    data.mkdir(parents=True, exist_ok=True, mode=OWN_MODE)
    if (folder / FILES_FOLDER).exists():
        shutil.copytree(folder / FILES_FOLDER, data, dirs_exist_ok=True)
    if settings.database_url:
        _fill_database(folder / DATABASE_NAME, url, data)
    else:
        shutil.copyfile(folder / DATABASE_NAME, data / DATABASE_NAME)
    restrict_folder(data)
    return manifest


def _save_database(engine: Engine, path: Path) -> None:
    if engine.dialect.name == "sqlite":
        save_sqlite(engine, path)
        return
    with open_database(f"sqlite:///{path}") as saved:
        copy_tables(engine, saved, list_tables())


def _fill_database(saved: Path, url: str, data: Path) -> None:
    """Copy the rows of a file into a database. The file itself stays as it was: its schema may be
    older, and is brought up to date in a copy."""
    working = data / f"{DATABASE_NAME}{UNFINISHED}"
    shutil.copyfile(saved, working)
    try:
        with open_database(f"sqlite:///{working}") as source, open_database(url) as target:
            copy_tables(source, target, list_tables())
    finally:
        working.unlink()
        _drop_logs(data, working.name)


def _drop_logs(folder: Path, name: str = DATABASE_NAME) -> None:
    """Remove what SQLite keeps with a database that is closed: empty files."""
    for end in ("-wal", "-shm"):
        (folder / f"{name}{end}").unlink(missing_ok=True)


def _copy_files(data: Path, target: Path) -> None:
    """Copy what NARU_DATA holds apart from the database and what is being written."""
    target.mkdir(mode=OWN_MODE)
    for path in _list_files(data):
        copy = target / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except FileNotFoundError:  # it is gone by now: an edition was pruned
            continue


def _list_files(data: Path) -> Iterator[Path]:
    for path in sorted(data.rglob("*")):
        within = path.relative_to(data)
        is_database = within.parts[0].startswith(DATABASE_NAME)
        is_unfinished = any(part.endswith(UNFINISHED) for part in within.parts)
        if path.is_file() and not path.is_symlink() and not is_database and not is_unfinished:
            yield path
