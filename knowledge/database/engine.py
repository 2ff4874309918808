"""The database: opening and migrating it, write transactions, and columns for moments."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    Select,
    String,
    Table,
    column,
    create_engine,
    event,
    make_url,
    select,
    table,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from knowledge.database.file_modes import create_own_file
from knowledge.errors import StoreUnavailable

REVISION_LINE = re.compile(r'^(down_)?revision\b[^=]*= "(\w+)"', re.MULTILINE)
SQLITE_BUSY_SECONDS = 30  # how long a connection waits for a lock
SQLITE_WAL_RETRY_SECONDS = 0.02
POSTGRES_CONNECT_SECONDS = 5
POSTGRES_LOCK_SECONDS = 20
POSTGRES_STATEMENT_SECONDS = 60  # less than an inbox lease
POSTGRES_SILENCE_SECONDS = 30  # of a network that acknowledges nothing


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as ISO 8601 text in UTC (microseconds), so that text sorts as
    time does on every database. It comes back in UTC."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Any) -> str | None:
        """An aware datetime as the text that is stored; None stays None."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, _: Any) -> datetime | None:
        """The stored text as a datetime in UTC; None stays None."""
        return None if value is None else datetime.fromisoformat(value)


def open_engine(url: str) -> Engine:
    """An engine for the SQLAlchemy `url`, tried once; SQLite in WAL mode with every commit on
    disk before it returns.

    Raises StoreUnavailable with a sentence that names the database and the remedy.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = _create_sqlite_engine(url)
        else:
            engine = _create_server_engine(url)
        with engine.connect():
            return engine
    except (ArgumentError, ImportError, ValueError) as error:  # a port that is no number
        raise StoreUnavailable(
            f"NARU_DATABASE_URL is not a database address ({error}). Use sqlite:///… or "
            "postgresql+psycopg://user:password@host/name."
        ) from error
    except (SQLAlchemyError, OSError) as error:
        address = make_url(url).render_as_string(hide_password=True)
        raise StoreUnavailable(
            f"The database {address} cannot be opened: {describe_cause(error)}. Check that it "
            "exists, that Naru may write there, and NARU_DATA or NARU_DATABASE_URL."
        ) from error


def find_database_file(url: str) -> Path | None:
    """The file of a SQLite database; None for one that is on a server or in memory, and for what is no
    address."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (
        None,
        "",
        ":memory:",
    )
    return Path(str(parsed.database)) if is_file else None


def migrate(engine: Engine, folder: Path, version_table: str) -> None:
    """Upgrade the tables of one store to the newest revision; safe to call at every start.

    `folder` holds Alembic's env.py and versions/; each store has its own `version_table`.
    Raises StoreUnavailable if a newer Naru upgraded them, or if a migration fails.
    """
    if _is_up_to_date(engine, folder, version_table):
        return
    # Imported here: it costs a twentieth of a second, and most starts find nothing to do.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    config.attributes["version_table"] = version_table
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            f"The database was brought up to date by a newer Naru ({error}). Install that "
            "version, or name another database in NARU_DATABASE_URL."
        ) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(
            f"The tables could not be brought up to date: {describe_cause(error)}"
        ) from error


def _is_up_to_date(engine: Engine, folder: Path, version_table: str) -> bool:
    """Whether the tables have the newest revision."""
    try:
        with engine.connect() as connection:
            query: Select[Any] = select(column("version_num")).select_from(table(version_table))
            return connection.execute(query).scalars().all() == [find_newest_revision(folder)]
    except SQLAlchemyError:  # there is no such table yet
        return False


