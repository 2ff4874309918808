"""Alembic's door to the bot's tables: run from the code, with the engine it is given."""

from alembic import context
from sqlalchemy import text

from knowledge.database.engine import write_transaction

MIGRATION_LOCK_KEY = 7201002  # any number of processes may start at once; one of them migrates

config = context.config
with write_transaction(config.attributes["engine"]) as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK_KEY}
        )
    context.configure(
        connection=connection,
        version_table=config.attributes["version_table"],
        transactional_ddl=True,
    )
    context.run_migrations()
