"""Taking what was deleted out of the files of the database."""

from __future__ import annotations

import logging
import sqlite3

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

SCRUB_WAIT_MILLISECONDS = 2000  # that taking erased words out of the files waits for other work


def scrub_files(engine: Engine) -> bool:
    """Take what was deleted out of SQLite's files: rebuild the file without the bytes that deleted
    and moved rows left in its pages, and empty the write-ahead log.

    Returns whether it was done; False while the database is in use by others. `secure_delete`
    alone leaves copies in pages that were divided. PostgreSQL does this by itself (autovacuum), and
    its files are its administrator's: there nothing is done.
    """
    if engine.dialect.name != "sqlite":
        return True
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
    except (sqlite3.OperationalError, OperationalError) as error:
        log.info("the database's files were not scrubbed: %s", error)
        return False
    finally:
        raw.close()
