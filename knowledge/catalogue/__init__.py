"""Documents, passages, vectors and editions: the truth the indexes are derived from."""

from knowledge.catalogue.catalogue import Catalogue, EditionRow, Vector
from knowledge.catalogue.engine import Utc, migrate, open_engine, writing

__all__ = ["Catalogue", "EditionRow", "Utc", "Vector", "migrate", "open_engine", "writing"]
