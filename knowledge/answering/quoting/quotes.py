"""An answer without a language model: the sentences that were asked for, exactly as they stand.

See docs/decisions/0049-quote-application-status-first.md and 0082-one-short-quote.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering.quoting.rows import find_unasked_rows
from knowledge.answering.quoting.units import (
    OMISSION,
    Span,
    Unit,
    close_selection,
    is_limiting,
    is_within,
    join_neighbours,
    measure_units,
    split_units,
)
from knowledge.decision.intents import detect_intents, has_intent_evidence
from knowledge.retrieval.retriever import Hit
from knowledge.text.terms import Analyser
from knowledge.types import Passage, Question

# A section of this length is quoted whole; of a longer one as many sentences as were asked for.
SHORT_SECTION_CHARS = 280  # tuned: see docs/parameters.md
# Of the question's words and of the kinds of thing it asks for: what a sentence has of each counts.
INTENT_WEIGHT = 0.5  # tuned: see docs/parameters.md
# The first sentence of a section answers its heading.
FIRST_SENTENCE_BONUS = 0.3  # tuned: see docs/parameters.md
# A further section is quoted where it adds this share of what was asked.
ADDED_SHARE = 0.05  # tuned: see docs/parameters.md
# From this overlap of words on a heading asks what the founder asks.
SAME_HEADING_OVERLAP = 0.6  # tuned: see docs/parameters.md
UNASKED_ROW_SCORE = -1.0  # of a row that the question does not name
ADDED_KIND = 1.0  # the first is shortened for a kind of thing that only the further one states

_YES_OR_NO = re.compile(
    r"\s*(?:네|예|아니요|아니오|yes|no|có|không|vâng|dạ)[,.]\s+(?=[^\W\d])", re.IGNORECASE
)
_APPLYING = re.compile(
    r"신청|접수|모집|지정|참여|\b(?:apply|applications?|tak(?:e|ing)|accept(?:ing)?|join|enrol|intake)\b"
    r"|nhận|đăng ký|nộp|tham gia",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"아직|지금|올해|이번|요즘|현재|\b(?:now|still|currently|these days|this year|yet)\b"
    r"|hiện|bây giờ|năm nay|\bcòn\b",
    re.IGNORECASE,
)
_NEGATED_QUESTION = re.compile(
    r"안 |않|못|없|아니|불가|\bnot?\b|n't\b|without|\b(?:chưa|chẳng|không (?:được|phải|thể|có))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Parts of a passage's text, each at [start, end), in order."""

    passage: Passage
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The quoted characters, unchanged, with "…" where something is left out."""
        source = self.passage.text
        position = 0
        pieces: list[str] = []
        for start, end in self.spans:
            pieces += [_mark_gap(source[position:start], first=not pieces), source[start:end]]
            position = end
        return "".join(pieces) + (f" {OMISSION}" if source[position:].strip() else "")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for, to compare sentences with."""

    question: Question
    intents: frozenset[str]
    analyser: Analyser

    def score(self, text: str, hit: Hit) -> float:
        """How much of what is asked `text` has: of the words the share (0 to 1), of the kinds of
        thing INTENT_WEIGHT each."""
        return self.find_words(text, hit)[1] + INTENT_WEIGHT * len(self.find_intents(text))

    def find_words(self, text: str, hit: Hit) -> tuple[frozenset[int], float]:
        """The slots of the question that `text` has, and their share of all by weight."""
        terms = set(self.analyser.tokenise_passage(text, hit.passage.document.language))
        fits = [fit for fit in hit.slot_fits if fit.slot.kind != "place"] or list(hit.slot_fits)
        found = frozenset(n for n, fit in enumerate(fits) if terms & fit.slot.terms.keys())
        total = sum(fit.max_score for fit in fits)
        return found, sum(fits[n].max_score for n in found) / total if total else 0.0

    def find_intents(self, text: str) -> frozenset[str]:
        """The kinds of thing asked for that `text` states."""
        return frozenset(one for one in self.intents if has_intent_evidence(text, frozenset([one])))


