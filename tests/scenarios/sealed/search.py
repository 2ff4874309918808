"""The search for the words of a sealed case: in every column, file, backup and log."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, select

EVENT, CASE, MESSAGE = "inbox.payload", {"cases.question", "case_lines.text"}, "outbox.body"


def holds_word(value: Any, word: str) -> bool:
    """Whether a text, bytes or a value of JSON has a word, also as JSON escapes it."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return word in text or json.dumps(word)[1:-1] in text


def list_columns_with(engine: Engine, word: str) -> set[str]:
    """The "table.column" of every value that has the word."""
    metadata = MetaData()
    found: set[str] = set()
    with engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                values = row._asdict().items()
                found |= {f"{table.name}.{name}" for name, one in values if holds_word(one, word)}
    return found


def list_files_with(folder: Path, word: str) -> set[str]:
    """The names of the files below a folder that hold the word: of the database one name, whatever
    its log has; the index, previews, uploads and the rest each their own."""
    return {
        path.name.partition("-")[0] if path.name.startswith("naru.db") else str(path)
        for path in folder.rglob("*")
        if path.is_file() and holds_word(path.read_bytes(), word)
    }


def read_backup_columns(folder: Path, word: str) -> set[str]:
    """The "table.column" of every value with the word in a backup of the database, made as
    docs/run-it.md says."""
    (path,) = folder.rglob("naru.db")
    found: set[str] = set()
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(":memory:")) as copy:
        live.backup(copy)
        copy.row_factory = sqlite3.Row
        names = copy.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            for row in copy.execute(f'select * from "{name}"'):
                values = dict(row).items()
                found |= {f"{name}.{key}" for key, one in values if holds_word(one, word)}
    return found


@contextmanager
def keep_log() -> Iterator[io.StringIO]:
    """Keep all that is logged while it is open."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
