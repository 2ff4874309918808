"""An edition opened for reading: passages, their indexes by language and their vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import Bm25Index, QuestionIndex
from knowledge.retrieval.known_questions import (
    IndexedText,
    KnownQuestion,
    build_index_text,
    compute_text_key,
    get_translation_key,
    list_indexed_texts,
)
from knowledge.retrieval.neighbours import LetterIndex
from knowledge.retrieval.series import find_newer_editions, has_appeared, rank_in_series
from knowledge.retrieval.vector_index import VectorIndex
from knowledge.text.slots import Slot
from knowledge.types import LANGUAGES, SHIPPED_ORIGIN, Document, Language, Passage, Version

NO_GROUPS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """What an edition has in one language: n passages and q answered known questions.

    `positions` (n,) are the passages' positions in the edition, ascending. `question_groups`
    (q,) are the translation groups of the passages that answer the questions of
    `question_index`.
    """

    positions: NDArray[np.int64]
    passage_index: Bm25Index
    question_index: QuestionIndex
    question_groups: NDArray[np.int64]

    def has_slot_terms(self, slot: Slot) -> bool:
        """Whether a passage, or a question that one answers, has any of the slot's terms."""
        return self.passage_index.has_slot_terms(slot) or self.question_index.has_slot_terms(slot)


def list_own_documents(versions: Iterable[Version]) -> frozenset[str]:
    """The ids of the documents among `versions` that did not come with Naru."""
    return frozenset(one.document.id for one in versions if one.origin != SHIPPED_ORIGIN)


class Edition:
    """One consistent state of the library, opened: passages, their terms and their vectors.

    `translation_groups` (n,) holds one number per passage, equal for passages that are
    translations of each other; `group_languages` says by language whether each group (g,) can be read in
    it, and `group_documents` (g,) holds one number per group, equal for those of one document.
    `letters` has the known questions by their letters, `question_terms` their terms by group and
    language; `own_documents` are the ids of those that an admin brought. See docs/decisions/0008-translations-of-a-passage-form-one-group.md.
    """

    def __init__(
        self,
        number: int,
        passages: Sequence[Passage],
        terms: Mapping[str, Sequence[str]],
        vectors: VectorIndex | None,
        left_out: Set[str] = frozenset(),
        texts: Sequence[IndexedText] | None = None,
        own_documents: Set[str] = frozenset(),
    ) -> None:
        """Index `passages` by their `terms` (see `Library.ensure_terms`). `texts` are their indexed
        texts, where these are listed already.

        `vectors` is None to search by words only. Known questions whose text is in `left_out`
        are excluded (hold-out for calibration). Raises KeyError where a text has no terms.
        """
        self.number = number
        self.own_documents = own_documents
        self.passages = tuple(passages)
        self.vector_index = vectors
        self.translation_groups = _number_groups(self.passages)
        self.group_count = int(self.translation_groups.max(initial=-1)) + 1
        self.group_languages = self._collect_group_languages()
        self.group_documents = _number_group_documents(self.passages, self.translation_groups)
        self.documents = {passage.document.id: passage.document for passage in passages}
        self._newer_editions = find_newer_editions(self.documents.values())
        self._superseding_documents = [one for one in self.documents.values() if one.supersedes]
        every = list_indexed_texts(self.passages) if texts is None else texts
        texts = [one for one in every if one.text not in left_out or not one.question]
        questions = [one.question for one in texts if one.question]
        self.letters = LetterIndex(
            questions,
            self.translation_groups,
            [passage.document.base_id for passage in self.passages],
        )
        self.question_terms = self._collect_question_terms(terms, questions)
        self.language_indexes = {
            language: self._build_language_index(terms, questions, language)
            for language in LANGUAGES
            if any(one.language == language for one in texts)
        }

    def is_in_force(self, document: Document, day: date) -> bool:
        """Whether a document may answer on `day`: begun, not expired and not superseded.

        A document and its translations are superseded once a newer one that replaces them has
        begun; they do not come back when the newer one expires.
        The newer notice of the same programme replaces an older one without saying so.
        See docs/decisions/0016-superseded-documents-never-return.md.
        """
        return self._is_current(document, day) and self.find_newer_edition(document, day) is None

    def is_older_edition(self, document: Document, day: date) -> bool:
        """Whether only a newer notice of the same programme keeps a document from answering."""
        return (
            self._is_current(document, day) and self.find_newer_edition(document, day) is not None
        )

    def _is_current(self, document: Document, day: date) -> bool:
        """Whether a document has begun, has not expired and is not superseded by declaration."""
        return document.is_in_force(day) and self.find_superseding(document, day) is None

    def find_superseding(self, document: Document, day: date) -> Document | None:
        """A document that declares to replace this one or its original and has begun, in its language
        if there is one; None without one."""
        own_ids = {document.id, document.translation_of}
        found = [
            other
            for other in self._superseding_documents
            if own_ids & set(other.supersedes) and other.has_begun(day)
        ]
        return max(found, key=lambda one: one.language == document.language, default=None)

    def find_newer_edition(self, document: Document, day: date) -> Document | None:
        """The newest notice of the document's programme that has appeared by `day`; None if the
        document is the newest, or there is no other."""
        newer = self._newer_editions
        later = newer.get(document.id) or newer.get(document.base_id, ())
        appeared = (one for one in later if has_appeared(one, day))
        return max(appeared, key=rank_in_series, default=None)

    def _collect_group_languages(self) -> dict[Language, NDArray[np.bool_]]:
        """For each language, whether each group (g,) has a passage in it."""
        spoken = {language: np.zeros(self.group_count, bool) for language in LANGUAGES}
        for passage, group in zip(self.passages, self.translation_groups, strict=True):
            spoken[passage.document.language][group] = True
        return spoken

    def _collect_question_terms(
        self, terms: Mapping[str, Sequence[str]], questions: Sequence[KnownQuestion]
    ) -> Mapping[tuple[int, Language], frozenset[str]]:
        """The terms of all answered known questions of a group in one language."""
        collected = defaultdict[tuple[int, Language], set[str]](set)
        for one in questions:
            if one.is_answered:
                group = int(self.translation_groups[one.position])
                collected[group, one.language].update(terms[compute_text_key(one.text)])
        return {key: frozenset(found) for key, found in collected.items()}

    def _build_language_index(
        self,
        terms: Mapping[str, Sequence[str]],
        questions: Sequence[KnownQuestion],
        language: Language,
    ) -> LanguageIndex:
        positions = [i for i, one in enumerate(self.passages) if one.document.language == language]
        texts = [build_index_text(self.passages[position]) for position in positions]
        answered = [one for one in questions if one.language == language and one.is_answered]
        groups = [self.translation_groups[one.position] for one in answered]
        return LanguageIndex(
            positions=np.array(positions, np.int64),
            passage_index=Bm25Index(_select_terms(terms, texts)),
            question_index=QuestionIndex(_select_terms(terms, [one.text for one in answered])),
            question_groups=np.array(groups, np.int64) if groups else NO_GROUPS,
        )


def _select_terms(terms: Mapping[str, Sequence[str]], texts: Sequence[str]) -> list[Sequence[str]]:
    return [terms[compute_text_key(text)] for text in texts]


def _number_groups(passages: Sequence[Passage]) -> NDArray[np.int64]:
    numbers: dict[tuple[str, int], int] = {}
    keys = map(get_translation_key, passages)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _number_group_documents(
    passages: Sequence[Passage], groups: NDArray[np.int64]
) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    documents = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    for passage, group in zip(passages, groups, strict=True):
        documents[group] = numbers.setdefault(passage.document.base_id, len(numbers))
    return documents
