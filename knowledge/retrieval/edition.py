"""An edition opened for reading: passages, their indexes by language and their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import Bm25Index, QuestionIndex, TermCounts
from knowledge.retrieval.counts.edition_counts import EditionCounts
from knowledge.retrieval.known_questions import get_translation_key
from knowledge.retrieval.neighbours import LetterIndex
from knowledge.retrieval.ranking.groups import Grouping
from knowledge.retrieval.series import find_newer_editions, has_appeared, rank_in_series
from knowledge.retrieval.vector_index import VectorIndex
from knowledge.text.slots import Slot
from knowledge.types import LANGUAGES, SHIPPED_ORIGIN, Document, Language, Passage, Version


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """What an edition has in one language: n passages and q answered known questions.

    `positions` (n,) are the passages' positions in the edition, ascending. `question_groups`
    (q,) are the translation groups of the passages that answer the questions of
    `question_index`, `group_terms` the terms of these by group. `groups` are those of the passages,
    and `has_one_each` says that no group has two. `name_terms` are the terms of each passage's title
    and heading, `place_terms` the places that it names, by its row in `positions`.
    """

    positions: NDArray[np.int64]
    passage_index: Bm25Index
    question_index: QuestionIndex
    question_groups: Grouping
    group_terms: GroupTerms
    groups: NDArray[np.int64]
    has_one_each: bool
    name_terms: GroupTerms
    place_terms: GroupTerms

    def has_slot_terms(self, slot: Slot) -> bool:
        """Whether a passage, or a question that one answers, has any of the slot's terms."""
        return self.passage_index.has_slot_terms(slot) or self.question_index.has_slot_terms(slot)


class GroupTerms:
    """The terms of all texts of each group: of the answered known questions of a translation group,
    or of what belongs to one passage; in one language."""

    def __init__(
        self, texts: TermCounts, groups_of_texts: NDArray[np.int64], group_count: int
    ) -> None:
        self._terms = texts.terms
        columns = np.repeat(np.arange(len(self._terms)), texts.spread)
        width = max(len(self._terms), 1)
        pairs = np.unique(groups_of_texts[texts.rows] * width + columns)
        groups, self._columns = pairs // width, (pairs % width).astype(np.int32)
        self._starts = np.searchsorted(groups, np.arange(group_count + 1)).astype(np.int32)

    def get(self, group: int) -> frozenset[str]:
        """The terms of one group; none where it has no such text."""
        columns = self._columns[self._starts[group] : self._starts[group + 1]]
        return frozenset(self._terms[column] for column in columns.tolist())


def list_own_documents(versions: Iterable[Version]) -> frozenset[str]:
    """The ids of the documents among `versions` that did not come with Naru."""
    return frozenset(one.document.id for one in versions if one.origin != SHIPPED_ORIGIN)


class Edition:
    """One consistent state of the library, opened: passages, their terms and their vectors.

    `translation_groups` (n,) holds one number per passage, equal for passages that are
    translations of each other; `group_languages` says by language whether each group (g,) can be read in
    it, and `group_documents` (g,) holds one number per group, equal for those of one document:
    `document_groups` are the groups by document, `group_members` the passages by group, `vector_groups`
    the vectors by group.
    `letters` has the known questions by their letters; `own_documents` are the ids of those that an admin brought. See docs/decisions/0008-translations-of-a-passage-form-one-group.md.
    """

    def __init__(
        self,
        number: int,
        passages: Sequence[Passage],
        counts: EditionCounts,
        vectors: VectorIndex | None,
        own_documents: Set[str] = frozenset(),
    ) -> None:
        """`counts` are those of the texts of `passages` (see `count_edition`). `vectors` is None to
        search by words only."""
        self.number = number
        self.own_documents = own_documents
        self.passages = tuple(passages)
        self.vector_index = vectors
        self.translation_groups = _number_groups(self.passages)
        self.group_count = int(self.translation_groups.max(initial=-1)) + 1
        self.group_languages = self._collect_group_languages()
        self.group_documents = _number_group_documents(self.passages, self.translation_groups)
        self.group_members = Grouping(self.translation_groups, self.group_count)
        embedded = self.translation_groups[vectors.positions if vectors else []]
        self.vector_groups = Grouping(embedded, self.group_count)
        self.documents = {passage.document.id: passage.document for passage in passages}
        self.document_groups = Grouping(self.group_documents, len(self.documents))
        self._newer_editions = find_newer_editions(self.documents.values())
        self._superseding_documents = [one for one in self.documents.values() if one.supersedes]
        self.letters = LetterIndex(
            counts.grams,
            counts.positions,
            counts.is_answered,
            self.translation_groups,
            [passage.document.base_id for passage in self.passages],
        )
        self.language_indexes = {
            language: self._build_language_index(counts, language)
            for language in counts.by_language
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

    def find_question_terms(self, group: int, language: Language) -> frozenset[str]:
        """The terms of all answered known questions of a group in one language."""
        index = self.language_indexes.get(language)
        return index.group_terms.get(group) if index else frozenset()

    def find_section_terms(self, position: int) -> tuple[frozenset[str], frozenset[str]]:
        """The terms of the title and heading of the passage at `position`, and the places it names."""
        index = self.language_indexes[self.passages[position].document.language]
        row = int(np.searchsorted(index.positions, position))
        return index.name_terms.get(row), index.place_terms.get(row)

    def _build_language_index(self, counts: EditionCounts, language: Language) -> LanguageIndex:
        positions = [i for i, one in enumerate(self.passages) if one.document.language == language]
        is_of_language = counts.is_answered & (counts.languages == LANGUAGES.index(language))
        groups = self.translation_groups[counts.positions[is_of_language]]
        own = counts.by_language[language]
        of_passages = self.translation_groups[positions]
        rows = np.arange(len(positions))
        return LanguageIndex(
            positions=np.array(positions, np.int64),
            passage_index=Bm25Index(own.passages),
            question_index=QuestionIndex(own.questions),
            question_groups=Grouping(groups, self.group_count),
            group_terms=GroupTerms(own.questions, groups, self.group_count),
            groups=of_passages,
            has_one_each=len(np.unique(of_passages)) == len(of_passages),
            name_terms=GroupTerms(own.names, rows, len(rows)),
            place_terms=GroupTerms(own.places, rows, len(rows)),
        )


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
