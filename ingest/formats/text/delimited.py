"""Tables as text: values separated by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from ingest.errors import Unreadable
from ingest.formats.text import faq
from ingest.formats.text.markdown import render_document

DELIMITERS = ",\t;|"
TABLE_SAMPLE_ROWS = 20


def is_table(text: str, is_named_so: bool) -> bool:
    """Whether a text is a table.

    It is one if the ending of its name says so (`is_named_so`), or if all rows are equally wide
    and the header names a question and an answer: prose has commas too.
    """
    rows = _parse_rows(text[:100_000].splitlines()[:TABLE_SAMPLE_ROWS])
    if len(rows) < 2 or any(len(row) < 2 for row in rows[:1]):
        return is_named_so and bool(rows)
    return is_named_so or (len({len(row) for row in rows[:-1]}) == 1 and faq.has_roles(rows[0]))


def read_delimited(text: str, columns: Mapping[str, str]) -> str:
    """The Markdown of a table; `columns` maps roles to headers.

    Raises Unreadable if it cannot be parsed or a column is missing.
    """
    try:
        rows = _parse_rows(text.splitlines(keepends=True))
    except csv.Error as error:
        raise Unreadable("no_table", why=str(error)) from error
    return render_document(faq.build_table_blocks(rows, columns))


def _parse_rows(lines: list[str]) -> list[list[str]]:
    delimiter = _detect_delimiter(lines)
    return [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]


def _detect_delimiter(lines: list[str]) -> str:
    head = lines[0] if lines else ""
    return max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))
