"""Printed lines joined to headings and paragraphs by font size, line ends and marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.formats.pdf.lines import LinePiece
from ingest.formats.pdf.words import (
    FULL_LINE_END,
    LineBreak,
    choose_joint,
    detect_broken_words,
    learn_words,
)
from ingest.formats.text.markdown import Block, Cell, Heading, escape_text, render_table

HEADING_MIN_SIZE_RATIO = 1.15  # to the size of the text; see docs/parameters.md
HEADING_MAX_CHARACTERS = 100
HEADING_MAX_LEVEL = 4
CLOSED_GAP_OF_SIZE = 2.0  # before what stands apart at the end of a line; see docs/parameters.md
PARAGRAPH_PITCH_RATIO = 1.35  # of lines of one paragraph, to the usual; see docs/parameters.md
LINE_END_SPACE_MIN_SHARE = 0.1  # of the lines, if a program stores them; see docs/parameters.md
_LINE_MARK = re.compile(
    r"\s*([□■○●◦ㅇ◇◆▪▫•·※▶▷☞①-⑳*–-]\s*|\(?\d{1,3}[.)](?!\d)|\d{1,2}(\.\d{1,2})+[.)]?\s|\(?[가-하][.)]|제\s*\d+\s*[조장절항]|[QA문답][.:])"
)
_SENTENCE_START = re.compile(r"[가-힣]\s*$")
_SENTENCE_END = re.compile(r"다\.(\s|$)")
_DATE_START = re.compile(r"(\d{4}\.|\d{4}\.\s*\d{1,2}\.|[~∼～-])\s*$")
_DATE_END = re.compile(r"\s*['’]?\d{1,4}\.")


TableRows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text on a page; positions in points from its left and lower edge."""

    text: str
    size: float
    left: float
    right: float
    bottom: float  # the line that its letters stand on
    stretch: float = 0.0  # by how much its spaces are wider than those of its font
    is_closed: bool = False  # what is at its end stands apart: the next line is another one

    @classmethod
    def from_pieces(cls, pieces: Sequence[LinePiece]) -> PrintedLine:
        """A line from its pieces in order; the size is that of most of its letters."""
        main = max(pieces, key=lambda piece: len(piece.text))
        gaps = [after.left - one.right for one, after in pairwise(pieces)]
        ends = pieces[-1].has_leader or max(gaps, default=0.0) > CLOSED_GAP_OF_SIZE * main.size
        return cls(
            _join_pieces(pieces),
            main.size,
            pieces[0].left,
            pieces[-1].right,
            main.baseline,
            sum(piece.stretch for piece in pieces),
            ends,
        )

    @classmethod
    def from_text(cls, text: str) -> PrintedLine:
        """A line that stands alone, outside the others."""
        return cls(text, 0.0, 0.0, 0.0, 0.0, is_closed=True)


Region = Sequence[PrintedLine | TableRows]


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """The layout of a document: heading levels by font size, and whether its program stores the
    space at the end of a line (then a line without one ends within a word). `pitches` are the usual
    distances from line to line by the size of letters. `words` are whole words of a document whose
    program breaks lines within words, None if it does not."""

    headings: Mapping[float, int]
    has_line_end_spaces: bool
    pitches: Mapping[float, float] = field(default_factory=dict)
    words: frozenset[str] | None = None

    @classmethod
    def from_regions(cls, regions: Sequence[Region], keeps_spaces: bool) -> DocumentLayout:
        """The layout of a document; the most frequent size is that of the text."""
        lines = [item for region in regions for item in region if isinstance(item, PrintedLine)]
        sizes = Counter({0.0: 0})
        for line in lines:
            sizes[line.size] += len(line.text)
        usual = sizes.most_common(1)[0][0]
        larger = sorted(
            (size for size in sizes if size >= usual * HEADING_MIN_SIZE_RATIO), reverse=True
        )
        headings = {size: min(level, HEADING_MAX_LEVEL) for level, size in enumerate(larger, 1)}
        layout = cls(headings, keeps_spaces, _measure_pitches(lines))
        breaks = [found for region in regions for found in _list_breaks(region, layout)]
        if keeps_spaces or not detect_broken_words(breaks):
            return layout
        return replace(layout, words=learn_words(line.text for line in lines))

    def join_cell(self, text: str) -> str:
        """The lines of a cell as one: they are apart by line feeds, or by `FULL_LINE_END` where a
        word may go on in the next one."""
        return " ".join(self.join_lines(part.split(FULL_LINE_END)) for part in text.split("\n"))

    def join_lines(self, texts: Sequence[str]) -> str:
        """The lines of a paragraph or of a cell as one."""
        if self.has_line_end_spaces:
            return "".join(texts).strip()
        if self.words is None:
            return " ".join(texts).strip()
        joined = texts[0] if texts else ""
        for text in texts[1:]:
            joined = joined.rstrip() + choose_joint(joined, text, self.words) + text.lstrip()
        return joined.strip()


