"""A row written to each table at each earlier revision of either store is there at the newest one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect

from bot.store import Store
from bot.store.store import MIGRATIONS_FOLDER
from knowledge.catalogue import Catalogue
from knowledge.catalogue.catalogue import MIGRATIONS_FOLDER as LIBRARY_FOLDER
from knowledge.database.engine import open_engine, write_transaction
from tests.bot.store.upgrades.filled_tables import read_row, write_rows
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

FIRST_RELEASE = Path(__file__).with_name("schema_b6b6a5d.sql")
# Tables that are no more, and the revisions after which one of that name is another table.
GONE = {"glosses": "", "unanswered": "", "seats": "0019"}
# What a migration rewrites on purpose, which tests of their own hold.
REWRITTEN = {("cases", "state"), ("cases", "taken_by"), ("conversations", "memory")}


@dataclass(frozen=True, slots=True)
class History:
    """One store: the folder of its migrations, and its table of the revision."""

    folder: Path
    version: str

    def list_revisions(self) -> list[str]:
        """All of them, the oldest first."""
        script = ScriptDirectory(str(self.folder))
        return [one.revision for one in script.walk_revisions()][::-1]

    def upgrade(self, engine: Engine, revision: str) -> None:
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.attributes.update(engine=engine, version_table=self.version)
        command.upgrade(config, revision)


HISTORIES = {
    "bot": History(MIGRATIONS_FOLDER, "bot_version"),
    "library": History(LIBRARY_FOLDER, "library_version"),
}


def find_changes(
    connection: Connection, written: Mapping[str, Mapping[str, dict[str, Any]]]
) -> list[str]:
    """What is not as it was written, of the rows of each table by revision."""
    schema = MetaData()
    schema.reflect(connection)
    return [
        change
        for revision, rows in written.items()
        for change in _find_changes_of(connection, schema, rows, revision)
    ]


def _find_changes_of(
    connection: Connection, schema: MetaData, rows: Mapping[str, dict[str, Any]], revision: str
) -> Iterator[str]:
    for name, row in rows.items():
        if name in GONE and (not GONE[name] or revision < GONE[name]):
            continue
        now = read_row(connection, schema.tables[name], row)
        if not now:
            yield f"{revision} {name} is gone"
        kept = (column for column in row if column in now and (name, column) not in REWRITTEN)
        yield from (f"{revision} {name}.{one}" for one in kept if now[one] != row[one])


@pytest.fixture(params=DATABASE_KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.mark.parametrize("store", HISTORIES)
def test_rows_of_every_revision_survive_to_the_newest(store: str, empty: Engine) -> None:
    history = HISTORIES[store]
    written: dict[str, dict[str, dict[str, Any]]] = {}
    for revision in history.list_revisions():
        history.upgrade(empty, revision)
        with write_transaction(empty) as connection:
            written[revision] = write_rows(connection, revision)
    with empty.connect() as connection:
        changes = find_changes(connection, written)
    assert not changes, "\n".join(changes)


def test_the_first_release_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its schema as its own code made it (commit b6b6a5d), a row in each table."""
    path = tmp_path / "naru.db"
    with closing(sqlite3.connect(path)) as first:
        first.executescript(FIRST_RELEASE.read_text(encoding="utf-8"))
    engine = open_engine(f"sqlite:///{path}")
    with write_transaction(engine) as connection:
        written = write_rows(connection, "0001")
    Catalogue(engine)
    assert Store(engine).count_rows()["cases"] == 1
    with engine.connect() as connection:
        assert find_changes(connection, {"0001": written}) == []
    engine.dispose()


def test_the_migrations_of_the_first_release_make_its_schema(tmp_path: Path) -> None:
    """So what holds of its revisions on PostgreSQL holds of it."""
    with closing(sqlite3.connect(tmp_path / "first.db")) as first:
        first.executescript(FIRST_RELEASE.read_text(encoding="utf-8"))
    made = open_engine(f"sqlite:///{tmp_path / 'made.db'}")
    HISTORIES["bot"].upgrade(made, "0001")
    HISTORIES["library"].upgrade(made, "0004")
    first_engine = open_engine(f"sqlite:///{tmp_path / 'first.db'}")
    assert read_columns(made) == read_columns(first_engine)
    for engine in (made, first_engine):
        engine.dispose()


def read_columns(engine: Engine) -> dict[str, list[tuple[str, str, bool]]]:
    found = inspect(engine)
    return {
        table: [
            (one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(table)
        ]
        for table in found.get_table_names()
    }
