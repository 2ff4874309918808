"""What the confidence is fitted to: questions with the sections found for them, and which are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from knowledge.decision.features import read_features
from knowledge.decision.intents import asks_own_status
from knowledge.evaluation.exam import ExamQuestion, is_right_section, is_useful_section
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import list_known_questions
from knowledge.retrieval.library import Library
from knowledge.retrieval.retriever import Hit, Retriever
from knowledge.types import Language, Passage, Question

Floats = NDArray[np.float64]
FindPlaceWords = Callable[[str], tuple[str, ...]]

USEFUL_SECTION_LABEL = (
    0.3  # of a section that helps without answering  # tuned: see docs/parameters.md
)


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question and the h sections found for it.

    `features` (h, d) by `names` (d), `labels` (h,) from 0 (wrong) to 1 (right) and the document of
    each, by base id. `weight` is what it counts in the fit.
    """

    language: Language
    answerable: bool
    names: tuple[str, ...]
    features: Floats
    labels: Floats
    documents: tuple[str, ...]
    weight: float = 1.0


class QuestionCollector:
    """Asks questions of editions and collects what is found."""

    def __init__(
        self, library: Library, retriever: Retriever, find_place_words: FindPlaceWords
    ) -> None:
        """`find_place_words` gives the words of a text that name a place."""
        self._library = library
        self._retriever = retriever
        self._find_place_words = find_place_words

    def collect_exam(
        self, exam: Sequence[ExamQuestion], now: datetime, weight: float = 1.0
    ) -> Iterator[TrainingQuestion]:
        """The questions of an exam, asked of the active edition at their moment, by default `now`.
        Raises LibraryMissing before the first ingest."""
        edition = self._library.get_current_edition()
        for one in exam:
            yield from self._ask_exam(edition, one, now, weight)

    def collect_without_phrases(
        self, exam: Sequence[ExamQuestion], now: datetime, weight: float = 1.0
    ) -> Iterator[TrainingQuestion]:
        """The same, asked of the active edition without any known question but the headings."""
        current = self._library.get_current_edition()
        edition = self._library.open_edition(current.number, list_phrases(current))
        for one in exam:
            yield from self._ask_exam(edition, one, now, weight)

    def _ask_exam(
        self, edition: Edition, one: ExamQuestion, now: datetime, weight: float
    ) -> Iterator[TrainingQuestion]:
        def label(passage: Passage) -> float:
            original = [
                other
                for other in edition.passages
                if (other.document.id, other.ord) == (passage.document.base_id, passage.ord)
            ]
            if not one.answerable:
                return 0.0
            if is_right_section(one, [passage], original):
                return 1.0
            return USEFUL_SECTION_LABEL if is_useful_section(one, [passage, *original]) else 0.0

        question = self._build_question(one.question, one.language, one.as_of or now)
        if not asks_own_status(one.question):  # handed over, however sure a section is
            yield from self._ask(edition, question, one.answerable, label, weight)

    def _build_question(self, text: str, language: Language, as_of: datetime) -> Question:
        return Question(text, language, as_of, (), self._find_place_words(text))

    def _ask(
        self,
        edition: Edition,
        question: Question,
        answerable: bool,
        label: Callable[[Passage], float],
        weight: float,
    ) -> Iterator[TrainingQuestion]:
        """One training question, or none where nothing in force is found."""
        day = question.day
        hits: list[Hit] = [
            hit
            for hit in self._retriever.search(edition, question)
            if edition.is_in_force(hit.passage.document, day)
        ]
        if not hits:
            return
        read = [read_features(question, hit) for hit in hits]
        names = tuple(read[0])
        yield TrainingQuestion(
            question.language,
            answerable,
            names,
            np.array([[one[name] for name in names] for one in read]),
            np.array([label(hit.passage) for hit in hits]),
            tuple(hit.passage.document.base_id for hit in hits),
            weight,
        )


def list_phrases(edition: Edition) -> frozenset[str]:
    """The texts of an edition's known questions but the headings."""
    headings = {passage.heading[-1] for passage in edition.passages}
    known = list_known_questions(edition.passages)
    return frozenset(one.text for one in known if one.text not in headings)
