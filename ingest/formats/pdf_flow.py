"""Printed lines as headings and paragraphs: by their size, their ends and their marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.formats.markdown import Block, Heading, plain

LARGER = 1.15  # times the size of the text: a heading
LONGEST_HEADING = 100
LEVELS = 4
KEPT = 0.1  # of the lines end with a blank, where a program stores them at all
_MARK = re.compile(
    r"\s*([□■○●◦ㅇ◇◆▪▫•·※▶▷☞①-⑳*–-]\s*|\(?\d{1,3}[.)]|\(?[가-하][.)]|제\s*\d+\s*[조장절항]|[QA문답][.:])"
)
_PAGE_NUMBER = re.compile(r"\s*[-–]?\s*\d{1,4}\s*(/\s*\d{1,4}\s*)?[-–]?\s*")


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of text as it stands on a page, in points from its left and lower edge."""

    text: str
    size: float
    left: float
    right: float
    bottom: float

    @classmethod
    def of(
        cls, letters: Sequence[tuple[str, tuple[float, float, float, float]]], size: float
    ) -> Printed:
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
class Habit:
    """How a document is set: the sizes of its headings with their levels, and whether its program
    stores the blank at a line's end (then a line without one ends within a word)."""

    headings: Mapping[float, int]
    keeps_blanks: bool

    @classmethod
    def of(cls, lines: Sequence[Printed], keeps_blanks: bool) -> Habit:
        sizes = Counter({0.0: 0})
        for line in lines:
            sizes[line.size] += len(line.text)
        usual = sizes.most_common(1)[0][0]
        larger = sorted((size for size in sizes if size >= usual * LARGER), reverse=True)
        headings = {size: min(level, LEVELS) for level, size in enumerate(larger, 1)}
        return cls(headings, keeps_blanks)


def keeps_blanks(lines: Sequence[str]) -> bool:
    """Whether the program that set these lines stores the blank at a line's end."""
    return sum(line.endswith(" ") for line in lines) > KEPT * len(lines)


def flow(items: Sequence[Printed | str], habit: Habit) -> Iterator[Block]:
    """The blocks of one page. What is no line (a table) stays as it is."""
    lines = [item for item in _without_number(items) if isinstance(item, Printed)]
    edge = max((line.right for line in lines), default=0.0)
    paragraph: list[Printed] = []
    for item in _without_number(items):
        if not isinstance(item, Printed):
            yield from _block(paragraph, habit)
            paragraph = []
            yield item
        elif paragraph and not _continues(paragraph[-1], item, edge, habit):
            yield from _block(paragraph, habit)
            paragraph = [item]
        else:
            paragraph.append(item)
    yield from _block(paragraph, habit)


def _continues(before: Printed, line: Printed, edge: float, habit: Habit) -> bool:
    """Whether a line goes on where the one before had no more room."""
    gap = before.bottom - line.bottom
    within_word = habit.keeps_blanks and not before.text.endswith(" ")
    return (
        abs(before.size - line.size) < 1
        and 0 < gap < 2.5 * before.size
        and before.right + _first_word(line) > edge
        and (within_word or not _MARK.match(line.text))
    )


def _first_word(line: Printed) -> float:
    """About how much room the first word of a line takes, in points."""
    word = (line.text.split() or [""])[0]
    return line.size * sum(0.6 if letter.isascii() else 1.1 for letter in f"{word} ")


def _block(paragraph: Sequence[Printed], habit: Habit) -> Iterator[Block]:
    if not paragraph:
        return
    between = "" if habit.keeps_blanks else " "
    text = between.join(line.text for line in paragraph).strip()
    level = habit.headings.get(paragraph[0].size)
    yield Heading(level, text) if level and len(text) <= LONGEST_HEADING else plain(text)


def _without_number(items: Sequence[Printed | str]) -> list[Printed | str]:
    """A page without the number that is printed at its foot or its head."""
    kept = list(items)
    for end in (-1, 0):
        one = kept[end] if len(kept) > 1 else None
        if isinstance(one, Printed) and _PAGE_NUMBER.fullmatch(one.text):
            kept.pop(end)
    return kept
