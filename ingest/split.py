"""From a document's Markdown to passages that keep the heading path which gives them meaning."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from ingest.clauses import ASKED, SOURCES
from ingest.outline import Line, sections
from ingest.parse import Parsed
from ingest.parts import Part, parts
from knowledge.types import Passage, Source

_SOURCE = re.compile(r"(https?://(?:[^\s()]|\([^\s()]*\))+)(?:\s*\(([^)]*)\))?")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


def split(parsed: Parsed) -> tuple[Passage, ...]:
    """The passages of one document, in order."""
    passages: list[Passage] = []
    for section in sections(parsed.document.title, parsed.markdown):
        lines, asked = _asked(section.lines)
        lines, sources = _sources(lines)
        for part in parts(lines):
            path = (*section.path, *part.under)
            passages.append(_passage(parsed, len(passages), path, part, sources, asked))
    return tuple(passages)


def digest(parsed: Parsed, passages: tuple[Passage, ...]) -> str:
    """The sha256 of everything about a document that an answer may use."""
    meta = json.dumps(asdict(parsed.document), default=str, ensure_ascii=False, sort_keys=True)
    content = "\n".join(f"{one.digest}{f' {one.page}' if one.page else ''}" for one in passages)
    return hashlib.sha256(f"{meta}\n{content}".encode()).hexdigest()


def _asked(lines: Sequence[Line]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines without those of similar questions, and these."""
    kept, asked = [], list[str]()
    for line in lines:
        named = ASKED.match(line.text.strip())
        if named is None:
            kept.append(line)
        else:
            asked += [one.strip() for one in named.group(2).split("|") if one.strip()]
    return kept, tuple(asked)


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
    parsed: Parsed,
    number: int,
    path: tuple[str, ...],
    part: Part,
    sources: tuple[Source, ...],
    asked: tuple[str, ...],
) -> Passage:
    named = [f"{source.url} {source.published}" for source in sources]
    content = "\n".join([parsed.document.language, *path, part.text, *named, *asked])
    return Passage(
        document=parsed.document,
        ord=number,
        heading=path,
        text=part.text,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        sources=sources,
        page=part.page,
        asked=asked,
    )