def quote_whole(passage: Passage) -> Quote:
    """Everything that a passage says."""
    return Quote(passage, ((0, len(passage.text)),))


def quote_asked_rows(passage: Passage, hit: Hit, question: Question, analyser: Analyser) -> Quote:
    """A passage without the rows of its tables that a question does not ask for; whole where it
    names none of them. The words are compared as with `hit`."""
    asked = _Asked(question, frozenset(), analyser)
    text, units = passage.text, split_units(passage.text)
    unasked = find_unasked_rows(
        text, units, question.text, lambda line: asked.find_words(line, hit)[1]
    )
    if not unasked:
        return quote_whole(passage)
    return Quote(passage, join_neighbours(text, units, set(range(len(units))) - unasked))


def is_verbatim(quote: str, text: str) -> bool:
    """Whether every part of `quote`, apart from the marks of what is left out, stands in `text` to
    the letter and in this order."""
    position = 0
    for part in filter(None, map(str.strip, quote.split(OMISSION))):
        position = text.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return bool(quote.strip(f" \n{OMISSION}"))


def extract_quotes(
    question: Question,
    hits: Sequence[Hit],
    analyser: Analyser,
    limit_chars: int,
    opening: Passage | None = None,
) -> list[Quote]:
    """One quote, or two where the second adds a fact that was asked for: `opening`, where it is
    given, and the best of `hits` (at least one, best first, of one document). () where nothing that
    is within `limit_chars` can be cut from them without losing a condition."""
    asked = _Asked(question, _find_asked_intents(question.text), analyser)
    first = next((hit for hit in hits if hit.passage == opening), hits[0])

    opened = opening or first.passage
    quote = _quote_section(opened, first, asked, limit_chars)
    if quote is None:
        return []
    room = limit_chars - len(quote.text)
    further = [
        (_measure_gain(quote, other, first, hit, asked), other)
        for hit in hits
        if hit.passage != quote.passage
        and (
            other := _quote_section(hit.passage, hit, asked, room, needs_best=True)
            or _quote_section(hit.passage, hit, asked, limit_chars // 2, needs_best=True)
        )
    ]
    gain, best = max(further, key=lambda one: one[0], default=(0.0, None))
    if best is None or gain < ADDED_SHARE:
        return [quote]
    if len(best.text) <= room:
        return [quote, best]
    left = limit_chars - len(best.text)
    shorter = _quote_section(opened, first, asked, left) if gain >= ADDED_KIND else None
    return [shorter, best] if shorter else [quote]


def _find_asked_intents(question: str) -> frozenset[str]:
    """The kinds of thing asked for; whether applications are open too, where a question speaks of
    applying and of the present."""
    is_open_asked = _APPLYING.search(question) and _PRESENT.search(question)
    return detect_intents(question) | (frozenset({"open"}) if is_open_asked else frozenset())


def _measure_gain(quote: Quote, other: Quote, first: Hit, hit: Hit, asked: _Asked) -> float:
    """What `other`, of `hit`, adds to `quote`, of `first`: 1 for each kind of thing asked for that
    only it states, or only its heading asks for; of the question's words the share; and how much
    more it is known to answer it."""
    stated = asked.find_intents(other.text) - asked.find_intents(quote.text)
    headings = [detect_intents(one.passage.heading[-1]) for one in (hit, first)]
    named = (headings[0] - headings[1]) & asked.intents
    said = quote.text, "\n".join((quote.text, hit.passage.heading[-1], other.text))
    known, both = (asked.find_words(text, hit)[1] for text in said)
    likeness = _tell_likeness(hit) - _tell_likeness(first)
    return len(stated | named) + both - known + max(0.0, likeness)


def _tell_likeness(hit: Hit) -> float:
    """How much the nearest known question of a section is like the founder's."""
    return (hit.question_f1 + hit.letter_similarity) / 2


def _quote_section(
    passage: Passage, hit: Hit, asked: _Asked, limit_chars: int, *, needs_best: bool = False
) -> Quote | None:
    """The quote of a passage, compared as with `hit`, without a yes or no to another question than
    its heading's."""
    quote = _quote_passage(passage, hit, asked, limit_chars, needs_best=needs_best)
    answers = _YES_OR_NO.match(passage.text)
    if quote is None or not answers or _asks_heading(asked, passage):
        return quote
    spans = tuple((max(start, answers.end()), end) for start, end in quote.spans)
    kept = tuple((start, end) for start, end in spans if start < end)
    return Quote(passage, kept) if kept else quote


def _asks_heading(asked: _Asked, passage: Passage) -> bool:
    """Whether the founder asks what the heading asks: in the same words, not its opposite, and no
    kind of thing that it does not ask for."""
    question, heading = asked.question, passage.heading[-1]
    if question.language != passage.document.language or asked.intents - detect_intents(heading):
        return False
    own, its = (
        set(asked.analyser.tokenise(text, question.language)) for text in (question.text, heading)
    )
    overlap = 2 * len(own & its) / (len(own) + len(its)) if own and its else 0.0
    negated = [bool(_NEGATED_QUESTION.search(text)) for text in (question.text, heading)]
    return overlap >= SAME_HEADING_OVERLAP and negated[0] == negated[1]


def _quote_passage(
    passage: Passage, hit: Hit, asked: _Asked, limit_chars: int, *, needs_best: bool = False
) -> Quote | None:
    """The sentences of a passage that score best, with all that they need, in reading order, and of
    a table the rows that are named; None if not even one of them fits in `limit_chars`, or the best
    does not and `needs_best`. The question is compared as with `hit`."""
    quote = quote_asked_rows(passage, hit, asked.question, asked.analyser)
    if len(quote.text.strip()) <= min(SHORT_SECTION_CHARS, limit_chars):
        return quote
    text = passage.text
    units = split_units(text)
    kept = {position for position, unit in enumerate(units) if is_within(unit, quote.spans)}
    scores = [
        asked.score(text[unit.start : unit.end], hit) + (0 if position else FIRST_SENTENCE_BONUS)
        if position in kept
        else UNASKED_ROW_SCORE
        for position, unit in enumerate(units)
    ]
    chosen = _choose_units(text, units, scores, limit_chars, needs_best=needs_best)
    return Quote(passage, join_neighbours(text, units, chosen)) if chosen else None


def _choose_units(
    text: str,
    units: Sequence[Unit],
    scores: Sequence[float],
    limit_chars: int,
    *,
    needs_best: bool = False,
) -> frozenset[int]:
    """The best unit that fits with what it needs, then further ones that were asked for and the
    conditions of the section, up to the length of a short section."""
    best_first = sorted(range(len(units)), key=lambda position: -scores[position])
    wanted = [position for position in best_first if scores[position] > 0]
    limiting = [n for n, unit in enumerate(units) if is_limiting(text[unit.start : unit.end])]
    short = min(SHORT_SECTION_CHARS, limit_chars)
    chosen: frozenset[int] = frozenset()
    for position in (*wanted, *best_first[:1], *limiting):
        if needs_best and not chosen and position != best_first[0]:
            return chosen
        needed = close_selection(text, units, chosen | {position} | _find_items(units, position))
        lead = units[position].lead
        siblings = frozenset() if lead is None else _find_items(units, lead)
        whole_list = close_selection(text, units, needed | siblings)
        if siblings and measure_units(units, whole_list) <= limit_chars:
            chosen = whole_list  # a list of which a part is shown reads as if it were all
        elif measure_units(units, needed) <= (short if chosen else limit_chars):
            chosen = needed
    return chosen


def _find_items(units: Sequence[Unit], lead: int) -> frozenset[int]:
    """The items or rows that a unit introduces, and the rows of a table; it says nothing without
    them."""
    found = frozenset(position for position, unit in enumerate(units) if unit.lead == lead)
    tables = [_find_items(units, one) for one in found if units[one].kind == "header"]
    return found.union(*tables)


def _mark_gap(gap: str, *, first: bool) -> str:
    """What stands for the characters before a part."""
    if not gap.strip():
        return "" if first else gap
    if first:
        return f"{OMISSION} "
    return f"\n{OMISSION}\n" if "\n" in gap else f" {OMISSION} "
