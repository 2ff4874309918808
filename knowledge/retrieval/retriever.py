"""Which passages may answer: BM25 over morphemes and vectors, fused, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import Slot, SlotScores
from knowledge.retrieval.edition import ENOUGH_GLOSS, Edition
from knowledge.retrieval.embedder import Embedder
from knowledge.text.glossary import Glossary, Span
from knowledge.types import Language, Passage, Question

Scores = NDArray[np.float32]

DEPTH = 100  # how many of each arm's best are fused
CROSS = 0.8  # a passage in another language counts a little less than one the asker can read
# Languages whose words we tell apart so well that a passage in them needs no second reading in
# another one; Vietnamese syllables say too little by themselves.
WELL_READ: frozenset[Language] = frozenset({"ko", "en"})
TWINS = 10  # the best passages in the asker's language, if translated, set the rate
RATES = (1.0, 2.0)  # how far a question's own rate of exchange may lift the other languages
# Weight of the lexical arm: measured on Korean and English reading sets.
LEXICAL_WEIGHT: dict[Language, float] = {"ko": 0.8, "en": 0.5, "vi": 0.8}


@dataclass(frozen=True, slots=True)
class SlotFit:
    """How one thing the question asks for fits one passage: `got` of `best` possible."""

    slot: Slot
    got: float
    best: float
    known: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with everything the grounds need to judge it.

    `score` orders the hits, 0 to 1; `lexical` is its share of a perfect match; `similarity` the
    cosine of its vector, and `alike` that of the most similar question it is known to answer,
    None where the arm was off; `covers` and `covered` are how like the most like one is by its
    words; `denied` and `denied_alike` are how like the question is to the most like one that
    nothing answers; `fits` are the question's slots in the language the passage was matched in, and
    `matched` is the passage they were matched with.
    """

    passage: Passage
    score: float
    lexical: float
    similarity: float | None
    alike: float | None
    covers: float
    covered: float
    denied: float
    denied_alike: float
    fits: tuple[SlotFit, ...]
    matched: Passage


class Retriever:
    """Finds passages for a question in an edition."""

    def __init__(self, glossary: Glossary, embedder: Embedder) -> None:
        self._glossary = glossary
        self._embedder = embedder

    def search(self, edition: Edition, question: Question, count: int = 12) -> list[Hit]:
        """The best `count` passages, one a group of translations, best first."""
        terms = self._glossary.analyser.terms(question.text, question.language)
        if not terms:
            return []
        spans = self._glossary.spans(terms, question.language)
        lexical = _Lexical(edition, question.language)
        known = _Known(edition)
        own_first = sorted(edition.shelves, key=lambda shelf: shelf != question.language)
        for language in own_first:
            slots = self._glossary.slots(spans, question.language, language)
            lexical.match(language, slots)
            known.match(language, slots, CROSS if language != question.language else 1.0)
        dense = self._dense(edition, question, spans)
        weight = 1 - (1 - LEXICAL_WEIGHT[question.language]) * (dense.trust if dense else 0)
        fused = _fuse(lexical.scores, known.likeness, dense, weight)
        best = [int(group) for group in np.argsort(-fused, kind="stable")[:count]]
        return [
            lexical.hit(group, float(fused[group]), known, dense)
            for group in best
            if fused[group] > 0
        ]

    def _dense(self, edition: Edition, question: Question, spans: Sequence[Span]) -> _Dense | None:
        """The best cosine per group, or None where the embedder cannot read the question."""
        if edition.vectors is None or edition.vectors.manifest.vectors == 0:
            return None
        text = question.text
        if self._embedder.english_only and question.language != "en":
            text, share = self._glossary.gloss(spans)
            if share < ENOUGH_GLOSS:
                return None
        size = int(edition.groups.max()) + 1
        found = _Dense(np.zeros(size, np.float32), np.zeros(size, np.float32))
        nearest = edition.vectors.nearest(self._embedder.query(text), DEPTH)
        if text != question.text:
            found.trust = float(np.mean([edition.is_english(number) for number, _ in nearest]))
        for number, similarity in nearest:
            if number in edition.unanswered:
                found.denied = max(found.denied, similarity)
            if (owner := edition.owners.get(number)) is None:
                continue
            group = edition.groups[owner]
            side = found.passages if number < len(edition.passages) else found.questions
            side[group] = max(side[group], similarity)
        return found


@dataclass(slots=True)
class _Dense:
    """The best cosine per group: of its passages, and of the questions known to be answered; and
    the best of all that nothing answers. `trust` is the share of what was near that is English as
    it was written: comparing two glosses says less than the words themselves."""

    passages: Scores
    questions: Scores
    denied: float = 0.0
    trust: float = 1.0


