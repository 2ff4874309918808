"""What every store's env.py does for Alembic: run its migrations in one locked transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from knowledge.database.engine import write_transaction


def run_migrations(lock_key: int) -> None:
    """Run the migrations that `knowledge.database.engine.migrate` asked for.

    Any number of processes may start at once; one of them migrates, the others wait for it and
    find nothing left to do. PostgreSQL takes an advisory lock for that, whose number `lock_key`
    must differ between the stores; SQLite has its write lock.
    """
    attributes = context.config.attributes
    with write_transaction(attributes["engine"]) as connection:
        if connection.dialect.name == "postgresql":
            # A migration may take long, and waits as long for another process's.
            for limit in ("statement_timeout", "lock_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
            lock = text("SELECT pg_advisory_xact_lock(:lock_key)")
            connection.execute(lock, {"lock_key": lock_key})
        context.configure(
            connection=connection,
            version_table=attributes["version_table"],
            transactional_ddl=True,
        )
        context.run_migrations()
