"""Headings, lists and tables of any format as one kind of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

TABLE_MAX_COLUMNS = 200  # columns of a table that are looked at
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
    """A cell of a table, and over how many rows and columns it reaches."""

    text: str
    rows: int = 1
    columns: int = 1


Block = Heading | str


def render_document(blocks: Iterable[Block]) -> str:
    """The Markdown of a document. A heading with nothing below it is a line of text, for
    nothing may be lost and a passage is what stands below a heading."""
    written: list[str] = []
    below: Block | None = None
    for block in reversed([block for block in blocks if strip_block(block)]):
        written.append(_render_block(block, below))
        if not (isinstance(block, str) and _PAGE_MARK.fullmatch(block)):
            below = block
    return "\n\n".join(reversed(written))


def strip_block(block: Block) -> str:
    """What a block says, without blanks at its ends."""
    return (block.text if isinstance(block, Heading) else block).strip()


def render_page_mark(number: int) -> str:
    """The line before what stands on page `number` (from 1)."""
    return f"<!-- page {number} -->"


def strip_page_marks(markdown: str) -> str:
    return _PAGE_MARK.sub("", markdown)


def escape_text(text: str) -> str:
    """Text that stays text, whatever signs it begins with."""
    return _STRUCTURE.sub(r"\1\\\2", text.strip("\n"))


def render_item(text: str, level: int = 0, label: str = "-") -> str:
    """A line of a list, `level` steps in."""
    return f"{'  ' * level}{label} {collapse_whitespace(text)}"


def collapse_whitespace(text: str) -> str:
    return " ".join(text.split())


def render_table(rows: Sequence[Sequence[Cell]]) -> str:
    """A Markdown table. What reaches over several rows is said in each of them, so that a row
    can be quoted alone; a table of one column is a frame around text."""
    grid = [row for row in _fill_grid(rows) if any(row)]
    used = [n for n in range(max(map(len, grid), default=0)) if any(row[n] for row in grid)]
    if len(used) < 2:
        return "\n\n".join(escape_text(row[n]) for row in grid for n in used)
    lines = ["| " + " | ".join(_escape_cell(row[n]) for n in used) + " |" for row in grid]
    return "\n".join([lines[0], "|" + " --- |" * len(used), *lines[1:]])


def flatten_block(block: Block) -> str:
    """A block as it can stand in a cell: a table inside of it as its cells."""
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
    """Rows of equal length, with the reach of every cell filled in."""
    taken: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            for place in _list_covered_cells(cell, y, x, len(rows)):
                taken.setdefault(place, cell.text.strip() if place[1] == x else "")
            x += 1
    width = 1 + max((x for _, x in taken), default=-1)
    return [[taken.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def _list_covered_cells(cell: Cell, y: int, x: int, height: int) -> Iterator[tuple[int, int]]:
    for down in range(min(max(cell.rows, 1), height - y)):
        for across in range(min(max(cell.columns, 1), TABLE_MAX_COLUMNS)):
            yield y + down, x + across
