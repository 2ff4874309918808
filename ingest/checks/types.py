"""Records of a library check: the documents with their lines, the limits, and the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ingest.remarks import Remark
from knowledge.answering.quoting.units import split_units
from knowledge.types import Document, Language

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check goes by: the day, the ids of documents that these may name, and how
    much is too much. A sentence is measured in characters of Korean, else in words (in Vietnamese:
    syllables), a line in characters."""

    today: date
    known: frozenset[str] = frozenset()
    checked_max_days: int = 180
    line_max_characters: int = 400
    sentence_max: Mapping[Language, int] = field(
        default_factory=lambda: {"ko": 110, "en": 40, "vi": 55}
    )


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of a document with its number in the file, None where the format has no lines."""

    text: str
    number: int | None = None

    def split_sentences(self) -> Iterator[str]:
        """Its sentences; a list item or a row of a table is one."""
        return (self.text[unit.start : unit.end].strip() for unit in split_units(self.text))


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """The lines below one heading: `lines` are the text, `sources` name its sources."""

    heading: str
    lines: tuple[CheckedLine, ...]
    sources: tuple[CheckedLine, ...] = ()

    @property
    def text(self) -> str:
        """The text of the section, without annotations."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document as a check sees it. `checked` is the day somebody last read its sources, None if
    that is not declared; `keys` are the lines of its front matter by key."""

    file: str
    document: Document
    sections: tuple[CheckedSection, ...]
    checked: date | None = None
    keys: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What is wrong at one place, and what to do. `section` is a heading, "" for the whole document;
    `line` is None where there is none to name."""

    level: Level
    file: str
    remark: Remark
    section: str = ""
    line: int | None = None


def find_at(
    level: Level,
    one: CheckedDocument,
    remark: Remark,
    section: CheckedSection | None = None,
    line: int | None = None,
) -> CheckFinding:
    """A finding in a document; without `line` it is the first one of the section."""
    if section and line is None and section.lines:
        line = section.lines[0].number
    return CheckFinding(level, one.file, remark, section.heading if section else "", line)


def index_documents(documents: Iterable[CheckedDocument]) -> dict[str, CheckedDocument]:
    """The documents by their ids."""
    return {one.document.id: one for one in documents}
