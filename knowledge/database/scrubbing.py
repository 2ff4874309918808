"""Taking what was deleted out of the files of the database."""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy import Engine

log = logging.getLogger(__name__)

SCRUB_WAIT_MILLISECONDS = 2000  # that a try waits for other connections
SCRUB_PAUSES_SECONDS = (0.0, 0.2, 0.4, 0.8)  # before each try: another scrub makes one fail at once


def scrub_files(engine: Engine) -> bool:
    """Take what was deleted out of SQLite's files: rebuild the file without the bytes that deleted
    and moved rows left in its pages, and empty the write-ahead log.

    Returns whether it was done; False while the database is in use by others. `secure_delete`
    alone leaves copies in pages that were divided. PostgreSQL does this by itself (autovacuum), and
    its files are its administrator's: there nothing is done.
    """
    if engine.dialect.name != "sqlite":
        return True
    for pause in SCRUB_PAUSES_SECONDS:
        time.sleep(pause)
        if _rebuild_file(engine):
            return True
    return False


def _rebuild_file(engine: Engine) -> bool:
    """One try; False if another connection is in the way."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        (waited,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {SCRUB_WAIT_MILLISECONDS}")
            cursor.execute("VACUUM")
            (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {waited}")
            cursor.close()
    except sqlite3.OperationalError as error:
        log.info("the database's files were not scrubbed: %s", error)
        return False
    finally:
        raw.close()
