"""From Markdown to sections: the lines that stand together, and the path that gives them meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.passages.clause_marks import (
    HEADING_MARK_KINDS,
    ListItem,
    is_annotation,
    parse_answer,
    parse_clause,
    parse_item,
    parse_question,
)

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_PAGE_MARK = re.compile(r"\s*<!-- page (\d{1,5}) -->\s*")
_ANSWER_WITHIN_LINES = 6  # lines within which a question must be answered to be one
_UNRANKED = 20  # the rank of marks that have none of their own: they nest as they come


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A line, the page it stands on, and the items above it in its section, outermost first;
    `label` is what it is called itself where it is an item."""

    text: str
    page: int | None
    item_path: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The lines below one heading, clause or question, and the path down to it."""

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
    """Where the reading of a document stands: the path down, and the items of the section."""

    path: list[_PathStep]
    items: list[_PathStep] = field(default_factory=list)
    lines: list[SectionLine] = field(default_factory=list)

    def build_section(self) -> Section:
        names = tuple(dict.fromkeys(step.name for step in self.path))
        return Section(names, tuple(self.lines))

    def open_section(self, step: _PathStep) -> Section:
        """Close the section that was open, and begin the next one below `step`."""
        done = self.build_section()
        self.path = [*_find_parents(self.path, step), step]
        self.items, self.lines = [], []
        return done

    def close_section(self, kind: str) -> Section:
        """Close the section that a mark of `kind` headed; what comes stands beside it."""
        done = self.build_section()
        self.path = _find_parents(self.path, _PathStep(_UNRANKED, "", kind))
        self.items, self.lines = [], []
        return done

    def add_line(self, text: str, page: int | None, mark: ListItem | None = None) -> None:
        """Take a line into the section, below the items that it belongs to."""
        if mark and mark.kind != "※":
            step = _PathStep(_UNRANKED, mark.name, mark.kind, mark.number)
            self.items = _find_parents(self.items, step)
            self.lines.append(SectionLine(text, page, self._current_item_path(), mark.name))
            self.items.append(step)
            return
        apart = bool(self.lines) and not self.lines[-1].text.strip()
        if apart and text.strip() and self.items and self.items[-1].kind in "-·":
            self.items = []  # a paragraph after a list is no part of its last line
        self.lines.append(SectionLine(text, page, self._current_item_path()))

    def _current_item_path(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.items)

    def is_outer_continuation(self, mark: ListItem) -> bool:
        """Whether a mark goes on with the row that heads the section, not with one inside it."""
        outer, inner = _find_last(self.path, mark.kind), _find_last(self.items, mark.kind)
        if outer is None or mark.number == 0:
            return outer is not None
        if inner is None:
            return mark.number > outer.number
        return mark.number == outer.number + 1 != inner.number + 1

    @property
    def is_in_article(self) -> bool:
        return any(step.kind == "조" for step in self.path)


def split_sections(title: str, markdown: str) -> Iterator[Section]:
    """Each heading's, clause's and question's own lines under its path; empty ones too."""
    lines = list(_assign_pages(markdown))
    walk = _OutlineBuilder([_PathStep(0, title)])
    fenced, asked = False, 0  # how many lines of a question are still to come
    for number, (text, page) in enumerate(lines):
        fenced ^= text.startswith("```")
        if asked:
            asked -= 1
            if (said := parse_answer(text)) is not None:
                walk.add_line(said, page)
            continue
        if fenced or text.lstrip().startswith("|"):
            walk.add_line(text, page)
        elif pair := _find_question(lines, number):
            asked = pair[1]
            yield walk.open_section(_PathStep(_UNRANKED, pair[0], "Q"))
        else:
            yield from _process_line(walk, lines, number)
    yield walk.build_section()


def _process_line(
    walk: _OutlineBuilder, lines: list[tuple[str, int | None]], number: int
) -> Iterator[Section]:
    """Take one line: a heading, a clause or the title of items opens a section."""
    text, page = lines[number]
    if part := parse_clause(text):
        yield walk.open_section(_PathStep(part.rank, part.name, "조" if part.is_article else ""))
        text = part.rest
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
    """The lines with their pages; the marks of the pages are no lines."""
    page: int | None = None
    for line in markdown.splitlines():
        if mark := _PAGE_MARK.fullmatch(line):
            page = int(mark.group(1))
        else:
            yield line, page


def _find_question(lines: list[tuple[str, int | None]], number: int) -> tuple[str, int] | None:
    """A question that is answered below, and how many lines on its answer begins."""
    asked = parse_question(lines[number][0])
    if asked is None:
        return None
    for count, (text, _) in enumerate(lines[number + 1 : number + 1 + _ANSWER_WITHIN_LINES], 1):
        if parse_answer(text) is not None:
            return asked, count
        if parse_question(text) is not None or _HEADING.match(text):
            return None
        asked = f"{asked} {text.strip()}".strip()
    return None


def _accept_item(walk: _OutlineBuilder, mark: ListItem | None) -> ListItem | None:
    """An item whose number goes on from the one before, or begins; else it is a line of prose."""
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
    """Whether an item is the title of what stands below it; in a list it is not."""
    if mark.kind not in HEADING_MARK_KINDS or not mark.is_title:
        return False
    if _find_last(walk.items, mark.kind) and not walk.is_outer_continuation(mark):
        return False
    at = next((n for n in range(below, len(lines)) if lines[n][0].strip()), None)
    if at is None or parse_clause(lines[at][0]) or _HEADING.match(lines[at][0]):
        return False
    if is_annotation(lines[at][0]) or _find_question(lines, at):
        return False
    inner = parse_item(lines[at][0])
    if inner is None:  # a paragraph; but the line itself may go on, indented or in lower case
        first = lines[at][0][0]
        return at > below or not (first.isspace() or first.islower())
    if inner.kind == mark.kind:
        return inner.number == 1 < mark.number  # a row of its own
    return _find_last(walk.path, inner.kind) is None


def _find_last(steps: list[_PathStep], kind: str) -> _PathStep | None:
    return next((step for step in reversed(steps) if step.kind == kind), None)


def _find_parents(steps: list[_PathStep], step: _PathStep) -> list[_PathStep]:
    """The steps of a path that stay when `step` comes."""
    kept = [one for one in steps if one.rank < step.rank or one.rank == _UNRANKED == step.rank]
    if step.rank != _UNRANKED:
        return kept
    if step.kind in "Ⅰ□":  # a notice's parts are no part of the answer before them
        kept = [one for one in kept if one.kind != "Q"]
    same = [number for number, one in enumerate(kept) if one.kind == step.kind]
    return kept[: same[0]] if same else kept
