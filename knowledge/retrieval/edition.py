"""An edition as a reader holds it open, and the switch to the next one between two questions."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Catalogue
from knowledge.errors import LibraryMissing
from knowledge.retrieval.bm25 import Bm25Index, QuestionIndex, Slot
from knowledge.retrieval.embedder import Embedder
from knowledge.retrieval.gloss_cache import GlossCache, Glosser
from knowledge.retrieval.vector_store import VectorIndex, VectorStore
from knowledge.text.glossary import Glossary
from knowledge.text.language import detect_language
from knowledge.types import LANGUAGES, Document, Language, Passage

MIN_GLOSS_SHARE = 0.5  # share of a text's terms that must be in English for an English model
NO_GROUPS = np.zeros(0, np.int64)
EDITION_CHECK_SECONDS = 1.0  # how stale a reader may be after an ingest in another process


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """The passages of one language: their positions in the edition, and their index; the known
    questions of that language (headings, and other ways to ask) with their groups; and those
    that nothing answers."""

    positions: NDArray[np.int64]
    passage_index: Bm25Index
    question_index: QuestionIndex
    question_groups: NDArray[np.int64]
    unanswerable_index: QuestionIndex

    def has_slot_terms(self, slot: Slot) -> bool:
        """Whether a passage, or a question that one answers, has any of the slot's terms."""
        return self.passage_index.knows(slot) or self.question_index.knows(slot)


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A known question: the passage at `position` answers it, or nothing does."""

    position: int
    text: str
    language: Language
    is_answered: bool = True


class Edition:
    """One consistent state of the library, opened: passages, their terms and their vectors.

    `groups[i]` is equal for passages that are translations of each other; `owners[k]` is the
    passage that vector `k` is of: of its text, or of a question that it answers; `unanswered`
    are the vectors of questions that nothing answers. Known questions that are `left_out`
    are not known, to measure with them.
    """

    def __init__(
        self,
        number: int,
        passages: Sequence[Passage],
        terms: Mapping[str, Sequence[str]],
        vectors: VectorIndex | None,
        left_out: Set[str] = frozenset(),
    ) -> None:
        self.number = number
        self.passages = tuple(passages)
        self.vector_index = vectors
        self.translation_groups = _number_groups(self.passages)
        self.documents = {passage.document.id: passage.document for passage in passages}
        self._superseding_documents = [one for one in self.documents.values() if one.supersedes]
        numbered = enumerate(list_known_questions(self.passages), len(self.passages))
        kept = {number: one for number, one in numbered if one.text not in left_out}
        known = list(kept.values())
        self._english_vectors = {
            i for i, one in enumerate(self.passages) if one.document.language == "en"
        }
        self._english_vectors |= {number for number, one in kept.items() if one.language == "en"}
        self.passage_by_vector = {number: number for number in range(len(self.passages))}
        self.passage_by_vector |= {
            number: one.position for number, one in kept.items() if one.is_answered
        }
        self.unanswerable_vectors = {number for number, one in kept.items() if not one.is_answered}
        self.language_indexes = {
            language: self._build_language_index(terms, known, language)
            for language in LANGUAGES
            if any(passage.document.language == language for passage in self.passages)
            or any(one.language == language for one in known)
        }

    def _build_language_index(
        self, terms: Mapping[str, Sequence[str]], known: Sequence[KnownQuestion], language: Language
    ) -> LanguageIndex:
        mine = [i for i, one in enumerate(self.passages) if one.document.language == language]
        asked = [one for one in known if one.language == language and one.is_answered]
        unanswered = [one for one in known if one.language == language and not one.is_answered]
        return LanguageIndex(
            positions=np.array(mine, np.int64),
            passage_index=Bm25Index(
                [terms[text_key(build_index_text(self.passages[i]))] for i in mine]
            ),
            question_index=QuestionIndex([terms[text_key(one.text)] for one in asked]),
            question_groups=self.translation_groups[[one.position for one in asked]]
            if asked
            else NO_GROUPS,
            unanswerable_index=QuestionIndex([terms[text_key(one.text)] for one in unanswered]),
        )

    def is_english_vector(self, number: int) -> bool:
        """Whether a vector is of a text that was written in English."""
        return number in self._english_vectors

    def is_in_force(self, document: Document, day: date) -> bool:
        """Whether a document may answer on `day`: begun, not expired, and not superseded.

        Superseded is what a newer one has begun to replace, with its translations; it does not
        come back when that one expires.
        """
        replaced = {document.id, document.translation_of}
        return document.is_in_force(day) and not any(
            replaced & set(other.supersedes) and other.has_begun(day)
            for other in self._superseding_documents
        )


class Library:
    """The edition in force, opened once and kept until another one is made active."""

    def __init__(
        self, catalogue: Catalogue, store: VectorStore, embedder: Embedder, glossary: Glossary
    ) -> None:
        self.catalogue = catalogue
        self.embedder = embedder
        self.glossary = glossary
        self._store = store
        self._lock = threading.Lock()
        self._current: Edition | None = None
        self._checked_at = 0.0

    def get_current_edition(self) -> Edition:
        """The edition to answer the next question from.

        Raises LibraryMissing before the first ingest, LibraryStale for another model's vectors.
        """
        with self._lock:
            if self._current and time.monotonic() - self._checked_at < EDITION_CHECK_SECONDS:
                return self._current
            number = self.catalogue.get_active_edition()
            if number is None:
                raise LibraryMissing("The library is empty. Run `naru ingest` first.")
            if self._current is None or self._current.number != number:
                self._current = self.open_edition(number)
            self._checked_at = time.monotonic()
            return self._current

    def open_edition(self, number: int, left_out: Set[str] = frozenset()) -> Edition:
        """Any edition, opened apart from the one in force, without the known questions
        `left_out`."""
        row = self.catalogue.find_edition(number)
        passages = [
            passage
            for version in self.catalogue.load_versions(number)
            for passage in version.passages
        ]
        vectors = self._store.open(row.index_name, self.embedder.name)
        return Edition(number, passages, self.ensure_terms(passages), vectors, left_out)

    def ensure_terms(
        self, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None
    ) -> dict[str, list[str]]:
        """The terms of every passage and known question by `text_key`; those not analysed before
        are analysed and kept, and `progress` is told how many are done, of how many."""
        glossary = self.glossary
        texts: dict[str, Callable[[], list[str]]] = {}
        for passage in passages:
            text = build_index_text(passage)
            read = partial(glossary.analyser.tokenise_passage, text, passage.document.language)
            texts[text_key(text)] = read
        for one in list_known_questions(passages):
            texts[text_key(one.text)] = partial(glossary.tokenise_question, one.text, one.language)
        terms = self.catalogue.load_terms(texts, glossary.fingerprint)
        fresh: dict[str, list[str]] = {}
        missing = [key for key in texts if key not in terms]
        for key in missing:
            fresh[key] = texts[key]()
            if progress:
                progress(len(fresh), len(missing))
        if fresh:
            self.catalogue.add_terms(glossary.fingerprint, fresh)
        return terms | fresh

    def build_embedding_texts(self, passages: Sequence[Passage]) -> dict[int, str]:
        """`embedded_texts` for the embedder; what was glossed before is not glossed again."""
        if not self.embedder.english_only:
            return select_embedding_texts(passages, None)
        texts = [(build_index_text(one), one.document.language) for one in passages]
        glosses = GlossCache(self.glossary, self.catalogue, texts)
        found = select_embedding_texts(passages, glosses)
        glosses.save()
        return found


def text_key(text: str) -> str:
    """The sha256 of a text as it is analysed or embedded: equal text is never done twice."""
    return hashlib.sha256(text.encode()).hexdigest()


def build_index_text(passage: Passage) -> str:
    """What a passage is found by: its heading path, which gives it meaning, and its text."""
    return "\n".join([" – ".join(passage.heading), passage.text])


def list_known_questions(passages: Sequence[Passage]) -> list[KnownQuestion]:
    """What is known to be asked of each passage: its heading, and its other ways to ask; and
    near it, what nothing answers."""
    known: list[KnownQuestion] = []
    for position, passage in enumerate(passages):
        if len(passage.heading) > 1 and any(map(str.isalpha, passage.heading[-1])):  # not "①"
            known.append(KnownQuestion(position, passage.heading[-1], passage.document.language))
        known += [KnownQuestion(position, text, detect_language(text)) for text in passage.asked]
        known += [
            KnownQuestion(position, text, detect_language(text), False)
            for text in passage.unanswered
        ]
    return known


def select_embedding_texts(passages: Sequence[Passage], glossary: Glosser | None) -> dict[int, str]:
    """What the vector arm sees, by the number of the vector: passages, then known questions.

    Without a `glossary` the model reads every language. With one it reads English only: English
    text as it is; passages that have no English counterpart are glossed
    word by word, where enough of their words are in the glossary.
    """
    known = list_known_questions(passages)
    texts = [(build_index_text(p), p.document.language, p) for p in passages]
    texts += [(one.text, one.language, passages[one.position]) for one in known]
    if glossary is None:
        return {number: text for number, (text, _, _) in enumerate(texts)}
    english = {_group_key(p) for p in passages if p.document.language == "en"}
    seen: dict[int, str] = {}
    for number, (text, language, passage) in enumerate(texts):
        if language == "en":
            seen[number] = text
        elif number < len(passages) and _group_key(passage) not in english:
            glossed, share = glossary.gloss_text(text, language)
            if share >= MIN_GLOSS_SHARE:
                seen[number] = glossed
    return seen


def _group_key(passage: Passage) -> tuple[str, int]:
    """Equal for passages that are translations of each other."""
    return passage.document.base_id, passage.ord


def _number_groups(passages: Sequence[Passage]) -> NDArray[np.int64]:
    numbers: dict[tuple[str, int], int] = {}
    keys = map(_group_key, passages)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
