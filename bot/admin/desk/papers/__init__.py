"""A paper for people, before it is Markdown, HTML or PDF: sections of text, tables and charts."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: a label and a count each; `title` says what is counted. Its figures are in the table of
    its section as well."""

    title: str
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A heading with text below, then a chart, then a table. `numbers` are the columns that hold
    figures, `marked` the rows that stand out (both from 0)."""

    heading: str
    text: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    chart: Chart | None = None
    numbers: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DeskPaper:
    """`name` is that of its file, without an ending; `facts` stand below the title."""

    name: str
    title: str
    language: Language
    facts: tuple[str, ...]
    sections: tuple[PaperSection, ...]
