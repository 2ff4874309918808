"""Tables as text: values separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from ingest.errors import Unreadable
from ingest.formats import faq
from ingest.formats.markdown import document

DELIMITERS = ",\t;|"
LOOKED_AT = 20  # rows


def is_table(text: str, named_so: bool) -> bool:
    """Whether a text is a table: every row as wide as the first, and its name or its header says
    so (bytes alone cannot tell a table from prose with commas)."""
    rows = _rows(text[:100_000].splitlines()[:LOOKED_AT])
    if len(rows) < 2 or any(len(row) < 2 for row in rows[:1]):
        return named_so and bool(rows)
    return named_so or (len({len(row) for row in rows[:-1]}) == 1 and faq.has_roles(rows[0]))


def read(text: str, columns: Mapping[str, str]) -> str:
    """The Markdown of a table. Raises Unreadable where it is none."""
    try:
        rows = _rows(text.splitlines(keepends=True))
    except csv.Error as error:
        raise Unreadable("no_table", why=str(error)) from error
    return document(faq.blocks(rows, columns))


def _rows(lines: list[str]) -> list[list[str]]:
    delimiter = _delimiter(lines)
    return [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]


def _delimiter(lines: list[str]) -> str:
    head = lines[0] if lines else ""
    return max(DELIMITERS, key=lambda one: (head.count(one), -DELIMITERS.index(one)))
