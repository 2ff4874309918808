"""The outline of a document: its sections, each with the path of headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.passages.clause_marks import (
    HEADING_MARK_KINDS,
    SOURCES_LINE,
    ListItem,
    parse_answer,
    parse_clause,
    parse_item,
    parse_question,
)

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_PAGE_MARK = re.compile(r"\s*<!-- page (\d{1,5}) -->\s*")
_ANSWER_WITHIN_LINES = 6  # below a question; otherwise it is a line of text
_UNRANKED = 20  # the rank of marks without a fixed one: they nest in order of appearance


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A line of a section with its page, None if unknown.

    `item_path` are the names of the list items above it in its section, outermost first; `label`
    is its own name if it is a list item.
    """

    text: str
    page: int | None
    item_path: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The lines below one heading, clause or question, and the names of all headings above them."""

    path: tuple[str, ...]
    lines: tuple[SectionLine, ...]


@dataclass(frozen=True, slots=True)
class _PathStep:
    """One step of a path. `kind` and `number` are those of its mark."""

    rank: int
    name: str
    kind: str = ""
    number: int = 0


@dataclass(slots=True)
class _OutlineBuilder:
    """The state of a pass over a document: the current path, list items and lines."""

    path: list[_PathStep]
    items: list[_PathStep] = field(default_factory=list)
    lines: list[SectionLine] = field(default_factory=list)

    def build_section(self) -> Section:
        """The section with the lines so far."""
        names = tuple(dict.fromkeys(step.name for step in self.path))
        return Section(names, tuple(self.lines))

    def open_section(self, step: _PathStep) -> Section:
        """Begin a section below `step`; returns the one that ends."""
        done = self.build_section()
        self.path = [*_find_parents(self.path, step), step]
        self.items, self.lines = [], []
        return done

    def close_section(self, kind: str) -> Section:
        """End the section headed by a mark of `kind`, which is returned, and go on above it."""
        done = self.build_section()
        self.path = _find_parents(self.path, _PathStep(_UNRANKED, "", kind))
        self.items, self.lines = [], []
        return done

    def add_line(self, text: str, page: int | None, mark: ListItem | None = None) -> None:
        """Add a line to the section, below the list items that it belongs to."""
        if mark and mark.kind != "※":
            step = _PathStep(_UNRANKED, mark.name, mark.kind, mark.number)
            self.items = _find_parents(self.items, step)
            self.lines.append(SectionLine(text, page, self._current_item_path(), mark.name))
            self.items.append(step)
            return
        apart = bool(self.lines) and not self.lines[-1].text.strip()
        if apart and text.strip() and self.items and self.items[-1].kind in "-·":
            self.items = []  # a paragraph after a list does not belong to its last item
        self.lines.append(SectionLine(text, page, self._current_item_path()))

    def _current_item_path(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.items)

    def is_outer_continuation(self, mark: ListItem) -> bool:
        """Whether a mark continues the series that heads the section, not one within it."""
        outer, inner = _find_last(self.path, mark.kind), _find_last(self.items, mark.kind)
        if outer is None or mark.number == 0:
            return outer is not None
        if inner is None:
            return mark.number > outer.number
        return mark.number == outer.number + 1 != inner.number + 1

    @property
    def is_in_article(self) -> bool:
        """Whether the current path contains an article (조)."""
        return any(step.kind == "조" for step in self.path)


def split_sections(title: str, markdown: str) -> Iterator[Section]:
    """The sections of a document in order, also those without lines; each path begins with `title`."""
    lines = list(_assign_pages(markdown))
    walk = _OutlineBuilder([_PathStep(0, title)])
    fenced, question_lines_left = False, 0
    for number, (text, page) in enumerate(lines):
        fenced ^= text.startswith("```")
        if question_lines_left:
            question_lines_left -= 1
            if (answer := parse_answer(text)) is not None:
                walk.add_line(answer, page)
            continue
        if fenced or text.lstrip().startswith("|"):
            walk.add_line(text, page)
        elif answered := _find_question(lines, number):
            question, question_lines_left = answered
            yield walk.open_section(_PathStep(_UNRANKED, question, "Q"))
        else:
            yield from _process_line(walk, lines, number)
    yield walk.build_section()


def _process_line(
    walk: _OutlineBuilder, lines: list[tuple[str, int | None]], number: int
) -> Iterator[Section]:
    """Add one line; a heading, a clause or the title of list items opens a section."""
    text, page = lines[number]
    if clause := parse_clause(text):
        kind = "조" if clause.is_article else ""
        yield walk.open_section(_PathStep(clause.rank, clause.name, kind))
        text = clause.rest
        if not text:
            return
    elif heading := _HEADING.match(text):
        yield walk.open_section(_PathStep(len(heading.group(1)), heading.group(2)))
        return
    mark = _accept_item(walk, parse_item(text))
    if mark and walk.is_in_article and mark.kind == "①":
        yield walk.open_section(_PathStep(_UNRANKED, mark.mark.strip(), "①", mark.number))
        walk.add_line(text, page)
    elif mark and not walk.is_in_article and _is_section_title(walk, mark, lines, number + 1):
        yield walk.open_section(_PathStep(_UNRANKED, mark.name, mark.kind, mark.number))
    else:
        if mark and walk.is_outer_continuation(mark):
            yield walk.close_section(mark.kind)
        walk.add_line(text, page, mark)


def _assign_pages(markdown: str) -> Iterator[tuple[str, int | None]]:
    """The lines with their pages, without the page marks."""
    page: int | None = None
    for line in markdown.splitlines():
        if mark := _PAGE_MARK.fullmatch(line):
            page = int(mark.group(1))
        else:
            yield line, page


def _find_question(lines: list[tuple[str, int | None]], number: int) -> tuple[str, int] | None:
    """A question that is answered below, and after how many lines; None for other lines."""
    question = parse_question(lines[number][0])
    if question is None:
        return None
    for count, (text, _) in enumerate(lines[number + 1 : number + 1 + _ANSWER_WITHIN_LINES], 1):
        if parse_answer(text) is not None:
            return question, count
        if parse_question(text) is not None or _HEADING.match(text):
            return None
        question = f"{question} {text.strip()}".strip()
    return None


def _accept_item(walk: _OutlineBuilder, mark: ListItem | None) -> ListItem | None:
    """The mark if its number begins or continues a series; None if the line is prose."""
    if mark is None or mark.number <= 1 or walk.is_outer_continuation(mark):
        return mark
    if inner := _find_last(walk.items, mark.kind):
        return mark if mark.number > inner.number else None
    if _find_last(walk.path, mark.kind) or mark.kind in ("가.", "가)", "(가)"):
        return None  # "다." also ends a sentence
    return mark


def _is_section_title(
    walk: _OutlineBuilder, mark: ListItem, lines: list[tuple[str, int | None]], below: int
) -> bool:
    """Whether a list item is the title of the lines below it, or a question that they answer."""
    if mark.kind not in HEADING_MARK_KINDS or not (mark.is_title or mark.is_question):
        return False
    if _find_last(walk.items, mark.kind) and not walk.is_outer_continuation(mark):
        return False
    at = next((n for n in range(below, len(lines)) if lines[n][0].strip()), None)
    if at is None or parse_clause(lines[at][0]) or _HEADING.match(lines[at][0]):
        return False
    if SOURCES_LINE.match(lines[at][0].strip()) or _find_question(lines, at):
        return False
    inner = parse_item(lines[at][0])
    if inner is None:  # a paragraph, unless it continues the line: indented or in lower case
        first = lines[at][0][0]
        return at > below or not (first.isspace() or first.islower())
    if inner.kind == mark.kind:
        return inner.number == 1 < mark.number  # a series of its own
    return _find_last(walk.path, inner.kind) is None


def _find_last(steps: list[_PathStep], kind: str) -> _PathStep | None:
    return next((step for step in reversed(steps) if step.kind == kind), None)


def _find_parents(steps: list[_PathStep], step: _PathStep) -> list[_PathStep]:
    """The steps of a path that remain above `step`."""
    kept = [
        other for other in steps if other.rank < step.rank or other.rank == _UNRANKED == step.rank
    ]
    if step.rank != _UNRANKED:
        return kept
    if step.kind in "Ⅰ□":  # the parts of a notice end the answer before them
        kept = [other for other in kept if other.kind != "Q"]
    same = [number for number, other in enumerate(kept) if other.kind == step.kind]
    return kept[: same[0]] if same else kept
