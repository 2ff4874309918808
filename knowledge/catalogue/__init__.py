"""Documents, passages, vectors and editions: the truth the indexes are derived from."""

from sqlalchemy import Engine

from knowledge.catalogue.catalogue import Catalogue, EditionRow, Vector
from knowledge.catalogue.source_log import PageRow, Read, Readings, SourceRow
from knowledge.database.engine import Utc, insert_new, migrate, open_engine, writing

__all__ = [
    "Catalogue",
    "EditionRow",
    "Engine",
    "PageRow",
    "Read",
    "Readings",
    "SourceRow",
    "Utc",
    "Vector",
    "insert_new",
    "migrate",
    "open_engine",
    "writing",
]
