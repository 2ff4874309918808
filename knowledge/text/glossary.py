"""The glossary as a bridge between languages: a question in the words of another language.

See docs/decisions/0046-vietnamese-glossary-follows-typed-usage.md.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import islice
from operator import itemgetter

from knowledge.code_digest import digest_of_modules
from knowledge.text.concepts import Concept
from knowledge.text.lexicon import (
    collect_korean_forms,
    collect_syllable_pairs,
    collect_user_words,
    split_compound,
)
from knowledge.text.slots import Slot, SlotKind
from knowledge.text.terms import (
    VI_PREFIX,
    Analyser,
    is_unmarked,
    pair_syllables,
    strip_marks,
)
from knowledge.types import LANGUAGES, Language

# Another form of the same word, against the word itself.
SYNONYM_TERM_WEIGHT = 0.8  # tuned: see docs/parameters.md
# A Vietnamese syllable that belongs to no known word, against a whole word.
LONE_SYLLABLE_SLOT_WEIGHT = 0.3  # tuned: see docs/parameters.md
# Each further concept that a form may stand for, against the one before it.
NEXT_CONCEPT_WEIGHT = 0.5  # tuned: see docs/parameters.md
MAX_SPAN_CONCEPTS = 3  # concepts that one form may stand for  # tuned: see docs/parameters.md
MAX_SPAN_TERMS = 12  # the names of ministries are long
MAX_KEY_TERMS = 6  # words of a foreign quote that are translated for the asker
EVERYDAY_FIELD = "everyday"  # the file of plain words; its words are not of any trade
PLACES_FIELD = "places"  # how the names of the files of place names begin
# The code that decides, with the analyser, which terms a text gives.
GLOSSARY_RULE_MODULES = (
    "knowledge.text.glossary",
    "knowledge.text.concepts",
    "knowledge.text.lexicon",
    "knowledge.text.slots",
)

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A run of neighbouring terms of a question, and the concepts it may stand for, the likeliest
    first; none for a single term that no concept has."""

    terms: Terms
    concepts: tuple[Concept, ...]


ConceptTable = dict[Terms, list[Concept]]


