"""Taking what was deleted out of the files of the database."""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from knowledge.database.engine import await_turn, write_transaction

log = logging.getLogger(__name__)

SCRUB_WAIT_MILLISECONDS = 2000  # that a try waits for other connections
SCRUB_OWED = 1  # as user_version, a number in SQLite's file that it leaves to its users
SCRUB_PAUSES_SECONDS = (0.0, 0.2, 0.4, 0.8)  # before each try: another scrub makes one fail at once


def scrub_files(engine: Engine) -> bool:
    """Take what was deleted out of SQLite's files: rebuild the file without the bytes that deleted
    and moved rows left in its pages, and empty the write-ahead log.

    Returns whether it was done; False while the database is in use by others: it is owed then, which
    every process can see. `secure_delete` alone leaves copies in pages that were divided. PostgreSQL
    does this by itself (autovacuum), and its files are its administrator's: there nothing is done.
    """
    if engine.dialect.name != "sqlite":
        return True
    for pause in SCRUB_PAUSES_SECONDS:
        time.sleep(pause)
        if _rebuild_file(engine):
            return True
    try:
        with write_transaction(engine) as connection:
            connection.exec_driver_sql(f"PRAGMA user_version = {SCRUB_OWED}")
    except OperationalError as error:
        log.warning("it is not noted that the database's files are not scrubbed: %s", error)
    return False


def is_scrub_owed(engine: Engine) -> bool:
    """Whether a scrub failed, in any process, and none was done since."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA user_version").scalar() == SCRUB_OWED


def _rebuild_file(engine: Engine) -> bool:
    """One try; False if another connection is in the way. It has its turn among the threads that write,
    which leave SQLite's lock free for moments only: who looks for it only now and then misses these."""
    try:
        with await_turn(engine):
            return _rebuild_in_turn(engine)
    except (sqlite3.OperationalError, OperationalError) as error:
        log.info("the database's files were not scrubbed: %s", error)
        return False


def _rebuild_in_turn(engine: Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        (waited,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {SCRUB_WAIT_MILLISECONDS}")
            cursor.execute("PRAGMA user_version = 0")  # a try that fails after it is noted again
            cursor.execute("VACUUM")
            (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {waited}")
            cursor.close()
    finally:
        raw.close()
