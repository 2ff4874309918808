"""The Markdown that all formats are converted to: headings, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

TABLE_MAX_COLUMNS = 200  # the rest is dropped
_STRUCTURE = re.compile(r"^(\s*)(#{1,6}\s|```|<!-- page )", re.MULTILINE)
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
_PAGE_MARK = re.compile(r"<!-- page \d+ -->")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, and how many rows and columns it spans."""

    text: str
    rows: int = 1
    columns: int = 1


Block = Heading | str


def render_document(blocks: Iterable[Block]) -> str:
    """The Markdown of a document.

    A heading with nothing below it becomes a line of text: a passage is the text below a heading,
    and the heading would be lost. See docs/decisions/0025-empty-headings-become-text.md.
    """
    written: list[str] = []
    below: Block | None = None
    for block in reversed([block for block in blocks if strip_block(block)]):
        written.append(_render_block(block, below))
        if not (isinstance(block, str) and _PAGE_MARK.fullmatch(block)):
            below = block
    return "\n\n".join(reversed(written))


def strip_block(block: Block) -> str:
    """The text of a block without surrounding whitespace."""
    return (block.text if isinstance(block, Heading) else block).strip()


def render_page_mark(number: int) -> str:
    """The line that precedes the text of page `number` (from 1)."""
    return f"<!-- page {number} -->"


def strip_page_marks(markdown: str) -> str:
    """The Markdown without its page marks."""
    return _PAGE_MARK.sub("", markdown)


def escape_text(text: str) -> str:
    """Escape text so that its first signs are not read as Markdown structure."""
    return _STRUCTURE.sub(r"\1\\\2", text.strip("\n"))


def render_item(text: str, level: int = 0, label: str = "-") -> str:
    """A line of a list, indented by `level` steps."""
    return f"{'  ' * level}{label} {collapse_whitespace(text)}"


def collapse_whitespace(text: str) -> str:
    """The text on one line with single spaces."""
    return " ".join(text.split())


def render_table(rows: Sequence[Sequence[Cell]]) -> str:
    """A Markdown table; a table of one column is rendered as text, it is only a frame.

    A cell that spans several rows is repeated in each, so that a row can be quoted alone.
    """
    grid = [row for row in _fill_grid(rows) if any(row)]
    used = [n for n in range(max(map(len, grid), default=0)) if any(row[n] for row in grid)]
    if len(used) < 2:
        return "\n\n".join(escape_text(row[n]) for row in grid for n in used)
    lines = ["| " + " | ".join(_escape_cell(row[n]) for n in used) + " |" for row in grid]
    return "\n".join([lines[0], "|" + " --- |" * len(used), *lines[1:]])


def flatten_block(block: Block) -> str:
    """A block as the text of a cell; a nested table becomes the text of its cells."""
    if isinstance(block, Heading) or not block.startswith("| "):
        return strip_block(block)
    lines = [line for line in block.split("\n") if set(line) - set("|- ")]
    return collapse_whitespace(
        " ".join(_UNESCAPED_BAR.sub(" ", line) for line in lines).replace("\\|", "|")
    )


def make_rows(values: Iterable[Iterable[str]]) -> list[list[Cell]]:
    """Rows of plain cells."""
    return [[Cell(value) for value in row] for row in values]


def _render_block(block: Block, below: Block | None) -> str:
    if isinstance(block, str):
        return block.strip("\n")
    leaf = below is None or (isinstance(below, Heading) and below.level <= block.level)
    if leaf:
        return escape_text(collapse_whitespace(block.text))
    return f"{'#' * min(max(block.level, 1), 6)} {collapse_whitespace(block.text)}"


def _escape_cell(text: str) -> str:
    return collapse_whitespace(text).replace("|", "\\|")


def _fill_grid(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The texts of the cells in rows of equal length, with spans filled in."""
    texts: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in texts:
                x += 1
            for place in _list_covered_cells(cell, y, x, len(rows)):
                texts.setdefault(place, cell.text.strip() if place[1] == x else "")
            x += 1
    width = 1 + max((x for _, x in texts), default=-1)
    return [[texts.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def _list_covered_cells(cell: Cell, y: int, x: int, height: int) -> Iterator[tuple[int, int]]:
    for down in range(min(max(cell.rows, 1), height - y)):
        for across in range(min(max(cell.columns, 1), TABLE_MAX_COLUMNS)):
            yield y + down, x + across
