"""A database that is moved to or copied from: its tables, brought up to date, and all of its rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.errors import CommandFailed
from bot.store import Store
from bot.store import tables as bot_tables
from knowledge.catalogue import Catalogue, Engine, open_engine
from knowledge.catalogue.tables import metadata as library_tables
from knowledge.database.copying import (
    TableDigest,
    Tables,
    copy_tables,
    digest_tables,
    hold_still,
    list_filled_tables,
)

# A `naru serve` writes its heartbeat every five seconds (DATABASE_CHECK_SECONDS): a database in which
# nothing changed for longer is not served.
QUIET_SECONDS = 6.0


def list_tables() -> Tables:
    """Every table of Naru's, in the order of their references; the heartbeats of running processes are
    no record."""
    found = [*library_tables.sorted_tables, *bot_tables.metadata.sorted_tables]
    return [table for table in found if table is not bot_tables.heartbeats]


@contextmanager
def open_database(url: str) -> Iterator[Engine]:
    """A database with its tables at the newest revision. Raises StoreUnavailable."""
    engine = open_engine(url)
    try:
        Catalogue(engine)
        Store(engine)
        yield engine
    finally:
        engine.dispose()


def require_empty(engine: Engine, url: str) -> None:
    """Raises CommandFailed with a sentence if a database holds rows."""
    if filled := list_filled_tables(engine, list_tables()):
        raise CommandFailed(
            f"{hide_password(engine, url)} is not empty: {', '.join(filled[:5])} hold rows. Nothing was "
            "written. Name an empty database."
        )


def move_rows(source: Engine, target: Engine) -> list[TableDigest]:
    """Copy all rows into an empty database and check that each table is the same on both sides.

    Takes at least QUIET_SECONDS; from then on no one can write to the source until all is moved. Raises
    CommandFailed, and leaves nothing in the target, if the source is served.
    """
    heartbeat, began = _read_heartbeat(source), time.monotonic()
    before = digest_tables(source, list_tables())
    time.sleep(max(0.0, QUIET_SECONDS - (time.monotonic() - began)))
    with hold_still(source, [*list_tables(), bot_tables.heartbeats]):
        if _read_heartbeat(source) != heartbeat or digest_tables(source, list_tables()) != before:
            raise CommandFailed(
                "A `naru serve` works on this database: what it writes later would not be moved. Stop it "
                "and try again; nothing was written."
            )
        return copy_tables(source, target, list_tables())


def hide_password(engine: Engine, url: str) -> str:
    """The address of a database as it may be shown; `url` is what it was opened by."""
    return engine.url.render_as_string(hide_password=True) if "@" in url else url


def _read_heartbeat(engine: Engine) -> list[TableDigest]:
    return digest_tables(engine, [bot_tables.heartbeats])