class Glossary:
    """Finds concepts in a text and writes them in another language. Thread-safe."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = concepts
        self._tables: dict[tuple[Language, bool], ConceptTable] = {}
        self._lock = threading.RLock()
        self._spelling_terms: dict[tuple[Language, str], list[str]] = {}

    @cached_property
    def analyser(self) -> Analyser:
        """Tells the terms of texts. Made when the first text comes: that goes through all rows."""
        user_words = tuple(dict.fromkeys(collect_user_words(self.concepts)))
        return Analyser(user_words, frozenset(collect_syllable_pairs(self.concepts)))

    @cached_property
    def fingerprint(self) -> str:
        """Identifies what makes terms: rows, code and analyser. Terms of glossaries with different
        fingerprints are not comparable."""
        made_by = f"{self.concepts!r}\n{digest_of_modules(*GLOSSARY_RULE_MODULES)}"
        return f"{sha256(made_by.encode()).hexdigest()[:12]} {self.analyser.fingerprint}"

    def list_spellings(self) -> list[tuple[Language, str]]:
        """Every text that the glossary analyses for itself, in a fixed order."""
        return [
            (language, spelling)
            for language in LANGUAGES
            for spelling in dict.fromkeys(text for _, text in self._iterate_spellings(language))
        ]

    def remember_terms(self, terms: Sequence[Sequence[str]]) -> None:
        """Take the terms of all `list_spellings` as `analyse_spelling` gave them to an equal
        glossary: reading them costs a tenth of the analysis."""
        known = zip(self.list_spellings(), terms, strict=True)
        self._spelling_terms = {key: list(found) for key, found in known}

    def analyse_spelling(self, language: Language, spelling: str) -> list[str]:
        """The terms of one of `list_spellings`."""
        known = self._spelling_terms.get((language, spelling))
        return self.analyser.tokenise(spelling, language) if known is None else known

    def tokenise_question(self, text: str, language: Language) -> list[str]:
        """The terms a known question is indexed by: those that its slots would ask for."""
        terms = self.analyser.tokenise(text, language)
        if language != "vi":
            return terms
        slots = self.build_slots(self.find_spans(terms, language), language, language)
        return [term for slot in slots for term in slot.terms]

    def find_spans(self, terms: Sequence[str], language: Language) -> list[TermSpan]:
        """`terms` split into the longest runs that are forms of concepts; a term that is in no form
        becomes a span without concepts."""
        bare = language == "vi" and is_unmarked(terms)
        written = strip_marks(terms) if bare else list(terms)
        spans: list[TermSpan] = []
        start = 0
        while start < len(written):
            rest = written[start : start + MAX_SPAN_TERMS]
            languages = dict.fromkeys((language, _detect_term_language(rest[0]) or language))
            length, matches = max(
                (self._match_longest(rest, one, bare) for one in languages), key=itemgetter(0)
            )
            spans.append(TermSpan(tuple(rest[: length or 1]), tuple(matches[:MAX_SPAN_CONCEPTS])))
            start += length or 1
        return spans

    def build_slots(
        self, spans: Sequence[TermSpan], source: Language, target: Language
    ) -> list[Slot]:
        """What the `spans` of a question in `source` ask for, in the terms of passages in `target`."""
        build = self._build_own_slots if source == target else self._build_translated_slots
        return [
            replace(slot, kind=_classify_span(span))
            for span in spans
            for slot in build(span, target)
        ]

    def find_key_terms(self, text: str, source: Language, target: Language) -> dict[str, str]:
        """The first MAX_KEY_TERMS words of the trade in `text`, as written there → in `target`."""
        key_terms: dict[str, str] = {}
        for span in self.find_spans(self.analyser.tokenise(text, source), source):
            if _classify_span(span) != "trade":
                continue
            concept = span.concepts[0]
            written = next(filter(None, (_find_form(f, text) for f in concept.forms[source])), None)
            translation = next(iter(concept.forms[target]), None)
            if written and translation and not _find_form(translation, text):
                key_terms.setdefault(written, translation)
        return dict(islice(key_terms.items(), MAX_KEY_TERMS))

    @cached_property
    def place_terms(self) -> dict[Language, frozenset[str]]:
        """The terms that name a country other than Korea, or a city, by language."""
        places = [c for c in self.concepts if c.field.startswith(PLACES_FIELD)]
        return {
            language: frozenset(
                terms[0]
                for concept in places
                if "Korea" not in concept.forms["en"]
                for form in concept.forms[language]
                if len(terms := self._analyse_form(form, language)) == 1
            )
            for language in LANGUAGES
        }

    def _match_longest(
        self, terms: Sequence[str], language: Language, bare: bool
    ) -> tuple[int, list[Concept]]:
        """The number of leading `terms` that are a form of a concept, and the concepts with that
        form; (0, []) where there is none."""
        table = self._get_table(language, bare)
        for length in range(len(terms), 0, -1):
            if concepts := table.get(tuple(terms[:length])):
                return length, concepts
        return 0, []

    def _build_own_slots(self, span: TermSpan, language: Language) -> list[Slot]:
        """The words as asked, each with the other forms of the same concept as alternatives."""
        if language == "vi":
            return _build_syllable_slots(span)
        forms = self._analyse_forms(span.concepts[0], language) if span.concepts else []
        others = [form for form in forms if form != span.terms]
        size = max([len(span.terms), *map(len, others)])
        weight = len(span.terms) / size
        return [
            Slot(
                _pool_terms(
                    [(span.terms, 1.0), *((form, SYNONYM_TERM_WEIGHT) for form in others)], i
                ),
                weight,
            )
            for i in range(size)
        ]

    def _build_translated_slots(self, span: TermSpan, target: Language) -> list[Slot]:
        """The translations of a span; a term without one becomes an empty slot, because it was
        asked for all the same, unless it is Latin letters or digits, which need none."""
        forms: list[tuple[Terms, float]] = []
        for rank, concept in enumerate(span.concepts):
            written = self._analyse_forms(concept, target)
            forms += [(form, NEXT_CONCEPT_WEIGHT**rank / len(written)) for form in written]
        if not forms:
            known = [t for t in span.terms if t.isascii() and not t.startswith(VI_PREFIX)]
            return [Slot({term: 1.0} if term in known else {}) for term in span.terms]
        size = len(forms[0][0])
        weight = len(span.terms) / size
        return [Slot(_pool_terms(forms, i), weight) for i in range(size)]

    def _analyse_forms(self, concept: Concept, language: Language) -> list[Terms]:
        analysed = (self._analyse_form(form, language) for form in concept.forms[language])
        return list(dict.fromkeys(form for form in analysed if form))

    def _analyse_form(self, form: str, language: Language) -> Terms:
        """A form as the terms passages are indexed by: in Vietnamese pairs of syllables."""
        terms = self.analyse_spelling(language, form)
        if language != "vi":
            return tuple(terms)
        bare = strip_marks(terms)
        return tuple(pair_syllables(bare) or bare)

    def _iterate_spellings(self, language: Language) -> Iterator[tuple[Concept, str]]:
        """Each form of each concept, a compound with its spaces as well."""
        korean = collect_korean_forms(self.concepts) if language == "ko" else frozenset()
        for concept in self.concepts:
            for form in concept.forms[language]:
                yield concept, form
                for spelling in split_compound(form, korean):
                    yield concept, spelling

    def _get_table(self, language: Language, bare: bool) -> ConceptTable:
        """The concepts of one language by the terms of their forms, without marks if `bare`."""
        key = (language, bare and language == "vi")
        with self._lock:
            if key not in self._tables:
                self._tables[key] = self._build_table(*key)
            return self._tables[key]

    def _build_table(self, language: Language, bare: bool) -> ConceptTable:
        table: ConceptTable = {}
        for concept, spelling in self._iterate_spellings(language):
            if terms := self.analyse_spelling(language, spelling):
                same = table.setdefault(tuple(strip_marks(terms) if bare else terms), [])
                if concept not in same:
                    same.append(concept)
        return table


def _classify_span(span: TermSpan) -> SlotKind:
    fields = [concept.field for concept in span.concepts]
    if any(field.startswith(PLACES_FIELD) for field in fields):
        return "place"
    return "plain" if all(field.startswith(EVERYDAY_FIELD) for field in fields) else "trade"


def _find_form(form: str, text: str) -> str | None:
    """A form as it is written in `text`, None if it is not: Hangul with or without spaces, else
    as whole words in any case."""
    hangul = "가" <= form[0] <= "힣"
    pattern = r"\s?".join(map(re.escape, form)) if hangul else rf"\b{re.escape(form)}\b"
    match = re.search(pattern, text, re.IGNORECASE)
    return match[0] if match else None


def _detect_term_language(term: str) -> Language | None:
    """The language that a term is in for certain, None where it may be in several."""
    if not term.isascii():
        return "ko" if "가" <= term[0] <= "힣" else None
    return None if term.startswith(VI_PREFIX) else "en"


def _build_syllable_slots(span: TermSpan) -> list[Slot]:
    """A Vietnamese word by its pairs of syllables; a single syllable says little."""
    bare = strip_marks(span.terms)
    if span.concepts:
        words = pair_syllables(bare) or bare
        return [Slot({word: 1.0}, len(bare) / 2 / len(words)) for word in words]
    return [
        Slot({bare[0]: 1.0}, LONE_SYLLABLE_SLOT_WEIGHT if bare[0].startswith(VI_PREFIX) else 1.0)
    ]


def _pool_terms(forms: Sequence[tuple[Terms, float]], position: int) -> dict[str, float]:
    """The terms that may stand at `position`, each with its highest weight; shorter forms start
    over from their first term."""
    pooled: dict[str, float] = {}
    for form, weight in forms:
        term = form[position % len(form)]
        pooled[term] = max(pooled.get(term, 0.0), weight)
    return pooled