def _measure_pitches(lines: Sequence[PrintedLine]) -> dict[float, float]:
    """The smallest distance from line to line that is frequent, by the size of letters."""
    found: dict[float, Counter[float]] = {}
    for before, line in pairwise(lines):
        gap = before.bottom - line.bottom
        if before.size == line.size and line.size < gap < 2.5 * line.size:
            found.setdefault(line.size, Counter())[round(gap * 2) / 2] += 1
    return {
        size: min(gap for gap, count in gaps.items() if count >= 0.25 * max(gaps.values()))
        for size, gaps in found.items()
    }


def has_line_end_spaces(lines: Sequence[str]) -> bool:
    """Whether the program that produced these lines stores the space at the end of a line."""
    return sum(line.endswith(" ") for line in lines) > LINE_END_SPACE_MIN_SHARE * len(lines)


def build_region_blocks(region: Region, layout: DocumentLayout) -> Iterator[Block]:
    """The blocks of one region of a page, such as a column."""
    edge = _find_edge(region)
    paragraph: list[PrintedLine] = []
    for item in region:
        if not isinstance(item, PrintedLine):
            yield from _build_block(paragraph, layout)
            paragraph = []
            yield render_table(_join_cell_lines(item, layout))
        elif paragraph and not _is_continuation(paragraph[-1], item, edge, layout):
            yield from _build_block(paragraph, layout)
            paragraph = [item]
        else:
            paragraph.append(item)
    yield from _build_block(paragraph, layout)


def _join_cell_lines(rows: TableRows, layout: DocumentLayout) -> TableRows:
    """The rows of a table with the lines of each cell joined."""
    return [[replace(cell, text=layout.join_cell(cell.text)) for cell in row] for row in rows]


def _find_edge(region: Region) -> float:
    """Where the lines of running text end at the latest."""
    lines = [item for item in region if isinstance(item, PrintedLine)]
    open_lines = [line for line in lines if not line.is_closed]
    return max((line.right for line in open_lines or lines), default=0.0)


def _list_breaks(region: Region, layout: DocumentLayout) -> Iterator[LineBreak]:
    """The room at the end of each full line, in sizes of its letters, and the next line's word."""
    edge = _find_edge(region)
    for before, line in pairwise(region):
        if isinstance(before, PrintedLine) and isinstance(line, PrintedLine):
            room = (edge - before.right + before.stretch) / (before.size or 1)
            if _is_continuation(before, line, edge, layout):
                yield room, (line.text.split() or [""])[0]
    for rows in region:
        if not isinstance(rows, PrintedLine):
            parts = [p for row in rows for cell in row for p in cell.text.split(FULL_LINE_END)[1:]]
            yield from ((None, (part.split() or [""])[0]) for part in parts)


def _is_continuation(
    before: PrintedLine, line: PrintedLine, edge: float, layout: DocumentLayout
) -> bool:
    """Whether a line continues the one before, which had no room for its first word."""
    if before.is_closed:
        return False
    gap = before.bottom - line.bottom
    pitch = layout.pitches.get(line.size, 2.0 * line.size)
    within_word = layout.has_line_end_spaces and not before.text.endswith(" ")
    return (
        abs(before.size - line.size) < 1
        and 0 < gap < min(2.5 * before.size, PARAGRAPH_PITCH_RATIO * pitch)
        and before.right + _measure_first_word(line) > edge
        and (
            within_word
            or _is_sentence_broken(before, line)
            or _is_date_broken(before, line)
            or not _LINE_MARK.match(line.text)
        )
    )


def _is_sentence_broken(before: PrintedLine, line: PrintedLine) -> bool:
    """Whether the "다." with which a line begins ends a sentence, and is no mark of an item."""
    return bool(_SENTENCE_END.match(line.text) and _SENTENCE_START.search(before.text))


def _is_date_broken(before: PrintedLine, line: PrintedLine) -> bool:
    """Whether a date goes on in the next line: its "3." is no number of an item."""
    return bool(_DATE_START.search(before.text) and _DATE_END.match(line.text))


def _join_pieces(pieces: Sequence[LinePiece]) -> str:
    return " ".join(piece.text.strip() for piece in pieces[:-1]) + (
        f" {pieces[-1].text}" if len(pieces) > 1 else pieces[-1].text
    )


def _measure_first_word(line: PrintedLine) -> float:
    """The approximate width of the first word of a line in points."""
    word = (line.text.split() or [""])[0]
    return line.size * sum(0.6 if letter.isascii() else 1.1 for letter in f"{word} ")


def _build_block(paragraph: Sequence[PrintedLine], layout: DocumentLayout) -> Iterator[Block]:
    if not paragraph:
        return
    text = layout.join_lines([line.text for line in paragraph])
    level = layout.headings.get(paragraph[0].size)
    yield (
        Heading(level, text) if level and len(text) <= HEADING_MAX_CHARACTERS else escape_text(text)
    )
