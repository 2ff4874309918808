"""An answer without a language model: exact quotes, the one that answers directly first.

See docs/decisions/0049-quote-application-status-first.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.decision.intents import detect_intents
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.retriever import Hit
from knowledge.text.terms import Analyser
from knowledge.types import Document, Passage, Question

# With the sentences around the quotes an answer stays under 900 characters.
QUOTES_LIMIT_CHARS = 700  # tuned: see docs/parameters.md
# Less for quotes in another language, because translated key words are added to them.
FOREIGN_QUOTES_LIMIT_CHARS = 450  # tuned: see docs/parameters.md
# Breaks ties in favour of the beginning of a passage.
FIRST_SENTENCE_BONUS = 0.01  # tuned: see docs/parameters.md

_SENTENCE_BREAK = re.compile(
    r"(?<=[가-힣)\]%”’\"][.!?])[ \t]+(?=\S)|(?<=[A-Za-zÀ-ỹ0-9)\]%”’\"][.!?])[ \t]+(?=[A-ZÀ-ỸĐ“\"'(])"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of a passage's text, at [start, end)."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The quoted characters, unchanged."""
        return self.passage.text[self.start : self.end]


def find_open_status_passage(
    question: Question, document: Document, edition: Edition
) -> Passage | None:
    """The passage of a document that says whether applications are open; None where the question
    does not ask for it or the document has none.

    It comes first, so that a founder does not read the terms of a closed programme as an offer.
    """
    if "open" not in detect_intents(question.text):
        return None
    own = (one for one in edition.passages if one.document.id == document.id)
    return next((one for one in own if "open" in detect_intents(one.heading[-1])), None)


def extract_quotes(
    hits: Sequence[Hit],
    analyser: Analyser,
    limit_chars: int = QUOTES_LIMIT_CHARS,
    opening: Passage | None = None,
) -> list[Quote]:
    """The quotes that answer, in reading order, of about `limit_chars` characters together.

    `hits` are at least one, best first. The quotes are `opening`, whole, where it is given; then
    the best hit, whole where it is short so that no condition is left out, else its best
    sentences; then further hits of the same document, whole, while they fit.
    """
    first = hits[0]
    quotes = [Quote(opening, 0, len(opening.text))] if opening else []
    if first.passage != opening:
        quotes += _quote_passage(first, analyser, limit_chars)
    room = limit_chars - sum(len(quote.text) for quote in quotes)
    for hit in hits[1:]:
        length = len(hit.passage.text)
        is_same_document = hit.passage.document.id == first.passage.document.id
        if is_same_document and hit.passage != opening and length <= room:
            quotes.append(Quote(hit.passage, 0, length))
            room -= length
    return quotes


def split_units(text: str) -> list[tuple[int, int]]:
    """The sentences, list items and tables of `text`, in order, as ranges [start, end)."""
    units: list[tuple[int, int]] = []
    for start, end in _split_lines(text):
        unit_start = start
        for gap in _SENTENCE_BREAK.finditer(text, start, end):
            units.append((unit_start, gap.start()))
            unit_start = gap.end()
        units.append((unit_start, end))
    return units


def _split_lines(text: str) -> list[tuple[int, int]]:
    """Lines as ranges; the lines of a table stay together, because a row needs its header."""
    lines: list[tuple[int, int]] = []
    for match in re.finditer(r"[^\n]+", text):
        if not match.group().strip():
            continue
        is_row = match.group().lstrip().startswith("|")
        if is_row and lines and text[lines[-1][0]] == "|" and match.start() - lines[-1][1] <= 1:
            lines[-1] = (lines[-1][0], match.end())
        else:
            lines.append(match.span())
    return lines


def _quote_passage(hit: Hit, analyser: Analyser, limit_chars: int) -> list[Quote]:
    """The best units of one passage that fit in `limit_chars`, neighbours joined."""
    text = hit.passage.text
    if len(text) <= limit_chars:
        return [Quote(hit.passage, 0, len(text))]
    units = split_units(text)
    scores = [
        _score_sentence(text[start:end], hit, analyser)
        + (FIRST_SENTENCE_BONUS if position == 0 else 0)
        for position, (start, end) in enumerate(units)
    ]
    chosen: set[int] = set()
    length = 0
    for position in sorted(range(len(units)), key=lambda i: -scores[i]):
        size = units[position][1] - units[position][0]
        if chosen and (length + size > limit_chars or scores[position] == 0):
            continue
        chosen.add(position)
        length += size
    return _join_neighbours(hit.passage, [units[position] for position in sorted(chosen)])


def _join_neighbours(passage: Passage, ranges: Sequence[tuple[int, int]]) -> list[Quote]:
    quotes: list[Quote] = []
    for start, end in ranges:
        if quotes and not passage.text[quotes[-1].end : start].strip():
            quotes[-1] = Quote(passage, quotes[-1].start, end)
        else:
            quotes.append(Quote(passage, start, end))
    return quotes


def _score_sentence(text: str, hit: Hit, analyser: Analyser) -> float:
    """The weight of the question's slots that one sentence of the hit has."""
    terms = set(analyser.tokenise_passage(text, hit.passage.document.language))
    return sum(fit.max_score for fit in hit.slot_fits if terms & fit.slot.terms.keys())
