"""Alembic runs this file to migrate the bot's tables."""

from knowledge.database.migrations import run_migrations

run_migrations(lock_key=7201002)
