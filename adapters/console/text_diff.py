"""Two texts compared for people: paragraphs that went and that came, with the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
WORDS_COMPARED = 600  # of a paragraph; a longer one is marked whole
NEIGHBOURS = 1  # unchanged paragraphs that are shown before and after a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph; `is_changed` says that the other text does not have it."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A paragraph of both texts, next to each other; () where one of them has none. Of "gap", `skipped`
    unchanged paragraphs are left out."""

    kind: Literal["same", "changed", "removed", "added", "gap"]
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    skipped: int = 0


def compare_texts(before: str, after: str) -> list[DiffRow]:
    """The rows of two texts, of which each line is a paragraph; [] for equal ones."""
    old, new = before.splitlines(), after.splitlines()
    blocks = SequenceMatcher(None, old, new).get_opcodes()
    if all(tag == "equal" for tag, *_ in blocks):
        return []
    rows: list[DiffRow] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(blocks):
        if tag == "equal":
            rows += _shorten(old[i1:i2], is_first=number == 0, is_last=number == len(blocks) - 1)
        else:
            rows += _pair(old[i1:i2], new[j1:j2])
    return rows


def compare_words(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two paragraphs, each with the words marked that the other does not have."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > WORDS_COMPARED:
        return (Piece(before, is_changed=True),), (Piece(after, is_changed=True),)
    left, right = [], []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        is_changed = tag != "equal"
        left.append(Piece("".join(old[i1:i2]), is_changed))
        right.append(Piece("".join(new[j1:j2]), is_changed))
    return tuple(filter(_has_text, left)), tuple(filter(_has_text, right))


def _has_text(piece: Piece) -> bool:
    return bool(piece.text)


def _shorten(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[DiffRow]:
    """Unchanged paragraphs, only those next to a change."""
    head = 0 if is_first else NEIGHBOURS
    tail = 0 if is_last else NEIGHBOURS
    skipped = len(lines) - head - tail
    if skipped <= 1:
        shown: Sequence[str | None] = list(lines)
    else:
        shown = [*lines[:head], None, *lines[len(lines) - tail :]]
    for line in shown:
        if line is None:
            yield DiffRow("gap", skipped=skipped)
        else:
            yield DiffRow("same", (Piece(line),), (Piece(line),))


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffRow]:
    """Paragraphs that changed, each next to the one that took its place."""
    both = min(len(old), len(new))
    for left, right in zip(old, new, strict=False):
        yield DiffRow("changed", *compare_words(left, right))
    for line in old[both:]:
        yield DiffRow("removed", before=(Piece(line),))
    for line in new[both:]:
        yield DiffRow("added", after=(Piece(line),))
