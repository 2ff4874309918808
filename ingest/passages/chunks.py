"""From a section's lines to parts that are small enough to be found alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.passages.outline import Line

LONGEST = 1_200  # characters: about what a small embedder sees, and what an answer can quote

_RULE = re.compile(r"\s*\|?[\s:|-]+\|[\s:|-]*$")
_CAPTION = re.compile(r"\W*(?:단위|표\s?\d|Table \d|Bảng \d|[Uu]nit|Đơn vị).{0,80}")
_SENTENCE = re.compile(r"(?<=[.!?。] )")
_CHUNK = re.compile(rf"\S.{{0,{LONGEST - 2}}}(?=\s|$)|\S{{1,{LONGEST}}}")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a section: its text, the page it begins on, and the items it lies under."""

    text: str
    page: int | None
    under: tuple[str, ...]


def parts(lines: Sequence[Line]) -> list[Part]:
    """The section in stretches of at most about LONGEST, cut between paragraphs, else lines.

    None where there is no text; lines and pages are those of the section, in order.
    """
    whole = _part(lines)
    if whole is None or len(whole.text) <= LONGEST:
        return [whole] if whole else []
    found: list[Part] = []
    for block in _blocks(lines):
        for piece in _pieces(block):
            joined = f"{found[-1].text}\n\n{piece.text}" if found else ""
            if found and len(joined) <= LONGEST:
                found[-1] = replace(found[-1], text=joined)
            else:
                found.append(piece)
    return found


def _part(lines: Sequence[Line]) -> Part | None:
    written = [line for line in lines if line.text.strip()]
    if not written:
        return None
    text = "\n".join(line.text for line in lines).strip()
    return Part(text, written[0].page, written[0].under)


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """The paragraphs: lines between blank ones. A table is one, with the caption above it."""
    blocks: list[list[Line]] = []
    kinds = groupby(lines, lambda line: (bool(line.text.strip()), _is_row(line)))
    for (written, is_table), run in kinds:
        if written and is_table and blocks and _CAPTION.fullmatch(blocks[-1][-1].text):
            blocks.append([blocks[-1].pop(), *run])
        elif written:
            blocks.append(list(run))
    return [block for block in blocks if block]


def _pieces(block: list[Line]) -> Iterator[Part]:
    """A paragraph whole, or in pieces: a table repeats its header, prose is cut after sentences."""
    whole = _part(block)
    assert whole is not None  # a block has no blank lines
    if len(whole.text) <= LONGEST:
        yield replace(whole, text="\n".join(line.text for line in block).rstrip())
    elif _is_row(block[-1]):
        yield from _table(block)
    else:
        yield from _prose(block)


def _is_row(line: Line) -> bool:
    return line.text.lstrip().startswith("|")


def _table(block: list[Line]) -> Iterator[Part]:
    head = 0 if _is_row(block[0]) else 1  # the caption
    if len(block) > head + 2 and _RULE.match(block[head + 1].text):
        head += 2
    header = block[:head]
    kept: list[Line] = []
    for row in block[head:]:
        if kept and sum(len(one.text) for one in (*header, *kept, row)) > LONGEST:
            yield _cut(header, kept)
            kept = []
        kept.append(row)
    yield _cut(header, kept)


def _cut(header: list[Line], rows: list[Line]) -> Part:
    return Part("\n".join(line.text for line in (*header, *rows)), rows[0].page, rows[0].under)


def _prose(lines: list[Line]) -> Iterator[Part]:
    piece: Part | None = None
    for line in lines:
        for sentence in _sentences(line):
            if piece and len(piece.text) + len(sentence.text.rstrip()) > LONGEST:
                yield replace(piece, text=piece.text.rstrip())
                piece = None
            piece = replace(piece, text=piece.text + sentence.text) if piece else sentence
    if piece:
        yield replace(piece, text=piece.text.rstrip())


def _sentences(line: Line) -> Iterator[Part]:
    """The sentences of a line; those after the first lie under the item that it is."""
    under = line.under
    for sentence in _SENTENCE.split(line.text + "\n"):
        for chunk in [sentence] if len(sentence) <= LONGEST else _CHUNK.findall(sentence):
            yield Part(chunk if chunk.endswith((" ", "\n")) else f"{chunk} ", line.page, under)
            under = (*line.under, line.label) if line.label else line.under
