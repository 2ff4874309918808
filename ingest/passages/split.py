"""A document split into passages, each with its heading path, sources and known questions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from ingest.document.parse import ParsedDocument
from ingest.passages.chunks import Chunk, split_chunks
from ingest.passages.clause_marks import SOURCES_LINE
from ingest.passages.outline import SectionLine, split_sections
from ingest.passages.phrases import PhrasesByHeading, SectionPhrases
from knowledge.types import Passage, Source

_SOURCE_LINK = re.compile(r"(https?://(?:[^\s()]|\([^\s()]*\))+)(?:\s*\(([^)]*)\))?")
NO_PHRASES = SectionPhrases()
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


def split_passages(parsed: ParsedDocument) -> tuple[Passage, ...]:
    """The passages of one document, in order, without known questions."""
    return split_with_phrases(parsed, {})[0]


def split_with_phrases(
    parsed: ParsedDocument, phrases: PhrasesByHeading
) -> tuple[tuple[Passage, ...], list[tuple[str, ...]]]:
    """The passages of one document, in order, each with the phrases of its section; and the headings
    of `phrases` that no passage lies below."""
    passages: list[Passage] = []
    lost = dict.fromkeys(phrases)
    for section in split_sections(parsed.document.title, parsed.markdown):
        lines, sources = _extract_sources(section.lines, parsed.is_fetched)
        for chunk in split_chunks(lines):
            path = (*section.path, *chunk.item_path)
            own = phrases.get(section.path, NO_PHRASES)
            passages.append(_build_passage(parsed, len(passages), path, chunk, sources, own))
            lost.pop(section.path, None)
    return tuple(passages), list(lost)


def compute_digest(parsed: ParsedDocument, passages: tuple[Passage, ...]) -> str:
    """The sha256, in hex, of everything about a document that an answer may use."""
    meta = json.dumps(asdict(parsed.document), default=str, ensure_ascii=False, sort_keys=True)
    content = "\n".join(f"{p.digest}{f' {p.page}' if p.page else ''}" for p in passages)
    return hashlib.sha256(f"{meta}\n{content}".encode()).hexdigest()


def parse_sources(text: str) -> list[Source]:
    """The addresses that a source line names after its label, each with the date in brackets."""
    sources = []
    for url, note in _SOURCE_LINK.findall(text):
        dated = _DATE.search(note)
        sources.append(Source(url, dated.group() if dated else None))
    return sources


def _extract_sources(
    lines: Sequence[SectionLine], is_fetched: bool
) -> tuple[Sequence[SectionLine], tuple[Source, ...]]:
    """The lines without those that name sources, and these sources. In a fetched page such lines,
    which would cite another address, are text."""
    if is_fetched:
        return lines, ()
    kept, sources = [], list[Source]()
    for line in lines:
        match = SOURCES_LINE.match(line.text.strip())
        if match is None:
            kept.append(line)
            continue
        sources += parse_sources(match.group(2))
    return kept, tuple(sources)


def _build_passage(
    parsed: ParsedDocument,
    number: int,
    path: tuple[str, ...],
    chunk: Chunk,
    sources: tuple[Source, ...],
    phrases: SectionPhrases,
) -> Passage:
    cited = [f"{source.url} {source.published}" for source in sources]
    content = [parsed.document.language, *path, chunk.text, *cited, *phrases.asked]
    if phrases.unanswered:
        content += ["", *phrases.unanswered]
    return Passage(
        document=parsed.document,
        ord=number,
        heading=path,
        text=chunk.text,
        digest=hashlib.sha256("\n".join(content).encode()).hexdigest(),
        sources=sources,
        page=chunk.page,
        asked=tuple(phrases.asked),
        unanswered=tuple(phrases.unanswered),
    )
