"""From Markdown to sections: the lines that stand together, and the path that gives them meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.passages.clause_marks import HEADS, Item, answer, clause, item, noted, question

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_PAGE = re.compile(r"\s*<!-- page (\d{1,5}) -->\s*")
_ASKED_IN = 6  # lines within which a question must be answered to be one
_LOOSE = 20  # the rank of marks that have none of their own: they nest as they come


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the page it stands on, and the items above it in its section, outermost first;
    `label` is what it is called itself where it is an item."""

    text: str
    page: int | None
    under: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The lines below one heading, clause or question, and the path down to it."""

    path: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a path. `kind` and `number` are those of its mark."""

    rank: int
    name: str
    kind: str = ""
    number: int = 0


@dataclass(slots=True)
class _Walk:
    """Where the reading of a document stands: the path down, and the items of the section."""

    path: list[_Step]
    items: list[_Step] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def section(self) -> Section:
        names = tuple(dict.fromkeys(step.name for step in self.path))
        return Section(names, tuple(self.lines))

    def open(self, step: _Step) -> Section:
        """Close the section that was open, and begin the next one below `step`."""
        done = self.section()
        self.path = [*_above(self.path, step), step]
        self.items, self.lines = [], []
        return done

    def leave(self, kind: str) -> Section:
        """Close the section that a mark of `kind` headed; what comes stands beside it."""
        done = self.section()
        self.path = _above(self.path, _Step(_LOOSE, "", kind))
        self.items, self.lines = [], []
        return done

    def add(self, text: str, page: int | None, mark: Item | None = None) -> None:
        """Take a line into the section, below the items that it belongs to."""
        if mark and mark.kind != "※":
            step = _Step(_LOOSE, mark.name, mark.kind, mark.number)
            self.items = _above(self.items, step)
            self.lines.append(Line(text, page, self._under(), mark.name))
            self.items.append(step)
            return
        apart = bool(self.lines) and not self.lines[-1].text.strip()
        if apart and text.strip() and self.items and self.items[-1].kind in "-·":
            self.items = []  # a paragraph after a list is no part of its last line
        self.lines.append(Line(text, page, self._under()))

    def _under(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.items)

    def goes_on_above(self, mark: Item) -> bool:
        """Whether a mark goes on with the row that heads the section, not with one inside it."""
        outer, inner = _last(self.path, mark.kind), _last(self.items, mark.kind)
        if outer is None or mark.number == 0:
            return outer is not None
        if inner is None:
            return mark.number > outer.number
        return mark.number == outer.number + 1 != inner.number + 1

    @property
    def in_article(self) -> bool:
        return any(step.kind == "조" for step in self.path)


def sections(title: str, markdown: str) -> Iterator[Section]:
    """Each heading's, clause's and question's own lines under its path; empty ones too."""
    lines = list(_paged(markdown))
    walk = _Walk([_Step(0, title)])
    fenced, asked = False, 0  # how many lines of a question are still to come
    for number, (text, page) in enumerate(lines):
        fenced ^= text.startswith("```")
        if asked:
            asked -= 1
            if (said := answer(text)) is not None:
                walk.add(said, page)
            continue
        if fenced or text.lstrip().startswith("|"):
            walk.add(text, page)
        elif pair := _question(lines, number):
            asked = pair[1]
            yield walk.open(_Step(_LOOSE, pair[0], "Q"))
        else:
            yield from _taken(walk, lines, number)
    yield walk.section()


def _taken(walk: _Walk, lines: list[tuple[str, int | None]], number: int) -> Iterator[Section]:
    """Take one line: a heading, a clause or the title of items opens a section."""
    text, page = lines[number]
    if part := clause(text):
        yield walk.open(_Step(part.rank, part.name, "조" if part.is_article else ""))
        text = part.rest
        if not text:
            return
    elif heading := _HEADING.match(text):
        yield walk.open(_Step(len(heading.group(1)), heading.group(2)))
        return
    mark = _in_order(walk, item(text))
    if mark and walk.in_article and mark.kind == "①":
        yield walk.open(_Step(_LOOSE, mark.mark.strip(), "①", mark.number))
        walk.add(text, page)
    elif mark and not walk.in_article and _heads(walk, mark, lines, number + 1):
        yield walk.open(_Step(_LOOSE, mark.name, mark.kind, mark.number))
    else:
        if mark and walk.goes_on_above(mark):
            yield walk.leave(mark.kind)
        walk.add(text, page, mark)


def _paged(markdown: str) -> Iterator[tuple[str, int | None]]:
    """The lines with their pages; the marks of the pages are no lines."""
    page: int | None = None
    for line in markdown.splitlines():
        if mark := _PAGE.fullmatch(line):
            page = int(mark.group(1))
        else:
            yield line, page


def _question(lines: list[tuple[str, int | None]], number: int) -> tuple[str, int] | None:
    """A question that is answered below, and how many lines on its answer begins."""
    asked = question(lines[number][0])
    if asked is None:
        return None
    for count, (text, _) in enumerate(lines[number + 1 : number + 1 + _ASKED_IN], 1):
        if answer(text) is not None:
            return asked, count
        if question(text) is not None or _HEADING.match(text):
            return None
        asked = f"{asked} {text.strip()}".strip()
    return None


def _in_order(walk: _Walk, mark: Item | None) -> Item | None:
    """An item whose number goes on from the one before, or begins; else it is a line of prose."""
    if mark is None or mark.number <= 1 or walk.goes_on_above(mark):
        return mark
    if inner := _last(walk.items, mark.kind):
        return mark if mark.number > inner.number else None
    if _last(walk.path, mark.kind) or mark.kind in ("가.", "가)", "(가)"):
        return None  # "다." also ends a sentence
    return mark


def _heads(walk: _Walk, mark: Item, lines: list[tuple[str, int | None]], below: int) -> bool:
    """Whether an item is the title of what stands below it; in a list it is not."""
    if mark.kind not in HEADS or not mark.titled:
        return False
    if _last(walk.items, mark.kind) and not walk.goes_on_above(mark):
        return False
    at = next((n for n in range(below, len(lines)) if lines[n][0].strip()), None)
    if at is None or clause(lines[at][0]) or _HEADING.match(lines[at][0]):
        return False
    if noted(lines[at][0]) or _question(lines, at):
        return False
    inner = item(lines[at][0])
    if inner is None:  # a paragraph; but the line itself may go on, indented or in lower case
        first = lines[at][0][0]
        return at > below or not (first.isspace() or first.islower())
    if inner.kind == mark.kind:
        return inner.number == 1 < mark.number  # a row of its own
    return _last(walk.path, inner.kind) is None


def _last(steps: list[_Step], kind: str) -> _Step | None:
    return next((step for step in reversed(steps) if step.kind == kind), None)


def _above(steps: list[_Step], step: _Step) -> list[_Step]:
    """The steps of a path that stay when `step` comes."""
    kept = [one for one in steps if one.rank < step.rank or one.rank == _LOOSE == step.rank]
    if step.rank != _LOOSE:
        return kept
    if step.kind in "Ⅰ□":  # a notice's parts are no part of the answer before them
        kept = [one for one in kept if one.kind != "Q"]
    same = [number for number, one in enumerate(kept) if one.kind == step.kind]
    return kept[: same[0]] if same else kept
