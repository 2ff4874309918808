"""Databases for the store tests: a SQLite file, or a fresh schema of a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

DATABASE_KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
POSTGRES_URL_VARIABLE = "NARU_TEST_POSTGRES_URL"


@contextmanager
def create_fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Yields the URL of an empty database of a kind, "sqlite" or "postgresql"."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'naru.db'}"
        return
    schema = f"naru_test_{uuid.uuid4().hex[:12]}"
    _execute("CREATE SCHEMA {}", schema)
    try:
        url = make_url(find_or_start_postgres()).update_query_dict(
            {"options": f"-csearch_path={schema}"}
        )
        yield url.render_as_string(hide_password=False)
    finally:
        if POSTGRES_URL_VARIABLE in os.environ:  # our own server is thrown away whole
            _execute("DROP SCHEMA {} CASCADE", schema)


@cache
def find_or_start_postgres() -> str:
    """The URL of a running PostgreSQL: the given one, or the wheel's own, which ends with this process."""
    if given := os.environ.get(POSTGRES_URL_VARIABLE):
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which may not be set
        import pgserver
    # As root it runs under a user of its own, which must be able to get here: not pytest's folder.
    folder = tempfile.mkdtemp(prefix="naru-pg-")
    started = pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # a test need not survive a power cut
        connection.execute("SELECT pg_reload_conf()")
    return str(started.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


def _execute(statement: str, name: str) -> None:
    url = (
        make_url(find_or_start_postgres())
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
