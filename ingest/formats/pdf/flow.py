"""Printed lines joined to headings and paragraphs by font size, line ends and marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.formats.text.markdown import Block, Heading, escape_text

HEADING_MIN_SIZE_RATIO = 1.15  # to the size of the text; see docs/parameters.md
HEADING_MAX_CHARACTERS = 100
HEADING_MAX_LEVEL = 4
LINE_END_SPACE_MIN_SHARE = 0.1  # of the lines, if a program stores them; see docs/parameters.md
_LINE_MARK = re.compile(
    r"\s*([□■○●◦ㅇ◇◆▪▫•·※▶▷☞①-⑳*–-]\s*|\(?\d{1,3}[.)]|\(?[가-하][.)]|제\s*\d+\s*[조장절항]|[QA문답][.:])"
)
_PAGE_NUMBER = re.compile(r"\s*[-–]?\s*\d{1,4}\s*(/\s*\d{1,4}\s*)?[-–]?\s*")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text on a page; positions in points from its left and lower edge."""

    text: str
    size: float
    left: float
    right: float
    bottom: float

    @classmethod
    def from_letters(
        cls, letters: Sequence[tuple[str, tuple[float, float, float, float]]], size: float
    ) -> PrintedLine:
        """A line from its letters and their boxes (left, bottom, right, top)."""
        boxes = [box for letter, box in letters if not letter.isspace()] or [letters[0][1]]
        return cls(
            "".join(letter for letter, _ in letters),
            size,
            min(box[0] for box in boxes),
            max(box[2] for box in boxes),
            min(box[1] for box in boxes),
        )


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """The layout of a document: heading levels by font size, and whether its program stores the
    space at the end of a line (then a line without one ends within a word)."""

    headings: Mapping[float, int]
    has_line_end_spaces: bool

    @classmethod
    def from_lines(cls, lines: Sequence[PrintedLine], keeps_spaces: bool) -> DocumentLayout:
        """The layout of a document with these lines; the most frequent size is that of the text."""
        sizes = Counter({0.0: 0})
        for line in lines:
            sizes[line.size] += len(line.text)
        usual = sizes.most_common(1)[0][0]
        larger = sorted(
            (size for size in sizes if size >= usual * HEADING_MIN_SIZE_RATIO), reverse=True
        )
        headings = {size: min(level, HEADING_MAX_LEVEL) for level, size in enumerate(larger, 1)}
        return cls(headings, keeps_spaces)


def has_line_end_spaces(lines: Sequence[str]) -> bool:
    """Whether the program that produced these lines stores the space at the end of a line."""
    return sum(line.endswith(" ") for line in lines) > LINE_END_SPACE_MIN_SHARE * len(lines)


def build_page_blocks(
    items: Sequence[PrintedLine | str], layout: DocumentLayout
) -> Iterator[Block]:
    """The blocks of one page; tables, which are text already, are kept as they are."""
    lines = [item for item in _drop_page_number(items) if isinstance(item, PrintedLine)]
    edge = max((line.right for line in lines), default=0.0)
    paragraph: list[PrintedLine] = []
    for item in _drop_page_number(items):
        if not isinstance(item, PrintedLine):
            yield from _build_block(paragraph, layout)
            paragraph = []
            yield item
        elif paragraph and not _is_continuation(paragraph[-1], item, edge, layout):
            yield from _build_block(paragraph, layout)
            paragraph = [item]
        else:
            paragraph.append(item)
    yield from _build_block(paragraph, layout)


def _is_continuation(
    before: PrintedLine, line: PrintedLine, edge: float, layout: DocumentLayout
) -> bool:
    """Whether a line continues the one before, which had no room for its first word."""
    gap = before.bottom - line.bottom
    within_word = layout.has_line_end_spaces and not before.text.endswith(" ")
    return (
        abs(before.size - line.size) < 1
        and 0 < gap < 2.5 * before.size
        and before.right + _measure_first_word(line) > edge
        and (within_word or not _LINE_MARK.match(line.text))
    )


def _measure_first_word(line: PrintedLine) -> float:
    """The approximate width of the first word of a line in points."""
    word = (line.text.split() or [""])[0]
    return line.size * sum(0.6 if letter.isascii() else 1.1 for letter in f"{word} ")


def _build_block(paragraph: Sequence[PrintedLine], layout: DocumentLayout) -> Iterator[Block]:
    if not paragraph:
        return
    between = "" if layout.has_line_end_spaces else " "
    text = between.join(line.text for line in paragraph).strip()
    level = layout.headings.get(paragraph[0].size)
    yield (
        Heading(level, text) if level and len(text) <= HEADING_MAX_CHARACTERS else escape_text(text)
    )


def _drop_page_number(items: Sequence[PrintedLine | str]) -> list[PrintedLine | str]:
    """The items of a page without the page number at its foot or head."""
    kept = list(items)
    for end in (-1, 0):
        item = kept[end] if len(kept) > 1 else None
        if isinstance(item, PrintedLine) and _PAGE_NUMBER.fullmatch(item.text):
            kept.pop(end)
    return kept
