"""The bridge between languages: a question in the words of another one, by the glossary."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import islice, pairwise
from operator import itemgetter

from knowledge.retrieval.bm25 import Slot, SlotKind
from knowledge.text.concepts import Concept
from knowledge.text.terms import (
    VI_PREFIX,
    Analyser,
    is_unmarked,
    pair_syllables,
    split_syllables,
    strip_marks,
)
from knowledge.types import LANGUAGES, Language

SYNONYM_WEIGHT = 0.8  # what another form of the same word counts beside the word itself
LONE_SYLLABLE_WEIGHT = 0.3  # a Vietnamese syllable that belongs to no known word
MAX_SPAN_TERMS = 12  # terms; the names of ministries are long
MAX_USER_WORD_SYLLABLES = 5  # syllables; longer Korean forms are compounds that Kiwi should cut up

EVERYDAY_FIELD, PLACES_FIELD = (
    "everyday",
    "places",
)  # files (by their beginning) whose words are no trade's
PROGRAMMES_FIELD = "programmes"  # the file whose words name one thing each
MAX_KEY_TERMS = 6  # words of a quote that are said in the asker's language
MAX_SPAN_CONCEPTS = 3  # concepts that one form may stand for
CONCEPT_RANK_DISCOUNT = 0.5  # what each further one counts

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A stretch of a question's terms, and the concepts it may stand for, the likeliest first."""

    terms: Terms
    concepts: tuple[Concept, ...]


ConceptTable = dict[Terms, list[Concept]]