def find_newest_revision(folder: Path) -> str:
    """The revision that no other one follows, read from the files: their numbers tell when each was
    begun, not their order. Alembic would take a tenth of a second of each start to load."""
    named: set[str] = set()
    followed: set[str] = set()
    for path in folder.glob("versions/[0-9]*.py"):
        for follows, number in REVISION_LINE.findall(path.read_text(encoding="utf-8")):
            (followed if follows else named).add(number)
    (newest,) = named - followed
    return newest


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, committed when the block ends and rolled back when it raises.

    On SQLite the write lock is taken at once, so that a read followed by a write cannot collide. Raises
    OperationalError where it is not free within SQLITE_BUSY_SECONDS.
    """
    with await_turn(engine), _open_writer(engine).begin() as connection:
        yield connection


@contextmanager
def await_turn(engine: Engine) -> Iterator[None]:
    """Let one thread of this process write to SQLite at a time. SQLite has all others look again after up
    to a tenth of a second each, in no order: under load some waited for most of a minute. Raises
    OperationalError like `write_transaction`."""
    if engine.dialect.name != "sqlite":
        yield
        return
    turn = _find_turn(engine)
    if not turn.acquire(timeout=SQLITE_BUSY_SECONDS):
        raise OperationalError("BEGIN", None, sqlite3.OperationalError("database is locked"))
    try:
        yield
    finally:
        turn.release()


@lru_cache(maxsize=8)
def _find_turn(engine: Engine) -> threading.Lock:  # noqa: ARG001
    return threading.Lock()


@lru_cache(maxsize=8)  # kept: making one costs as much as a short transaction
def _open_writer(engine: Engine) -> Engine:
    return engine.execution_options(naru_writes=True)


@lru_cache(maxsize=8)
def open_reader(engine: Engine) -> Engine:
    """The engine for reads of one statement each: it is a transaction by itself, so that SQLite is
    told of none."""
    return engine.execution_options(naru_reads_once=True)


def insert_new(connection: Connection, table: Table) -> Insert:
    """An INSERT into `table` that skips rows whose unique keys are there already.

    Looking first is not enough: on PostgreSQL another process may write in between.
    """
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a fiftieth of a second of each start

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


SQLITE_CACHE_KILOBYTES = (
    256  # of each thread's connection; the system keeps the file's pages anyway
)


def _create_sqlite_engine(url: str) -> Engine:
    if path := find_database_file(url):
        create_own_file(path)
    engine = create_engine(
        url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True,
        json_deserializer=_read_json,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def prepare(raw: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        raw.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
        _enable_wal(raw)
        cache = f"cache_size=-{SQLITE_CACHE_KILOBYTES}"
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", cache):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("naru_reads_once"):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("naru_writes") else "BEGIN")

    return engine


def _create_server_engine(url: str) -> Engine:
    """An engine whose connections give up: on a server that does not answer, on a statement or a
    lock that takes too long, on a transaction that is left open, on a network that is gone."""
    parsed = make_url(url)
    connect: dict[str, Any] = {}
    if parsed.get_backend_name() == "postgresql":
        limits = {
            "statement_timeout": POSTGRES_STATEMENT_SECONDS,
            "lock_timeout": POSTGRES_LOCK_SECONDS,
            "idle_in_transaction_session_timeout": POSTGRES_STATEMENT_SECONDS,
        }
        options = [f"-c{name}={1000 * seconds}" for name, seconds in limits.items()]
        given = parsed.query.get("options", "")  # ours stand first: the address may set others
        connect = {
            "connect_timeout": POSTGRES_CONNECT_SECONDS,
            "tcp_user_timeout": 1000 * POSTGRES_SILENCE_SECONDS,
            "keepalives_idle": POSTGRES_SILENCE_SECONDS // 2,
            "keepalives_interval": POSTGRES_SILENCE_SECONDS // 6,
            "keepalives_count": 3,
            "options": " ".join([*options, *([given] if isinstance(given, str) else given)]),
        }
        for name in connect.keys() & parsed.query.keys() - {"options"}:
            del connect[name]
    return create_engine(
        url, pool_pre_ping=True, pool_size=10, hide_parameters=True, connect_args=connect
    )


def _read_json(text: str) -> Any:
    """A column of JSON. Most hold an empty list, of which a passage has three."""
    return [] if text == "[]" else json.loads(text)


def _enable_wal(raw: sqlite3.Connection) -> None:
    """Switch to WAL mode. SQLite does not wait for a lock here: processes that create a database
    at the same time would fail instead of waiting for each other."""
    deadline = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(SQLITE_WAL_RETRY_SECONDS)
        else:
            return


def describe_cause(error: BaseException) -> str:
    """What a database says went wrong, in one line, without the statement."""
    return next(iter(str(getattr(error, "orig", None) or error).strip().splitlines()), "no reason")
