"""From a document's Markdown to passages that keep the heading path which gives them meaning."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ingest.document.parse import Parsed
from ingest.passages.chunks import Part, parts
from ingest.passages.clause_marks import ASKED, SOURCES, UNANSWERED
from ingest.passages.outline import Line, sections
from knowledge.types import Passage, Source

_SOURCE = re.compile(r"(https?://(?:[^\s()]|\([^\s()]*\))+)(?:\s*\(([^)]*)\))?")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a section's text: where it was read, what is asked of it, and what is
    asked near it that nothing answers."""

    sources: tuple[Source, ...]
    asked: tuple[str, ...]
    unanswered: tuple[str, ...]


def split(parsed: Parsed) -> tuple[Passage, ...]:
    """The passages of one document, in order."""
    passages: list[Passage] = []
    for section in sections(parsed.document.title, parsed.markdown):
        lines, beside = _read(section.lines)
        for part in parts(lines):
            path = (*section.path, *part.under)
            passages.append(_passage(parsed, len(passages), path, part, beside))
    return tuple(passages)


def digest(parsed: Parsed, passages: tuple[Passage, ...]) -> str:
    """The sha256 of everything about a document that an answer may use."""
    meta = json.dumps(asdict(parsed.document), default=str, ensure_ascii=False, sort_keys=True)
    content = "\n".join(f"{one.digest}{f' {one.page}' if one.page else ''}" for one in passages)
    return hashlib.sha256(f"{meta}\n{content}".encode()).hexdigest()


def _read(lines: Sequence[Line]) -> tuple[list[Line], _Beside]:
    kept, asked = _questions(lines, ASKED)
    kept, unanswered = _questions(kept, UNANSWERED)
    kept, sources = _sources(kept)
    return kept, _Beside(sources, asked, unanswered)


def _questions(lines: Sequence[Line], label: re.Pattern[str]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines without those of questions under `label`, and these."""
    kept, questions = [], list[str]()
    for line in lines:
        named = label.match(line.text.strip())
        if named is None:
            kept.append(line)
        else:
            questions += [one.strip() for one in named.group(2).split("|") if one.strip()]
    return kept, tuple(questions)


def _sources(lines: Sequence[Line]) -> tuple[list[Line], tuple[Source, ...]]:
    """The lines without those that name sources, and what they name."""
    kept, sources = [], list[Source]()
    for line in lines:
        named = SOURCES.match(line.text.strip())
        if named is None:
            kept.append(line)
            continue
        for url, note in _SOURCE.findall(named.group(2)):
            dated = _DATE.search(note)
            sources.append(Source(url, dated.group() if dated else None))
    return kept, tuple(sources)


def _passage(
    parsed: Parsed, number: int, path: tuple[str, ...], part: Part, beside: _Beside
) -> Passage:
    named = [f"{source.url} {source.published}" for source in beside.sources]
    content = [parsed.document.language, *path, part.text, *named, *beside.asked]
    if beside.unanswered:
        content += ["", *beside.unanswered]
    return Passage(
        document=parsed.document,
        ord=number,
        heading=path,
        text=part.text,
        digest=hashlib.sha256("\n".join(content).encode()).hexdigest(),
        sources=beside.sources,
        page=part.page,
        asked=beside.asked,
        unanswered=beside.unanswered,
    )
