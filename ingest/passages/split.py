"""A document split into passages, each with its heading path, sources and known questions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ingest.document.parse import ParsedDocument
from ingest.passages.chunks import Chunk, split_chunks
from ingest.passages.clause_marks import ASKED_LINE, SOURCES_LINE, UNANSWERED_LINE
from ingest.passages.outline import SectionLine, split_sections
from knowledge.types import Passage, Source

_SOURCE_LINK = re.compile(r"(https?://(?:[^\s()]|\([^\s()]*\))+)(?:\s*\(([^)]*)\))?")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class _SectionNotes:
    """Annotations of a section: its sources, questions that it answers, and similar questions
    that it does not answer."""

    sources: tuple[Source, ...]
    asked: tuple[str, ...]
    unanswered: tuple[str, ...]


def split_passages(parsed: ParsedDocument) -> tuple[Passage, ...]:
    """The passages of one document, in order."""
    passages: list[Passage] = []
    for section in split_sections(parsed.document.title, parsed.markdown):
        lines, notes = _extract_notes(section.lines, parsed.is_fetched)
        for chunk in split_chunks(lines):
            path = (*section.path, *chunk.item_path)
            passages.append(_build_passage(parsed, len(passages), path, chunk, notes))
    return tuple(passages)


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


def _extract_notes(
    lines: Sequence[SectionLine], is_fetched: bool
) -> tuple[list[SectionLine], _SectionNotes]:
    """The lines without annotations, and these. In a fetched page the lines that would cite another
    address, or speak for other documents, are text."""
    kept, asked = _extract_questions(lines, ASKED_LINE)
    if is_fetched:
        return kept, _SectionNotes((), asked, ())
    kept, unanswered = _extract_questions(kept, UNANSWERED_LINE)
    kept, sources = _extract_sources(kept)
    return kept, _SectionNotes(sources, asked, unanswered)


def _extract_questions(
    lines: Sequence[SectionLine], label: re.Pattern[str]
) -> tuple[list[SectionLine], tuple[str, ...]]:
    """The lines without those that begin with `label`, and the questions of these."""
    kept, questions = [], list[str]()
    for line in lines:
        match = label.match(line.text.strip())
        if match is None:
            kept.append(line)
        else:
            questions += [text.strip() for text in match.group(2).split("|") if text.strip()]
    return kept, tuple(questions)


def _extract_sources(lines: Sequence[SectionLine]) -> tuple[list[SectionLine], tuple[Source, ...]]:
    """The lines without those that name sources, and these sources."""
    kept, sources = [], list[Source]()
    for line in lines:
        match = SOURCES_LINE.match(line.text.strip())
        if match is None:
            kept.append(line)
            continue
        sources += parse_sources(match.group(2))
    return kept, tuple(sources)


def _build_passage(
    parsed: ParsedDocument, number: int, path: tuple[str, ...], chunk: Chunk, notes: _SectionNotes
) -> Passage:
    sources = [f"{source.url} {source.published}" for source in notes.sources]
    content = [parsed.document.language, *path, chunk.text, *sources, *notes.asked]
    if notes.unanswered:
        content += ["", *notes.unanswered]
    return Passage(
        document=parsed.document,
        ord=number,
        heading=path,
        text=chunk.text,
        digest=hashlib.sha256("\n".join(content).encode()).hexdigest(),
        sources=notes.sources,
        page=chunk.page,
        asked=notes.asked,
        unanswered=notes.unanswered,
    )
