"""What a copy consists of: each file with its SHA-256, so that a damaged copy is not restored."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adapters.errors import CommandFailed
from knowledge.database.file_modes import create_own_file

MANIFEST_NAME = "backup.json"
DATABASE_NAME = "naru.db"
FILES_FOLDER = "files"
FORM = 1  # of the copies that this Naru writes and reads


@dataclass(frozen=True, slots=True)
class CopyManifest:
    """`files` has the SHA-256 of each file by its path in the copy, `tables` the number of rows."""

    naru: str
    made_at: str
    files: Mapping[str, str]
    tables: Mapping[str, int]
    form: int = FORM


def digest_file(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: CopyManifest) -> None:
    """Write the manifest of a copy, as its last file, and have all of the copy on the disk."""
    path = folder / MANIFEST_NAME
    create_own_file(path)
    path.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    sync_copy(folder, manifest)


def sync_copy(folder: Path, manifest: CopyManifest) -> None:
    """Have all of a copy on the disk."""
    for name in (*manifest.files, MANIFEST_NAME):
        _sync(folder / name)
    _sync(folder)


def read_checked_manifest(folder: Path) -> CopyManifest:
    """The manifest of a copy, after every file was compared with it. Raises CommandFailed for what is
    no copy of Naru's, and for one that is damaged or newer than this Naru."""
    try:
        manifest = _read_manifest(folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CommandFailed(
            f"{folder} is not a copy made by `naru backup`: its {MANIFEST_NAME} cannot be read."
        ) from error
    for name in manifest.files:
        if not _is_of_copy(folder, name):
            raise CommandFailed(
                f"{folder} names {name!r}, which is not in it. Nothing was restored."
            )
    if DATABASE_NAME not in manifest.files:
        raise CommandFailed(
            f"{folder} has no database: its {MANIFEST_NAME} does not name {DATABASE_NAME}. Nothing was "
            "restored; take an older copy."
        )
    if wrong := find_damaged(folder, manifest):
        raise CommandFailed(
            f"{wrong} in {folder} is missing or damaged. Nothing was restored; take an older copy."
        )
    return manifest


def find_damaged(folder: Path, manifest: CopyManifest) -> str:
    """The first file of a copy that is missing in `folder` or is not as it was; "" if all are."""
    for name, digest in manifest.files.items():
        try:
            is_same = digest_file(folder / name) == digest
        except OSError:
            is_same = False
        if not is_same:
            return name
    return ""


def _read_manifest(folder: Path) -> CopyManifest:
    """Raises CommandFailed for one of another form, and errors of all kinds for what is none."""
    found: dict[str, Any] = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    if found["form"] != FORM:
        raise CommandFailed(
            f"{folder} was made by Naru {found['naru']}, in a form that this one does not read."
        )
    return CopyManifest(
        naru=str(found["naru"]),
        made_at=str(found["made_at"]),
        files={name: str(digest) for name, digest in found["files"].items()},
        tables={name: int(rows) for name, rows in found["tables"].items()},
    )


def _is_of_copy(folder: Path, name: str) -> bool:
    """Whether a copy may have a file of that name: its database, or one below FILES_FOLDER."""
    is_known = name == DATABASE_NAME or name.startswith(f"{FILES_FOLDER}/")
    return is_known and "\0" not in name and _is_inside(folder, name)


def _is_inside(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())


def _sync(path: Path) -> None:
    """Have a file or a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
