"""Tables as text: values separated by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from collections import Counter
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
    return _split_rows(lines, _detect_delimiter(lines))


def _split_rows(lines: list[str], delimiter: str) -> list[list[str]]:
    return [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]


def _detect_delimiter(lines: list[str]) -> str:
    """The sign that parts the values: not by the first line, which may be a title.

    It is the one by which a row names a question and an answer; otherwise the one that parts most
    rows into equally many values.
    """

    def rate(sign: str) -> tuple[bool, int, int, int]:
        try:
            rows = _split_rows(lines[:TABLE_SAMPLE_ROWS], sign)
        except csv.Error:
            return False, 0, 0, 0
        has_header = any(map(faq.has_roles, rows[: faq.HEADER_SEARCH_ROWS]))
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        return has_header, count, width, -DELIMITERS.index(sign)

    return max(DELIMITERS, key=rate)
