"""One process at a time writes into a folder that is not complete yet."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.errors import CommandFailed
from knowledge.database.file_modes import OWN_FOLDER_MODE


@contextmanager
def claim_folder(folder: Path) -> Iterator[None]:
    """Hold an empty `folder`, made if need be, until the block ends or this process does; what an
    interrupted process left in it is removed. Raises CommandFailed while another process holds it."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER_MODE)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandFailed(
                f"Another process writes to {folder}. Wait for its end, and try again."
            ) from error
        for left in folder.glob("*"):
            remove(left)
        yield
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it; of a link only the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
