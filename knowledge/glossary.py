"""The bridge between languages: trade terms that mean the same, from plain CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.errors import GlossaryBroken
from knowledge.lexical import Slot
from knowledge.terms import Analyser
from knowledge.types import LANGUAGES, Language

SHIPPED = Path(__file__).with_name("glossary")
SYNONYM = 0.8  # what another form of the same word counts beside the word itself
LONGEST_WORD = 5  # syllables; longer Korean forms are compounds that Kiwi should cut up

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: the forms of one thing in each language, the most usual first."""

    forms: dict[Language, tuple[str, ...]]
    field: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a question's terms that one concept covers; `concept` None: no row has it."""

    terms: Terms
    concept: Concept | None


def read_glossary(folders: Iterable[Path]) -> tuple[Concept, ...]:
    """The concepts of every CSV file in `folders`, in order of file name.

    Raises GlossaryBroken naming file and line.
    """
    return tuple(
        concept
        for folder in folders
        for path in sorted(folder.glob("*.csv"))
        for concept in _read_file(path)
    )


class Glossary:
    """Finds concepts in a question and writes them in another language."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = concepts
        self.analyser = Analyser(tuple(dict.fromkeys(_unknown_words(concepts))))

    def spans(self, terms: Sequence[str], language: Language) -> list[Span]:
        """`terms` cut into the longest stretches that concepts cover."""
        table, longest = self._tables[language]
        spans: list[Span] = []
        start = 0
        while start < len(terms):
            for length in range(min(longest, len(terms) - start), 0, -1):
                stretch = tuple(terms[start : start + length])
                if (concept := table.get(stretch)) is not None:
                    break
            else:
                length, stretch, concept = 1, (terms[start],), None
            spans.append(Span(stretch, concept))
            start += length
        return spans

    def slots(self, spans: Sequence[Span], source: Language, target: Language) -> list[Slot]:
        """What a question's `spans` ask for, in the terms of `target`'s passages."""
        same = source == target
        return [
            slot
            for span in spans
            for slot in (self._own(span, target) if same else self._bridged(span, target))
        ]

    def gloss(self, spans: Sequence[Span]) -> tuple[str, float]:
        """The question in English words, and the share of its terms that could be written so."""
        words: list[str] = []
        known = total = 0
        for span in spans:
            total += len(span.terms)
            if span.concept and (english := span.concept.forms["en"]):
                words.append(english[0])
                known += len(span.terms)
            elif all(term.isascii() for term in span.terms):
                words.extend(span.terms)
                known += len(span.terms)
        return " ".join(words), known / total if total else 0.0

    def _own(self, span: Span, language: Language) -> list[Slot]:
        """The words as asked, and beside them the other forms of the same thing."""
        forms = self._forms(span, language) if span.concept else []
        others = [form for form in forms if form != span.terms]
        size = max([len(span.terms), *map(len, others)])
        weight = len(span.terms) / size
        return [
            Slot(_pooled([(span.terms, 1.0), *((form, SYNONYM) for form in others)], i), weight)
            for i in range(size)
        ]

    def _bridged(self, span: Span, target: Language) -> list[Slot]:
        """The words' translations; letters and digits are the same in every language, and what
        no row has is a slot that nothing can fill: it was asked all the same."""
        if span.concept is None or not (forms := self._forms(span, target)):
            return [Slot({term: 1.0} if term.isascii() else {}) for term in span.terms]
        share = 1.0 / len(forms)
        return [Slot(_pooled([(form, share) for form in forms], i)) for i in range(len(forms[0]))]

    def _forms(self, span: Span, language: Language) -> list[Terms]:
        assert span.concept is not None
        analysed = (
            tuple(self.analyser.terms(form, language)) for form in span.concept.forms[language]
        )
        return list(dict.fromkeys(form for form in analysed if form))

    @cached_property
    def _tables(self) -> dict[Language, tuple[dict[Terms, Concept], int]]:
        """Per language: concept by its terms, and the longest of them."""
        return {language: self._table(language) for language in LANGUAGES}

    def _table(self, language: Language) -> tuple[dict[Terms, Concept], int]:
        table: dict[Terms, Concept] = {}
        for concept in self.concepts:
            for form in concept.forms[language]:
                if terms := tuple(self.analyser.terms(form, language)):
                    table.setdefault(terms, concept)
        return table, max(map(len, table), default=1)


def _pooled(forms: Sequence[tuple[Terms, float]], position: int) -> dict[str, float]:
    """The terms that may stand at `position`; a shorter form stands there with its own turn."""
    pooled: dict[str, float] = {}
    for form, weight in forms:
        term = form[position % len(form)]
        pooled[term] = max(pooled.get(term, 0.0), weight)
    return pooled


def _unknown_words(concepts: Iterable[Concept]) -> Iterable[str]:
    """Short Korean nouns, so that Kiwi keeps what traders say as one word (자부담, 물바)."""
    for concept in concepts:
        for form in concept.forms["ko"]:
            hangul = all("가" <= letter <= "힣" for letter in form)
            if hangul and 2 <= len(form) <= LONGEST_WORD and not form.endswith("다"):
                yield form


def _read_file(path: Path) -> Iterable[Concept]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        if (header := next(reader, [])) != list(LANGUAGES):
            raise GlossaryBroken(
                f"{path.name}: the first line must be `ko,en,vi`, not `{','.join(header)}`."
            )
        for number, row in enumerate(reader, 2):
            if not any(row):
                continue
            if len(row) != len(LANGUAGES):
                raise GlossaryBroken(
                    f"{path.name}, line {number}: three cells are needed (ko,en,vi), "
                    f"{len(row)} are there."
                )
            forms = {
                language: tuple(form.strip() for form in cell.split("|") if form.strip())
                for language, cell in zip(LANGUAGES, row, strict=True)
            }
            yield Concept(forms, path.stem)
