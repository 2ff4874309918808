"""What PostgreSQL refuses and SQLite takes is refused on SQLite too, so that every test shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, String, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DataError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

INTEGER_BITS, BIG_INTEGER_BITS = 32, 64


def refuse_what_postgresql_refuses() -> None:
    """From now on SQLite raises DataError, as PostgreSQL does, for a text that is longer than its column
    where it is written, for NUL in a text and for a number that is too large for its column."""
    if not event.contains(Engine, "before_cursor_execute", _check_values):
        event.listen(Engine, "before_cursor_execute", _check_values)


def _check_values(
    _: object, __: DBAPICursor, statement: str, ___: object, context: Any, ____: bool
) -> None:
    if context.dialect.name != "sqlite" or not isinstance(context.compiled, SQLCompiler):
        return
    writes = context.isinsert or context.isupdate
    kinds = {name: _find_kind(one.type) for name, one in context.compiled.binds.items()}
    for row in context.compiled_parameters:
        if problem := _find_problem(kinds, row, writes=writes):
            raise DataError(statement, None, ValueError(problem))


def _find_kind(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _find_problem(
    kinds: Mapping[str, TypeEngine[Any]], row: Mapping[str, Any], *, writes: bool
) -> str:
    """What PostgreSQL has against a value of a row of parameters; "" for nothing."""
    for name, value in row.items():
        kind = kinds.get(name) or kinds.get(name.rpartition("_")[0])  # of several in IN (…)
        if isinstance(kind, String) and isinstance(value, str):
            if "\0" in value:
                return f"{name}: a text with NUL"
            if writes and kind.length is not None and len(value) > kind.length:
                return f"{name}: {len(value)} characters, and room for {kind.length}"
        elif isinstance(kind, Integer) and isinstance(value, int):
            bits = BIG_INTEGER_BITS if isinstance(kind, BigInteger) else INTEGER_BITS
            if not -(1 << bits - 1) <= value < 1 << bits - 1:
                return f"{name}: {value} does not fit in {bits} bits"
    return ""
