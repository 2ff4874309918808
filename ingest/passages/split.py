"""From a document's Markdown to passages that keep the heading path which gives them meaning."""

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
    """What stands beside a section's text: where it was read, what is asked of it, and what is
    asked near it that nothing answers."""

    sources: tuple[Source, ...]
    asked: tuple[str, ...]
    unanswered: tuple[str, ...]


def split_passages(parsed: ParsedDocument) -> tuple[Passage, ...]:
    """The passages of one document, in order."""
    passages: list[Passage] = []
    for section in split_sections(parsed.document.title, parsed.markdown):
        lines, beside = _extract_notes(section.lines)
        for part in split_chunks(lines):
            path = (*section.path, *part.item_path)
            passages.append(_build_passage(parsed, len(passages), path, part, beside))
    return tuple(passages)


def compute_digest(parsed: ParsedDocument, passages: tuple[Passage, ...]) -> str:
    """The sha256 of everything about a document that an answer may use."""
    meta = json.dumps(asdict(parsed.document), default=str, ensure_ascii=False, sort_keys=True)
    content = "\n".join(f"{one.digest}{f' {one.page}' if one.page else ''}" for one in passages)
    return hashlib.sha256(f"{meta}\n{content}".encode()).hexdigest()


def _extract_notes(lines: Sequence[SectionLine]) -> tuple[list[SectionLine], _SectionNotes]:
    kept, asked = _extract_questions(lines, ASKED_LINE)
    kept, unanswered = _extract_questions(kept, UNANSWERED_LINE)
    kept, sources = _extract_sources(kept)
    return kept, _SectionNotes(sources, asked, unanswered)


def _extract_questions(
    lines: Sequence[SectionLine], label: re.Pattern[str]
) -> tuple[list[SectionLine], tuple[str, ...]]:
    """The lines without those of questions under `label`, and these."""
    kept, questions = [], list[str]()
    for line in lines:
        named = label.match(line.text.strip())
        if named is None:
            kept.append(line)
        else:
            questions += [one.strip() for one in named.group(2).split("|") if one.strip()]
    return kept, tuple(questions)


def _extract_sources(lines: Sequence[SectionLine]) -> tuple[list[SectionLine], tuple[Source, ...]]:
    """The lines without those that name sources, and what they name."""
    kept, sources = [], list[Source]()
    for line in lines:
        named = SOURCES_LINE.match(line.text.strip())
        if named is None:
            kept.append(line)
            continue
        for url, note in _SOURCE_LINK.findall(named.group(2)):
            dated = _DATE.search(note)
            sources.append(Source(url, dated.group() if dated else None))
    return kept, tuple(sources)


def _build_passage(
    parsed: ParsedDocument, number: int, path: tuple[str, ...], part: Chunk, beside: _SectionNotes
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
