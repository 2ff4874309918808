"""The counts of an edition: made from its texts, or read where they were stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.bm25 import TermCounts, count_terms
from knowledge.retrieval.known_questions import (
    IndexedText,
    KnownQuestion,
    build_index_text,
    build_place_text,
    compute_text_key,
    list_indexed_texts,
    list_names,
)
from knowledge.retrieval.neighbours import GramCounts, count_grams
from knowledge.types import LANGUAGES, Language, Passage


@dataclass(frozen=True, slots=True)
class LanguageCounts:
    """What an edition has in one language, in order: the terms of its passages, of the known
    questions that one of the edition's passages answers, of each passage's title and heading, and
    the places that each passage names."""

    passages: TermCounts
    questions: TermCounts
    names: TermCounts
    places: TermCounts


@dataclass(frozen=True, slots=True)
class EditionCounts:
    """How often the texts of an edition have which terms and letters.

    Of its k known questions, in order: `positions` (k,) of their passages, `languages` (k,) by
    number in LANGUAGES, `is_answered` (k,) and the `grams` of their letters.
    """

    positions: NDArray[np.int32]
    languages: NDArray[np.uint8]
    is_answered: NDArray[np.bool_]
    grams: GramCounts
    by_language: Mapping[Language, LanguageCounts]


def count_edition(
    passages: Sequence[Passage],
    terms: Mapping[str, Sequence[str]],
    left_out: Set[str] = frozenset(),
    texts: Sequence[IndexedText] | None = None,
) -> EditionCounts:
    """Count the texts of `passages` by their `terms` (see `Library.ensure_terms`). `texts` are the
    indexed texts, where these are listed already. Known questions whose text is in `left_out` are
    excluded. Raises KeyError where a text has no terms."""
    every = list_indexed_texts(passages) if texts is None else texts
    found = [one for one in every if one.kind in ("passage", "question")]
    kept = [one for one in found if one.text not in left_out or not one.question]
    questions = [one.question for one in kept if one.question]
    return EditionCounts(
        np.array([one.position for one in questions], np.int32),
        np.array([LANGUAGES.index(one.language) for one in questions], np.uint8),
        np.array([one.is_answered for one in questions], bool),
        count_grams([one.text for one in questions]),
        {
            language: _count_language(passages, terms, questions, language)
            for language in LANGUAGES
            if any(one.language == language for one in kept)
        },
    )


def _count_language(
    passages: Sequence[Passage],
    terms: Mapping[str, Sequence[str]],
    questions: Sequence[KnownQuestion],
    language: Language,
) -> LanguageCounts:
    own = [one for one in passages if one.document.language == language]
    answered = [one.text for one in questions if one.language == language and one.is_answered]
    return LanguageCounts(
        _count_texts(terms, [[build_index_text(one)] for one in own]),
        _count_texts(terms, [[text] for text in answered]),
        _count_texts(terms, [list_names(one) for one in own]),
        _count_texts(terms, [[build_place_text(one)] for one in own]),
    )


def _count_texts(terms: Mapping[str, Sequence[str]], texts: Sequence[Sequence[str]]) -> TermCounts:
    """Count the terms of each row of texts."""
    return count_terms(
        [[term for text in row for term in terms[compute_text_key(text)]] for row in texts]
    )
