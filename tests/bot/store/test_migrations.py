"""Both stores bring one database up to date, whoever starts first, as often as they start."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect, text

from bot.store import Store
from bot.store.tables import metadata as bot_tables
from knowledge.catalogue import Catalogue
from knowledge.catalogue.tables import metadata as library_tables
from knowledge.errors import StoreUnavailable
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

STARTS = """
import sys
from bot.store import Store
from knowledge.catalogue import Catalogue, open_engine
print("ready", flush=True)
for line in sys.stdin:
    engine = open_engine(line.strip())
    Catalogue(engine)
    Store(engine)
    engine.dispose()
    print("up", flush=True)
"""


def test_both_stores_live_in_one_database_and_start_twice(engine: Engine) -> None:
    for _ in range(2):
        Catalogue(engine)
        assert Store(engine).count_rows()["cases"] == 0
    versions = {"bot_version", "library_version"}
    expected = {*bot_tables.tables, *library_tables.tables, *versions}
    assert set(inspect(engine).get_table_names()) - {"sqlite_sequence"} == expected


@pytest.mark.parametrize(
    ("tables", "version"),
    [(bot_tables, "bot_version"), (library_tables, "library_version")],
    ids=["bot", "library"],
)
def test_the_migrated_tables_are_those_in_the_code(
    engine: Engine, tables: MetaData, version: str
) -> None:
    Catalogue(engine)
    Store(engine)
    ours = {
        "version_table": version,
        "compare_type": True,
        "include_name": lambda name, kind, _: kind != "table" or name in tables.tables,
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), tables) == []


@pytest.mark.parametrize("kind", DATABASE_KINDS)
def test_processes_that_start_at_once_wait_for_each_other(kind: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        folders = [tmp_path / str(number) for number in range(6)]
        urls = [stack.enter_context(create_fresh_database(kind, folder)) for folder in folders]
        processes = [stack.enter_context(_start_store_process()) for _ in range(3)]
        for url in urls:
            for process in processes:
                _write_line(process, url)
            for process in processes:
                assert process.stdout and process.stdout.readline() == "up\n"
        for process in processes:
            assert process.communicate(timeout=60) == ("", "")


def test_tables_of_a_newer_naru_are_left_alone_with_a_sentence(engine: Engine) -> None:
    Store(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE bot_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer Naru"):
        Store(engine)


def _start_store_process() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", STARTS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def _write_line(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
