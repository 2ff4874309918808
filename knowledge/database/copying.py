"""All rows of one database into another that is empty, checked table by table."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, TextClause, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from knowledge.database.engine import describe_cause, write_transaction
from knowledge.database.file_modes import create_own_file
from knowledge.errors import StoreUnavailable

BATCH_ROWS = 500
Tables = Sequence[Table]  # in the order of their references


@dataclass(frozen=True, slots=True)
class TableDigest:
    """What a table holds: how many rows, and the SHA-256 of all of them, in whatever order they lie."""

    name: str
    rows: int
    digest: str


def digest_tables(engine: Engine, tables: Iterable[Table]) -> list[TableDigest]:
    """The digests of tables at one moment; equal on every kind of database if the rows are."""
    with _open_snapshot(engine) as connection:
        return [_digest_table(connection, table) for table in tables]


def list_filled_tables(engine: Engine, tables: Iterable[Table]) -> list[str]:
    """The names of those tables that hold rows."""
    with engine.connect() as connection:
        return [
            table.name
            for table in tables
            if connection.execute(select(func.count()).select_from(table)).scalar_one()
        ]


def copy_tables(source: Engine, target: Engine, tables: Tables) -> list[TableDigest]:
    """Copy all rows of `tables` into empty ones, in one
    transaction. Returns the digests of what was copied.

    Numbers that a database gives go on where they were. Raises StoreUnavailable, and changes nothing,
    if a row cannot be written or is not read back as it was.
    """
    with _open_snapshot(source) as reading, write_transaction(target) as writing:
        if writing.dialect.name == "postgresql":  # of a large table
            writing.execute(text("SET LOCAL statement_timeout = 0"))
        for table in tables:
            try:
                _copy_table(reading, writing, table)
            except SQLAlchemyError as error:
                raise StoreUnavailable(
                    f"A row of the table {table.name} cannot be copied: {describe_cause(error)}. Nothing was "
                    "written."
                ) from error
        copied = [_digest_table(reading, table) for table in tables]
        written = [_digest_table(writing, table) for table in tables]
        if wrong := [one.name for one, other in zip(copied, written, strict=True) if one != other]:
            raise StoreUnavailable(
                f"The copy differs in {', '.join(wrong)}; nothing was written. Please report this."
            )
        return copied


@contextmanager
def hold_still(engine: Engine, tables: Tables) -> Iterator[None]:
    """Let no one write to `tables` until the block ends; they can be read. Raises StoreUnavailable if
    they are being written for too long."""
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(write_transaction(engine))
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                connection.execute(_lock_tables(tables))
        except SQLAlchemyError as error:
            raise StoreUnavailable(
                f"The database is being written: {describe_cause(error)}."
            ) from error
        yield


def _lock_tables(tables: Tables) -> TextClause:
    """SQLite needs none of this: its writer is alone."""
    names = ", ".join(f'"{table.name}"' for table in tables)
    return text(f"LOCK TABLE {names} IN SHARE MODE")


def save_sqlite(engine: Engine, path: Path) -> None:
    """Copy a SQLite database into a new file as it is at one moment, while others write to it."""
    create_own_file(path)
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        with closing(sqlite3.connect(path)) as copy:
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a second one for the log
    finally:
        raw.close()


@contextmanager
def _open_snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, whatever others write."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection


def _copy_table(reading: Connection, writing: Connection, table: Table) -> None:
    rows = reading.execute(select(table)).yield_per(BATCH_ROWS)
    for batch in rows.partitions():
        writing.execute(insert(table), [dict(row._mapping) for row in batch])
    _copy_position(reading, writing, table)


def _copy_position(reading: Connection, writing: Connection, table: Table) -> None:
    """Let the numbers that the database gives to new rows go on where they were: one that was given
    and deleted is not given again."""
    key = table.autoincrement_column
    if key is None:
        return
    highest = writing.execute(select(func.max(key))).scalar() or 0
    last = max(highest, _read_position(reading, table.name, key.name))
    if not last:
        return
    if writing.dialect.name == "postgresql":
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)")
        writing.execute(sequence, {"table": table.name, "key": key.name, "last": last})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        values = {"name": table.name, "last": last}
        writing.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        writing.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), values)


def _read_position(connection: Connection, table: str, key: str) -> int:
    """The last number that a database gave to a row of a table; 0 where it keeps none."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return int(connection.execute(query, {"table": table}).scalar() or 0)
    last = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :key)::regclass)")
    return int(connection.execute(last, {"table": table, "key": key}).scalar() or 0)


def _digest_table(connection: Connection, table: Table) -> TableDigest:
    """The rows' own digests are sorted, because databases sort texts differently."""
    rows = connection.execute(select(table)).yield_per(BATCH_ROWS)
    digests = sorted(_digest_row(row) for row in rows)
    return TableDigest(table.name, len(digests), hashlib.sha256(b"".join(digests)).hexdigest())


def _digest_row(row: Row[Any]) -> bytes:
    values = json.dumps(list(row), sort_keys=True, ensure_ascii=False, default=_to_text)
    return hashlib.sha256(values.encode("utf-8", "surrogatepass")).digest()


def _to_text(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest()  # of bytes