class Glossary:
    """Finds concepts in a question and writes them in another language."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = concepts
        self._tables: dict[tuple[Language, bool], ConceptTable] = {}
        self._lock = threading.RLock()
        words = tuple(dict.fromkeys(_collect_user_words(concepts)))
        self.analyser = Analyser(words, frozenset(_collect_syllable_pairs(concepts)))

    @cached_property
    def fingerprint(self) -> str:
        """What made the words: the analyser and the rows; those of others are not comparable."""
        rows = sha256(repr(self.concepts).encode()).hexdigest()[:12]
        return f"{rows} {self.analyser.fingerprint}"

    def tokenise_question(self, text: str, language: Language) -> list[str]:
        """What a known question is matched by: the terms that a question's slots ask for."""
        terms = self.analyser.tokenise(text, language)
        if language != "vi":
            return terms
        slots = self.build_slots(self.find_spans(terms, language), language, language)
        return [term for slot in slots for term in slot.terms]

    def find_spans(self, terms: Sequence[str], language: Language) -> list[TermSpan]:
        """`terms` cut into the longest stretches that concepts cover."""
        bare = language == "vi" and is_unmarked(terms)
        written = strip_marks(terms) if bare else list(terms)
        spans: list[TermSpan] = []
        start = 0
        while start < len(written):
            rest = written[start : start + MAX_SPAN_TERMS]
            languages = dict.fromkeys((language, _detect_term_language(rest[0]) or language))
            length, concepts = max(
                (self._match_longest(rest, tongue, bare) for tongue in languages), key=itemgetter(0)
            )
            spans.append(TermSpan(tuple(rest[: length or 1]), tuple(concepts[:MAX_SPAN_CONCEPTS])))
            start += length or 1
        return spans

    def build_slots(
        self, spans: Sequence[TermSpan], source: Language, target: Language
    ) -> list[Slot]:
        """What a question's `spans` ask for, in the terms of `target`'s passages."""
        same = source == target
        return [
            replace(slot, kind=_classify_span(span))
            for span in spans
            for slot in (
                self._build_own_slots(span, target)
                if same
                else self._build_translated_slots(span, target)
            )
        ]

    def gloss_spans(self, spans: Sequence[TermSpan]) -> tuple[str, float]:
        """The question in English words, and the share of its terms that could be written so."""
        words: list[str] = []
        known = total = 0
        for span in spans:
            total += len(span.terms)
            english = next((c.forms["en"][0] for c in span.concepts if c.forms["en"]), "")
            if not english and all(term.isascii() for term in span.terms):
                english = " ".join(term for term in span.terms if not term.startswith(VI_PREFIX))
            if english:
                words.append(english)
                known += len(span.terms)
        return " ".join(words), known / total if total else 0.0

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        """A text in English words, as `gloss` writes a question."""
        return self.gloss_spans(self.find_spans(self.analyser.tokenise(text, language), language))

    def find_key_terms(self, text: str, source: Language, target: Language) -> dict[str, str]:
        """The words of the trade in `text` as they stand there, and in `target`; in order, the
        first few."""
        found: dict[str, str] = {}
        for span in self.find_spans(self.analyser.tokenise(text, source), source):
            if _classify_span(span) != "trade":
                continue
            concept = span.concepts[0]
            written = next(filter(None, (_find_form(f, text) for f in concept.forms[source])), None)
            meant = next(iter(concept.forms[target]), None)
            if written and meant and not _find_form(meant, text):
                found.setdefault(written, meant)
        return dict(islice(found.items(), MAX_KEY_TERMS))

    @cached_property
    def place_terms(self) -> dict[Language, frozenset[str]]:
        """The terms that name a country or a city, Korea's own aside, by language."""
        named = [c for c in self.concepts if c.field.startswith(PLACES_FIELD)]
        return {
            language: frozenset(
                terms[0]
                for concept in named
                if "Korea" not in concept.forms["en"]
                for form in concept.forms[language]
                if len(terms := _analyse_form(self.analyser, form, language)) == 1
            )
            for language in LANGUAGES
        }

    def _match_longest(
        self, terms: Sequence[str], language: Language, bare: bool
    ) -> tuple[int, list[Concept]]:
        """How many of the first `terms` are one form of a concept, 0 if none is, and its like."""
        table = self._get_table(language, bare)
        for length in range(len(terms), 0, -1):
            if concepts := table.get(tuple(terms[:length])):
                return length, concepts
        return 0, []

    def _build_own_slots(self, span: TermSpan, language: Language) -> list[Slot]:
        """The words as asked, and beside them the other forms of the same thing."""
        if language == "vi":
            return _build_syllable_slots(span)
        forms = self._analyse_forms(span.concepts[0], language) if span.concepts else []
        others = [form for form in forms if form != span.terms]
        size = max([len(span.terms), *map(len, others)])
        weight = len(span.terms) / size
        return [
            Slot(
                _pool_terms([(span.terms, 1.0), *((form, SYNONYM_WEIGHT) for form in others)], i),
                weight,
            )
            for i in range(size)
        ]

    def _build_translated_slots(self, span: TermSpan, target: Language) -> list[Slot]:
        """The words' translations; letters and digits are the same in every language, and what
        no row has is a slot that nothing can fill: it was asked all the same."""
        forms: list[tuple[Terms, float]] = []
        for rank, concept in enumerate(span.concepts):
            written = self._analyse_forms(concept, target)
            forms += [(form, CONCEPT_RANK_DISCOUNT**rank / len(written)) for form in written]
        if not forms:
            known = [t for t in span.terms if t.isascii() and not t.startswith(VI_PREFIX)]
            return [Slot({term: 1.0} if term in known else {}) for term in span.terms]
        size = len(forms[0][0])
        weight = len(span.terms) / size
        return [Slot(_pool_terms(forms, i), weight) for i in range(size)]

    def _analyse_forms(self, concept: Concept, language: Language) -> list[Terms]:
        analysed = (
            _analyse_form(self.analyser, form, language) for form in concept.forms[language]
        )
        return list(dict.fromkeys(form for form in analysed if form))

    def _get_table(self, language: Language, bare: bool) -> ConceptTable:
        """The concepts by the terms of their forms."""
        key = (language, bare and language == "vi")
        with self._lock:
            if key not in self._tables:
                self._tables[key] = self._build_table(*key)
            return self._tables[key]

    def _build_table(self, language: Language, bare: bool) -> ConceptTable:
        table: ConceptTable = {}
        korean = _collect_korean_forms(self.concepts) if language == "ko" else frozenset()
        written = [
            (concept, way)
            for concept in self.concepts
            for form in concept.forms[language]
            for way in (form, *_split_compound(form, korean))
        ]
        for concept, form in written:
            if terms := self.analyser.tokenise(form, language):
                meant = table.setdefault(tuple(strip_marks(terms) if bare else terms), [])
                if concept not in meant:
                    meant.append(concept)
        return table


