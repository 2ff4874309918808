"""From SQLite to PostgreSQL and back, with a row in every table."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError

from adapters.cli.operations import databases
from adapters.cli.operations.databases import list_tables, open_database
from adapters.errors import CommandFailed
from bot.store import Store
from bot.store import tables as t
from knowledge.database.copying import (
    TableDigest,
    copy_tables,
    digest_tables,
    list_filled_tables,
)
from knowledge.database.engine import open_engine, write_transaction
from tests.adapters.cli.conftest import RunCommand
from tests.bot.store.upgrades.filled_tables import write_rows
from tests.harness.databases import DATABASE_KINDS, NEWEST, OLDEST, create_fresh_database
from tests.samples.small_library import NOW


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "QUIET_SECONDS", 0.0)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with a row in every table, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "source.db"
    with open_database(f"sqlite:///{path}") as engine, write_transaction(engine) as connection:
        write_rows(connection, "0007")
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    """A copy of it, to work on."""
    return f"sqlite:///{shutil.copy(filled, tmp_path / 'source.db')}"


@pytest.fixture(params=[NEWEST])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with create_fresh_database(request.param, tmp_path) as url:
        yield url


def read_digests(url: str) -> list[TableDigest]:
    with open_database(url) as engine:
        return digest_tables(engine, list_tables())


@pytest.mark.parametrize("server", [NEWEST, OLDEST], indirect=True)
def test_all_tables_go_to_postgresql_and_back(
    run: RunCommand, source: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_digests(source)
    assert all(table.rows for table in before)
    monkeypatch.setenv("NARU_DATABASE_URL", source)
    moved = run("migrate", "--to", server, "--json")
    assert moved.code == 0, moved.err
    assert [(one["name"], one["rows"]) for one in moved.json["tables"]] == [
        (one.name, one.rows) for one in before
    ]
    assert read_digests(source) == read_digests(server) == before
    monkeypatch.setenv("NARU_DATABASE_URL", server)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert run("migrate", "--to", back).code == 0
    assert read_digests(back) == before


def test_a_database_that_is_not_empty_is_refused(
    run: RunCommand, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARU_DATABASE_URL", source)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with open_database(other) as engine, write_transaction(engine) as connection:
        connection.execute(insert(t.audit).values(pk=1, at=NOW, who="me", act="asked"))
    before = read_digests(other)
    refused = run("migrate", "--to", other)
    assert refused.code == 1 and "is not empty: audit hold rows" in refused.err
    assert read_digests(other) == before
    same = run("migrate", "--to", source)
    assert same.code == 1 and "the database that is in use" in same.err


def test_a_database_that_is_served_is_not_moved(source: str, tmp_path: Path) -> None:
    """What is served writes a heartbeat: here one comes after the first look."""
    with (
        open_database(source) as engine,
        open_database(f"sqlite:///{tmp_path / 'other.db'}") as other,
    ):
        looks = itertools.count()

        def look(seen: Engine) -> list[TableDigest]:
            found = digest_tables(seen, [t.heartbeats])
            if next(looks) == 0:
                Store(engine).is_writable()
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(databases, "_read_heartbeat", look)
            with pytest.raises(CommandFailed, match="A `naru serve` works on this database"):
                databases.move_rows(engine, other)
        assert list_filled_tables(other, list_tables()) == []


@pytest.mark.parametrize("kind", DATABASE_KINDS)
def test_nobody_can_write_while_rows_are_moved(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `naru serve` that starts after the look is kept from writing what would not be moved."""
    with (
        create_fresh_database(kind, tmp_path) as url,
        open_database(url) as source,
        open_database(f"sqlite:///{tmp_path / 'other.db'}") as target,
    ):
        impatient = open_engine(url)
        refused: list[str] = []

        def write() -> None:
            with write_transaction(impatient) as connection:
                if kind != "sqlite":
                    connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
                connection.execute(insert(t.audit).values(pk=7, at=NOW, who="me", act="asked"))

        def copy(*arguments: Any) -> list[TableDigest]:
            with pytest.raises(DBAPIError) as caught:
                write()
            refused.append(str(caught.value.orig))
            return copy_tables(*arguments)

        if kind == "sqlite":
            listen(impatient, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 100"))
            impatient.dispose()
        monkeypatch.setattr(databases, "copy_tables", copy)
        databases.move_rows(source, target)
        assert len(refused) == 1 and "lock" in refused[0]
        write()
        impatient.dispose()


def test_numbers_that_were_given_are_not_given_again(
    source: str, server: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    with open_database(source) as engine:
        last = [Store(engine).reserve_case_number(NOW) for _ in range(3)][-1]
        with write_transaction(engine) as connection:
            connection.execute(delete(t.case_numbers))
        with open_database(server) as moved:
            databases.move_rows(engine, moved)
            with open_database(back) as returned:
                databases.move_rows(moved, returned)
                assert Store(returned).reserve_case_number(NOW) == last + 1
            assert Store(moved).reserve_case_number(NOW) == last + 1


def test_a_row_that_postgresql_does_not_take_leaves_it_empty(
    run: RunCommand, source: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(source) as engine, write_transaction(engine) as connection:
        # As a statement of text, which the tests' SQLite takes as it is.
        connection.exec_driver_sql("UPDATE case_lines SET text = ?", ("a\x00b",))
    monkeypatch.setenv("NARU_DATABASE_URL", source)
    refused = run("migrate", "--to", server)
    assert refused.code == 1
    assert "A row of the table case_lines cannot be copied" in refused.err
    with open_database(server) as engine:
        assert list_filled_tables(engine, list_tables()) == []


def test_a_password_is_not_shown(
    run: RunCommand, source: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARU_DATABASE_URL", source)
    secret = server.replace("postgres@", "postgres:not-for-eyes@")
    moved = run("migrate", "--to", secret)
    assert moved.code == 0 and "not-for-eyes" not in moved.out + moved.err
    again = run("migrate", "--to", secret)
    assert again.code == 1 and "not-for-eyes" not in again.out + again.err


def test_digests_see_every_value_and_no_order(source: str) -> None:
    with open_database(source) as engine:
        before = digest_tables(engine, [t.audit])
        with write_transaction(engine) as connection:
            first = {"at": NOW, "who": "a", "act": "x"}
            connection.execute(insert(t.audit), [first | {"pk": 1}, first | {"pk": 2}])
        both = digest_tables(engine, [t.audit])
        with write_transaction(engine) as connection:
            connection.execute(text("UPDATE audit SET act = 'y' WHERE pk = 2"))
        assert len({one.digest for (one,) in (before, both, digest_tables(engine, [t.audit]))}) == 3
