"""Writing without a language model: an answer of exact quotes, the direct one first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.retrieval.retriever import Hit
from knowledge.text.terms import Analyser
from knowledge.types import Passage

QUOTES_LIMIT_CHARS = (
    700  # characters of quotes: with what is said around them an answer stays under 900
)
FOREIGN_QUOTES_LIMIT_CHARS = (
    450  # the same for quotes in another language, to which their key words are added
)

_SENTENCE_BREAK = re.compile(
    r"(?<=[가-힣)\]%”’\"][.!?])[ \t]+(?=\S)|(?<=[A-Za-zÀ-ỹ0-9)\]%”’\"][.!?])[ \t]+(?=[A-ZÀ-ỸĐ“\"'(])"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a passage's text, [start, end)."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def extract_quotes(
    hits: Sequence[Hit],
    analyser: Analyser,
    limit: int = QUOTES_LIMIT_CHARS,
    before: Passage | None = None,
) -> list[Quote]:
    """The quotes that answer, in the order they are read, of about `limit` characters.

    First `before`, whole, if there is such a passage; then the surest one, whole where it is
    short, so that no condition is left out, else its best sentences; then what the next ones of
    the same document add, while there is room.
    """
    first = hits[0]
    quotes = [Quote(before, 0, len(before.text))] if before else []
    if first.passage != before:
        quotes += _quote_passage(first, analyser, limit)
    room = limit - sum(len(quote.text) for quote in quotes)
    for other in hits[1:]:
        length = len(other.passage.text)
        same = other.passage.document.id == first.passage.document.id
        if same and other.passage != before and length <= room:
            quotes.append(Quote(other.passage, 0, length))
            room -= length
    return quotes


def split_units(text: str) -> list[tuple[int, int]]:
    """The sentences, list items and tables of `text`, as stretches [start, end)."""
    found: list[tuple[int, int]] = []
    for start, end in _split_lines(text):
        at = start
        for gap in _SENTENCE_BREAK.finditer(text, start, end):
            found.append((at, gap.start()))
            at = gap.end()
        found.append((at, end))
    return found


def _split_lines(text: str) -> list[tuple[int, int]]:
    """Lines as stretches; the lines of a table stay together, for a row needs its header."""
    found: list[tuple[int, int]] = []
    for match in re.finditer(r"[^\n]+", text):
        if not match.group().strip():
            continue
        table = match.group().lstrip().startswith("|")
        if table and found and text[found[-1][0]] == "|" and match.start() - found[-1][1] <= 1:
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return found


def _quote_passage(hit: Hit, analyser: Analyser, limit: int) -> list[Quote]:
    """The best stretches of one passage that fit in `limit`, neighbours joined."""
    text = hit.passage.text
    if len(text) <= limit:
        return [Quote(hit.passage, 0, len(text))]
    pieces = split_units(text)
    scores = [
        _score_sentence(text[start:end], hit, analyser) + (0.01 if position == 0 else 0)
        for position, (start, end) in enumerate(pieces)
    ]
    chosen: set[int] = set()
    length = 0
    for position in sorted(range(len(pieces)), key=lambda i: -scores[i]):
        size = pieces[position][1] - pieces[position][0]
        if chosen and (length + size > limit or scores[position] == 0):
            continue
        chosen.add(position)
        length += size
    return _join_neighbours(hit.passage, [pieces[position] for position in sorted(chosen)])


def _join_neighbours(passage: Passage, stretches: Sequence[tuple[int, int]]) -> list[Quote]:
    quotes: list[Quote] = []
    for start, end in stretches:
        if quotes and not passage.text[quotes[-1].end : start].strip():
            quotes[-1] = Quote(passage, quotes[-1].start, end)
        else:
            quotes.append(Quote(passage, start, end))
    return quotes


def _score_sentence(text: str, hit: Hit, analyser: Analyser) -> float:
    """How much of what is asked stands in one sentence, by rarity."""
    terms = set(analyser.tokenise_passage(text, hit.passage.document.language))
    return sum(fit.max_score for fit in hit.slot_fits if terms & fit.slot.terms.keys())