def _classify_span(span: TermSpan) -> SlotKind:
    fields = [concept.field for concept in span.concepts]
    if any(field.startswith(PLACES_FIELD) for field in fields):
        return "place"
    return "plain" if all(field.startswith(EVERYDAY_FIELD) for field in fields) else "trade"


def _find_form(form: str, text: str) -> str | None:
    """A form as it stands in `text`: in Hangul with or without spaces, else as whole words."""
    hangul = "가" <= form[0] <= "힣"
    pattern = r"\s?".join(map(re.escape, form)) if hangul else rf"\b{re.escape(form)}\b"
    match = re.search(pattern, text, re.IGNORECASE)
    return match[0] if match else None


def _detect_term_language(term: str) -> Language | None:
    """The language of a term that no Vietnamese or Korean word can be."""
    if not term.isascii():
        return "ko" if "가" <= term[0] <= "힣" else None
    return None if term.startswith(VI_PREFIX) else "en"


def _analyse_form(analyser: Analyser, form: str, language: Language) -> Terms:
    """A form as the terms passages are found by: Vietnamese words are pairs of syllables."""
    terms = analyser.tokenise(form, language)
    if language != "vi":
        return tuple(terms)
    bare = strip_marks(terms)
    return tuple(pair_syllables(bare) or bare)


def _build_syllable_slots(span: TermSpan) -> list[Slot]:
    """A Vietnamese word of the question: its pairs; a syllable by itself says little."""
    bare = strip_marks(span.terms)
    if span.concepts:
        words = pair_syllables(bare) or bare
        return [Slot({word: 1.0}, len(bare) / 2 / len(words)) for word in words]
    return [Slot({bare[0]: 1.0}, LONE_SYLLABLE_WEIGHT if bare[0].startswith(VI_PREFIX) else 1.0)]


def _pool_terms(forms: Sequence[tuple[Terms, float]], position: int) -> dict[str, float]:
    """The terms that may stand at `position`; a shorter form stands there with its own turn."""
    pooled: dict[str, float] = {}
    for form, weight in forms:
        term = form[position % len(form)]
        pooled[term] = max(pooled.get(term, 0.0), weight)
    return pooled


def _collect_user_words(concepts: Sequence[Concept]) -> Iterable[str]:
    """Short Korean nouns, so that Kiwi keeps what traders say as one word (자부담, 물바). What two
    other forms make up (해외유출) stays two words, as it is when it is written with a space, but
    for names (물류바우처), which are not to be mixed."""
    forms = _collect_korean_forms(concepts)
    for concept in concepts:
        for form in concept.forms["ko"]:
            hangul = all("가" <= letter <= "힣" for letter in form)
            whole = concept.field == PROGRAMMES_FIELD or not any(_split_compound(form, forms))
            if (
                hangul
                and 2 <= len(form) <= MAX_USER_WORD_SYLLABLES
                and not form.endswith("다")
                and whole
            ):
                yield form


def _collect_korean_forms(concepts: Sequence[Concept]) -> frozenset[str]:
    return frozenset(form for concept in concepts for form in concept.forms["ko"])


def _split_compound(compound: str, forms: Set[str]) -> Iterable[str]:
    """A compound written with a space, where both parts are forms themselves."""
    for middle in range(2, len(compound) - 1):
        if compound[:middle] in forms and compound[middle:] in forms:
            yield f"{compound[:middle]} {compound[middle:]}"


def _collect_syllable_pairs(concepts: Iterable[Concept]) -> Iterable[tuple[str, str]]:
    """The neighbouring syllables of Vietnamese words, without marks."""
    for concept in concepts:
        for form in concept.forms["vi"]:
            yield from pairwise(split_syllables(form))