class _Known:
    """How like the most like known question is, per group: both ways, and their mean; and how
    like the most like one is that nothing answers."""

    def __init__(self, edition: Edition) -> None:
        size = int(edition.groups.max()) + 1 if len(edition.groups) else 0
        self.likeness = np.zeros(size, np.float32)
        self.covers = np.zeros(size, np.float32)
        self.covered = np.zeros(size, np.float32)
        self.denied = 0.0
        self._edition = edition

    def match(self, language: Language, slots: Sequence[Slot], worth: float) -> None:
        """Compare with the known questions of one language."""
        shelf = self._edition.shelves[language]
        if shelf.unanswered.size:
            denied = worth * float(shelf.unanswered.like(slots).harmonic().max())
            self.denied = max(self.denied, denied)
        if shelf.asked.size == 0:
            return
        like = shelf.asked.like(slots)
        harmonic = worth * like.harmonic()
        rising = np.argsort(harmonic, kind="stable")  # the last one written to a group is its best
        groups = shelf.asked_groups[rising]
        best = np.full(len(self.likeness), -1, np.int64)
        best[groups] = rising
        here = np.flatnonzero(best >= 0)
        better = here[harmonic[best[here]] > self.likeness[here]]
        self.likeness[better] = harmonic[best[better]]
        self.covers[better] = like.coverage[best[better]]
        self.covered[better] = like.precision[best[better]]


class _Lexical:
    """One question against every language's shelf; per group the best share of a perfect match
    and the position it was reached at."""

    def __init__(self, edition: Edition, asked: Language) -> None:
        size = int(edition.groups.max()) + 1 if len(edition.groups) else 0
        self.scores = np.zeros(size, np.float32)
        self._at = np.full(size, -1, np.int64)
        self._settled = np.zeros(size, bool)  # what the asker's own language has decided
        self._parts: dict[Language, list[tuple[Slot, SlotScores, bool]]] = {}
        self._edition = edition
        self._asked = asked

    def match(self, language: Language, slots: Sequence[Slot]) -> None:
        """Score the passages of one language by the question's slots in it."""
        shelf = self._edition.shelves[language]
        parts = [(slot, shelf.index.score(slot), shelf.knows(slot)) for slot in slots]
        self._parts[language] = parts
        perfect = sum(part.best for _, part, _ in parts)
        if not perfect:
            return
        total = np.sum([part.scores for _, part, _ in parts], axis=0) / perfect
        if language != self._asked:
            total *= CROSS * self._rate(total, self._edition.groups[shelf.positions])
        rising = np.argsort(total, kind="stable")  # the last one written to a group is its best
        groups = self._edition.groups[shelf.positions][rising]
        best, at = np.zeros_like(self.scores), np.full_like(self._at, -1)
        best[groups], at[groups] = total[rising], shelf.positions[rising]
        better = (best > self.scores) & ~self._settled
        self.scores[better], self._at[better] = best[better], at[better]
        if language == self._asked and language in WELL_READ:
            self._settled[self._edition.groups[shelf.positions]] = True
            self._at[groups] = at[groups]

    def _rate(self, total: Scores, groups: NDArray[np.int64]) -> float:
        """What a score in another language is worth: the passages that stand in both tell.

        Words get lost between languages, so that the same passage scores less in the other one.
        """
        both = self.scores[groups]
        best = np.argsort(-both)[:TWINS]
        mine, theirs = float(both[best].sum()), float(total[best].sum())
        if not mine or not theirs:
            return RATES[0]
        return float(np.clip(mine / theirs, *RATES))

    def hit(self, group: int, score: float, known: _Known, dense: _Dense | None) -> Hit:
        """One group's passage, the one the asker can read if there is one, and its fits."""
        edition = self._edition
        members = [int(position) for position in np.flatnonzero(edition.groups == group)]
        at = int(self._at[group]) if self._at[group] >= 0 else members[0]
        language = edition.passages[at].document.language
        row = int(np.searchsorted(edition.shelves[language].positions, at))
        fits = tuple(
            SlotFit(slot, float(part.scores[row]), part.best, known)
            for slot, part, known in self._parts[language]
        )
        readable = (i for i in members if edition.passages[i].document.language == self._asked)
        return Hit(
            passage=edition.passages[next(readable, at)],
            score=score,
            lexical=float(self.scores[group]),
            similarity=float(dense.passages[group]) if dense else None,
            alike=float(dense.questions[group]) if dense else None,
            covers=float(known.covers[group]),
            covered=float(known.covered[group]),
            denied=known.denied,
            denied_alike=max(0.0, dense.denied) if dense else 0.0,
            fits=fits,
            matched=edition.passages[at],
        )


def _fuse(lexical: Scores, known: Scores, dense: _Dense | None, weight: float) -> Scores:
    """Weighted sum of the arms, each stretched over its best; rank fusion lost 10 points.

    Where questions are known, being like one counts as much as having the words.
    """
    words = _stretched(lexical)
    if known.any():
        words = np.mean([words, _stretched(known)], axis=0, dtype=np.float32)
    if dense is None:
        return words
    similar = _stretched(np.maximum(dense.passages, dense.questions))
    fused: Scores = weight * words + (1 - weight) * similar
    return fused


def _stretched(scores: Scores) -> Scores:
    if len(scores) == 0:
        return scores
    best = np.sort(scores)[-DEPTH:]
    low, high = float(best[0]), float(best[-1])
    if high <= low:
        return np.where(scores >= high, 1.0, 0.0).astype(np.float32) if high > 0 else scores
    stretched: Scores = np.clip((scores - low) / (high - low), 0.0, 1.0)
    return stretched
