"""The tests' SQLite refuses what PostgreSQL refuses, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError
from sqlalchemy.sql import Executable

from knowledge.database.engine import insert_new, open_engine, write_transaction
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

metadata = sa.MetaData()
words = sa.Table(
    "words",
    metadata,
    sa.Column("name", sa.String(3), primary_key=True),
    sa.Column("text", sa.Text),
    sa.Column("count", sa.Integer),
    sa.Column("size", sa.BigInteger),
    sa.Column("more", sa.JSON),
)
NUMBER = sa.select(words).where(words.c.count == sa.bindparam("number"))


@pytest.fixture(params=DATABASE_KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        metadata.create_all(engine)
        with write_transaction(engine) as connection:
            connection.execute(sa.insert(words).values(name="one"))
        yield engine
        engine.dispose()


def execute(engine: sa.Engine, statement: Executable, *parameters: Any) -> None:
    with write_transaction(engine) as connection:
        connection.execute(statement, *parameters)


@pytest.mark.parametrize(("statement", "parameters"), [
    (sa.insert(words), {"name": "abcd"}),
    (sa.insert(words), [{"name": "abc"}, {"name": "abcd"}]),
    (sa.update(words).where(words.c.name == "one").values(name="abcd"), {}),
    (sa.insert(words), {"name": "abc", "text": "a\0"}),
    (sa.select(words).where(words.c.name == "a\0"), {}),
    (sa.select(words).where(words.c.name.in_(["a\0"])), {}),
    (sa.insert(words), {"name": "abc", "count": 2**31}),
    (sa.insert(words), {"name": "abc", "size": 2**63}),
    (NUMBER, {"number": -(2**31) - 1}),
])  # fmt: skip
def test_what_postgresql_refuses_is_refused_on_both(
    engine: sa.Engine, statement: Executable, parameters: Any
) -> None:
    with pytest.raises(DataError):
        execute(engine, statement, parameters)


@pytest.mark.parametrize(("statement", "parameters"), [
    (sa.insert(words), {"name": "한글도", "text": "가" * 9_000, "count": 2**31 - 1, "size": 2**31}),
    (sa.insert(words), {"name": "a", "text": None, "more": {"any": ["a\0" * 9, 2**70]}}),
    (sa.select(words).where(words.c.name == "abcd"), {}),
    (NUMBER, {"number": -(2**31)}),
])  # fmt: skip
def test_what_postgresql_takes_is_taken_on_both(
    engine: sa.Engine, statement: Executable, parameters: Any
) -> None:
    execute(engine, statement, parameters)


def test_an_insert_that_skips_known_rows_is_no_exception(engine: sa.Engine) -> None:
    with pytest.raises(DataError), write_transaction(engine) as connection:
        connection.execute(insert_new(connection, words), {"name": "abcd"})
