"""Only the owner reads the files: those that are made, and those that were there before."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.catalogue import open_engine, write_transaction
from knowledge.database.file_modes import list_readable_by_others, restrict_folder

SQLITE_FILES = ["naru.db", "naru.db-shm", "naru.db-wal"]


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A process that lets everybody read what it creates."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def read_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("before", ["new", "there"])
def test_the_database_and_what_lies_with_it_are_its_owners_alone(
    tmp_path: Path, before: str
) -> None:
    folder = tmp_path / "data"
    if before == "there":
        folder.mkdir()
        for name in SQLITE_FILES[:1]:
            (folder / name).touch()
        assert read_mode(folder / "naru.db") == 0o644
    engine = open_engine(f"sqlite:///{folder / 'naru.db'}")
    with write_transaction(engine) as connection:
        connection.execute(text("CREATE TABLE a (b INTEGER)"))
        names = sorted(path.name for path in folder.iterdir())
        modes = {read_mode(path) for path in folder.iterdir()}
    engine.dispose()
    assert (names, modes) == (SQLITE_FILES, {0o600})
    assert read_mode(folder) == (0o700 if before == "new" else 0o755)


def test_a_folder_that_was_open_is_closed_with_all_that_is_in_it(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside.txt"
    outside.write_text("somebody else's")
    for name in ("uploads/telegram-1/ab", "index/one", "backups"):
        (data / name).mkdir(parents=True)
        (data / name / "file.bin").write_bytes(b"x")
    script = data / "backups" / "run.sh"
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    (data / "link").symlink_to(outside)
    assert len(list_readable_by_others(data)) == 11
    restrict_folder(data)
    assert list_readable_by_others(data) == []
    assert {read_mode(path) for path in data.rglob("*.bin")} == {0o600}
    assert {read_mode(path) for path in data.rglob("*") if path.is_dir()} == {0o700}
    assert read_mode(script) == 0o700  # what its owner may do with it stays
    assert read_mode(outside) == 0o644


def test_in_a_folder_that_no_other_may_enter_nothing_is_open(tmp_path: Path) -> None:
    (tmp_path / "naru.db").touch(0o644)
    tmp_path.chmod(0o700)
    assert list_readable_by_others(tmp_path) == []
    tmp_path.chmod(0o750)
    assert list_readable_by_others(tmp_path) == [tmp_path, tmp_path / "naru.db"]
