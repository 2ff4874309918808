"""A row in every table of a database, made of its schema alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.types import JSON, Boolean, Date, Float, Integer, LargeBinary

AT = "2026-11-21T01:00:00.000000+00:00"
MOMENTS = ("at", "until", "since", "from", "expires")  # how the columns of moments end


def make_value(table: str, column: Any, revision: str) -> Any:
    """A value for a column that no other revision's row has, where it may differ."""
    number = 1_000 * int(revision)  # between them there is room for what migrations add
    if (table, column.name) == ("cases", "place"):
        return None
    if column.name == "state":
        return "done" if table != "cases" else "closed"
    match column.type:
        case JSON():
            if column.name == "memory":
                return {"private": True}  # others got another key by a migration
            return [] if column.name in ("files", "titles", "topics", "audience") else {}
        case Boolean():
            return False
        case Integer():
            return number
        case Float():
            return 0.5
        case LargeBinary():
            return revision.encode()
        case Date():
            return date(2026, 11, 21)
    is_moment = column.name.split("_")[-1] in MOMENTS
    return (AT if is_moment else f"r{revision}")[: getattr(column.type, "length", None)]


def write_rows(
    connection: Connection, revision: str, only: MetaData | None = None
) -> dict[str, dict[str, Any]]:
    """Put a row into every table (or of those of `only`); they come back by table, as they are read."""
    schema = MetaData()
    schema.reflect(connection, only=list(only.tables) if only else None)
    written: dict[str, dict[str, Any]] = {}
    for table in schema.sorted_tables:
        if not table.name.endswith("_version"):
            row = {one.name: make_value(table.name, one, revision) for one in table.columns}
            connection.execute(insert(table), row)
            written[table.name] = read_row(connection, table, row)
    return written


def read_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    keys = [key == row[key.name] for key in table.primary_key]
    found = connection.execute(select(table).where(*keys)).first()
    return dict(found._mapping) if found else {}
