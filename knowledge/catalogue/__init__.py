"""The library's tables, from which every index can be rebuilt."""

from sqlalchemy import Engine

from knowledge.catalogue.catalogue import Catalogue, EditionRow, Vector
from knowledge.catalogue.source_log import PageRow, SourceLog, SourceReadResult, SourceRow
from knowledge.database.engine import (
    UtcDateTime,
    insert_new,
    migrate,
    open_engine,
    write_transaction,
)

__all__ = [
    "Catalogue",
    "EditionRow",
    "Engine",
    "PageRow",
    "SourceLog",
    "SourceReadResult",
    "SourceRow",
    "UtcDateTime",
    "Vector",
    "insert_new",
    "migrate",
    "open_engine",
    "write_transaction",
]
