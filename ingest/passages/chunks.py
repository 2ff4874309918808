"""Chunking: a section split into parts that are small enough to be retrieved on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.passages.outline import SectionLine

# About what a small embedder reads and what an answer can quote; see docs/parameters.md.
CHUNK_MAX_CHARACTERS = 1_200

_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]+\|[\s:|-]*$")
_CAPTION = re.compile(r"\W*(?:단위|표\s?\d|Table \d|Bảng \d|[Uu]nit|Đơn vị).{0,80}")
_SENTENCE = re.compile(r"(?<=[.!?。] )")
_WORD_RUN = re.compile(
    rf"\S.{{0,{CHUNK_MAX_CHARACTERS - 2}}}(?=\s|$)|\S{{1,{CHUNK_MAX_CHARACTERS}}}"
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a section: its text, its first page (None if unknown) and the list items above it."""

    text: str
    page: int | None
    item_path: tuple[str, ...]


def split_chunks(lines: Sequence[SectionLine]) -> list[Chunk]:
    """A section as chunks of at most CHUNK_MAX_CHARACTERS; empty if it has no text.

    It is cut between paragraphs, else between rows or sentences; a single longer row is kept whole.
    """
    whole = _join_lines(lines)
    if whole is None or len(whole.text) <= CHUNK_MAX_CHARACTERS:
        return [whole] if whole else []
    chunks: list[Chunk] = []
    for block in _group_paragraphs(lines):
        for piece in _split_paragraph(block):
            joined = f"{chunks[-1].text}\n\n{piece.text}" if chunks else ""
            if chunks and len(joined) <= CHUNK_MAX_CHARACTERS:
                chunks[-1] = replace(chunks[-1], text=joined)
            else:
                chunks.append(piece)
    return chunks


def _join_lines(lines: Sequence[SectionLine]) -> Chunk | None:
    written = [line for line in lines if line.text.strip()]
    if not written:
        return None
    text = "\n".join(line.text for line in lines).strip()
    return Chunk(text, written[0].page, written[0].item_path)


def _group_paragraphs(lines: Sequence[SectionLine]) -> list[list[SectionLine]]:
    """The paragraphs, separated by blank lines; a table is one together with the caption above it."""
    blocks: list[list[SectionLine]] = []
    kinds = groupby(lines, lambda line: (bool(line.text.strip()), _is_row(line)))
    for (written, is_table), run in kinds:
        if written and is_table and blocks and _CAPTION.fullmatch(blocks[-1][-1].text):
            blocks.append([blocks[-1].pop(), *run])
        elif written:
            blocks.append(list(run))
    return [block for block in blocks if block]


def _split_paragraph(block: list[SectionLine]) -> Iterator[Chunk]:
    """A paragraph as one chunk or several: a table repeats its header, prose is cut at sentences."""
    whole = _join_lines(block)
    assert whole is not None  # paragraphs have no blank lines
    if len(whole.text) <= CHUNK_MAX_CHARACTERS:
        yield replace(whole, text="\n".join(line.text for line in block).rstrip())
    elif _is_row(block[-1]):
        yield from _split_table(block)
    else:
        yield from _split_prose(block)


def _is_row(line: SectionLine) -> bool:
    return line.text.lstrip().startswith("|")


def _split_table(block: list[SectionLine]) -> Iterator[Chunk]:
    head = 0 if _is_row(block[0]) else 1  # 1: the caption
    if len(block) > head + 2 and _TABLE_RULE.match(block[head + 1].text):
        head += 2
    header = block[:head]
    kept: list[SectionLine] = []
    for row in block[head:]:
        if kept and sum(len(line.text) for line in (*header, *kept, row)) > CHUNK_MAX_CHARACTERS:
            yield _build_table_chunk(header, kept)
            kept = []
        kept.append(row)
    yield _build_table_chunk(header, kept)


def _build_table_chunk(header: list[SectionLine], rows: list[SectionLine]) -> Chunk:
    return Chunk("\n".join(line.text for line in (*header, *rows)), rows[0].page, rows[0].item_path)


def _split_prose(lines: list[SectionLine]) -> Iterator[Chunk]:
    piece: Chunk | None = None
    for line in lines:
        for sentence in _split_sentences(line):
            if piece and len(piece.text) + len(sentence.text.rstrip()) > CHUNK_MAX_CHARACTERS:
                yield replace(piece, text=piece.text.rstrip())
                piece = None
            piece = replace(piece, text=piece.text + sentence.text) if piece else sentence
    if piece:
        yield replace(piece, text=piece.text.rstrip())


def _split_sentences(line: SectionLine) -> Iterator[Chunk]:
    """The sentences of a line; if the line is a list item, those after the first are below it."""
    under = line.item_path
    for sentence in _SENTENCE.split(line.text + "\n"):
        for chunk in (
            [sentence] if len(sentence) <= CHUNK_MAX_CHARACTERS else _WORD_RUN.findall(sentence)
        ):
            yield Chunk(chunk if chunk.endswith((" ", "\n")) else f"{chunk} ", line.page, under)
            under = (*line.item_path, line.label) if line.label else line.item_path
