"""From a document's Markdown to passages that keep the heading path which gives them meaning."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from ingest.parse import Parsed
from knowledge.types import Passage, Source

LONGEST = 1_200  # characters: about what a small embedder sees, and what an answer can quote

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_SOURCES = re.compile(r"^(출처|Source|Sources|Nguồn)\s*:\s*(.+)$")
_ASKED = re.compile(r"^(묻는 말|Asked|Cũng hỏi)\s*:\s*(.+)$")
_UNANSWERED = re.compile(r"^(답이 없는 말|Not answered|Chưa có trả lời)\s*:\s*(.+)$")
_SOURCE = re.compile(r"(https?://(?:[^\s()]|\([^\s()]*\))+)(?:\s*\(([^)]*)\))?")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading's own text, and what stood beside it: where it was read, what is asked of it,
    and what is asked near it that nothing answers."""

    path: tuple[str, ...]
    text: str
    sources: tuple[Source, ...]
    asked: tuple[str, ...]
    unanswered: tuple[str, ...]


def split(parsed: Parsed) -> tuple[Passage, ...]:
    """The passages of one document, in order."""
    passages: list[Passage] = []
    for path, block in _sections(parsed.document.title, parsed.markdown):
        section = _read(path, block)
        for part in _parts(section.text) if section.text else ():
            passages.append(_passage(parsed, len(passages), section, part))
    return tuple(passages)


def digest(parsed: Parsed, passages: tuple[Passage, ...]) -> str:
    """The sha256 of everything about a document that an answer may use."""
    meta = json.dumps(asdict(parsed.document), default=str, ensure_ascii=False, sort_keys=True)
    content = "\n".join(passage.digest for passage in passages)
    return hashlib.sha256(f"{meta}\n{content}".encode()).hexdigest()


def _sections(title: str, markdown: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each heading's own text under its path; a code fence is no heading."""
    path: dict[int, str] = {0: title}
    lines: list[str] = []
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield _path(path), "\n".join(lines)
        level, lines = len(heading.group(1)), []
        path = {depth: name for depth, name in path.items() if depth < level}
        path[level] = heading.group(2)
    yield _path(path), "\n".join(lines)


def _path(path: dict[int, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path[level] for level in sorted(path)))


def _read(path: tuple[str, ...], block: str) -> _Section:
    text, asked = _questions(block, _ASKED)
    text, unanswered = _questions(text, _UNANSWERED)
    text, sources = _sources(text)
    return _Section(path, text, sources, asked, unanswered)


def _questions(block: str, label: re.Pattern[str]) -> tuple[str, tuple[str, ...]]:
    """The text without its lines of questions under `label`, and these."""
    kept, questions = [], list[str]()
    for line in block.splitlines():
        named = label.match(line.strip())
        if named is None:
            kept.append(line)
        else:
            questions += [one.strip() for one in named.group(2).split("|") if one.strip()]
    return "\n".join(kept), tuple(questions)


def _sources(block: str) -> tuple[str, tuple[Source, ...]]:
    """The text without its source lines, and what they name."""
    kept, sources = [], list[Source]()
    for line in block.strip().splitlines():
        named = _SOURCES.match(line.strip())
        if named is None:
            kept.append(line)
            continue
        for url, note in _SOURCE.findall(named.group(2)):
            dated = _DATE.search(note)
            sources.append(Source(url, dated.group() if dated else None))
    return "\n".join(kept).strip(), tuple(sources)


def _parts(text: str) -> list[str]:
    """`text` in stretches of at most about LONGEST, cut between paragraphs, else lines."""
    if len(text) <= LONGEST:
        return [text]
    parts = [""]
    for block in re.split(r"\n{2,}", text):
        for piece in [block] if len(block) <= LONGEST else _lines(block):
            joined = f"{parts[-1]}\n\n{piece}" if parts[-1] else piece
            if len(joined) <= LONGEST or not parts[-1]:
                parts[-1] = joined
            else:
                parts.append(piece)
    return parts


def _lines(block: str) -> Iterator[str]:
    """A long block in pieces: a table repeats its header, prose is cut after sentences."""
    lines = block.split("\n")
    if len(lines) > 2 and re.match(r"\s*\|?[\s:|-]+\|[\s:|-]*$", lines[1]):
        yield from _table(lines[:2], lines[2:])
        return
    piece = ""
    for sentence in re.split(r"(?<=[.!?。] )|(?<=\n)", block):
        if piece and len(piece) + len(sentence.rstrip()) > LONGEST:
            yield piece.rstrip()
            piece = ""
        piece += sentence
    yield piece.rstrip()


def _table(header: list[str], rows: list[str]) -> Iterator[str]:
    kept: list[str] = []
    for row in rows:
        if kept and sum(map(len, [*header, *kept, row])) > LONGEST:
            yield "\n".join([*header, *kept])
            kept = []
        kept.append(row)
    yield "\n".join([*header, *kept])


def _passage(parsed: Parsed, number: int, section: _Section, text: str) -> Passage:
    named = [f"{source.url} {source.published}" for source in section.sources]
    content = [parsed.document.language, *section.path, text, *named, *section.asked]
    if section.unanswered:
        content += ["", *section.unanswered]
    return Passage(
        document=parsed.document,
        ord=number,
        heading=section.path,
        text=text,
        digest=hashlib.sha256("\n".join(content).encode()).hexdigest(),
        sources=section.sources,
        asked=section.asked,
        unanswered=section.unanswered,
    )
