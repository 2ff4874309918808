"""An edition as a reader holds it open, and the switch to the next one between two questions."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Catalogue, Vector
from knowledge.embedder import Embedder
from knowledge.errors import LibraryMissing
from knowledge.glossary import Glossary
from knowledge.index import VectorIndex, VectorStore
from knowledge.lexical import LexicalIndex
from knowledge.types import LANGUAGES, Document, Language, Passage

ENOUGH_GLOSS = 0.5  # share of a text's terms that must be in English for an English model
CHECK_SECONDS = 1.0  # how stale a reader may be after an ingest in another process


@dataclass(frozen=True, slots=True)
class Shelf:
    """The passages of one language: their positions in the edition, and their index."""

    positions: NDArray[np.int64]
    index: LexicalIndex


class Edition:
    """One consistent state of the library, opened: passages, their terms and their vectors.

    `groups[i]` is equal for passages that are translations of each other.
    """

    def __init__(
        self,
        number: int,
        passages: Sequence[Passage],
        terms: Sequence[Sequence[str]],
        vectors: VectorIndex | None,
    ) -> None:
        self.number = number
        self.passages = tuple(passages)
        self.vectors = vectors
        self.groups = _groups(self.passages)
        self.documents = {passage.document.id: passage.document for passage in passages}
        self.shelves = {
            language: _shelf(self.passages, terms, language)
            for language in LANGUAGES
            if any(passage.document.language == language for passage in self.passages)
        }

    def in_force(self, document: Document, day: date) -> bool:
        """Whether a document may answer on `day`: not expired, and not superseded by one that
        may."""
        return document.in_force(day) and not any(
            document.id in other.supersedes and other.in_force(day)
            for other in self.documents.values()
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
        self._open: Edition | None = None
        self._checked = 0.0

    def current(self) -> Edition:
        """The edition to answer the next question from.

        Raises LibraryMissing before the first ingest, LibraryStale for another model's vectors.
        """
        with self._lock:
            if self._open and time.monotonic() - self._checked < CHECK_SECONDS:
                return self._open
            number = self.catalogue.active_edition()
            if number is None:
                raise LibraryMissing("The library is empty. Run `naru ingest` first.")
            if self._open is None or self._open.number != number:
                self._open = self.edition(number)
            self._checked = time.monotonic()
            return self._open

    def edition(self, number: int) -> Edition:
        """Any edition, opened apart from the one in force."""
        row = self.catalogue.edition(number)
        passages = [
            passage for version in self.catalogue.versions(number) for passage in version.passages
        ]
        vectors = self._store.open(row.index_name, self.embedder.name)
        return Edition(number, passages, self.terms(passages), vectors)

    def terms(self, passages: Sequence[Passage]) -> list[list[str]]:
        """The terms of each passage; those not analysed before are analysed and kept."""
        analyser = self.glossary.analyser
        known = self.catalogue.terms((passage.digest for passage in passages), analyser.name)
        fresh = {
            passage.digest: analyser.indexed(indexed_text(passage), passage.document.language)
            for passage in passages
            if passage.digest not in known
        }
        if fresh:
            self.catalogue.add_terms(analyser.name, fresh)
        return [known.get(passage.digest) or fresh.get(passage.digest, []) for passage in passages]


def indexed_text(passage: Passage) -> str:
    """What a passage is found by: its heading path, which gives it meaning, and its text."""
    return "\n".join([" – ".join(passage.heading), passage.text])


def embedded_texts(passages: Sequence[Passage], glossary: Glossary | None) -> dict[int, str]:
    """What the vector arm sees, by position.

    Without a `glossary` the model reads every language. With one it reads English only: English
    passages as they are, others that have no English counterpart glossed word by word, where
    enough of their words are in the glossary.
    """
    if glossary is None:
        return {position: indexed_text(passage) for position, passage in enumerate(passages)}
    english = {_group_key(p) for p in passages if p.document.language == "en"}
    texts: dict[int, str] = {}
    for position, passage in enumerate(passages):
        language = passage.document.language
        if language == "en":
            texts[position] = indexed_text(passage)
        elif _group_key(passage) not in english:
            terms = glossary.analyser.terms(indexed_text(passage), language)
            text, share = glossary.gloss(glossary.spans(terms, language))
            if share >= ENOUGH_GLOSS:
                texts[position] = text
    return texts


def _group_key(passage: Passage) -> tuple[str, int]:
    """Equal for passages that are translations of each other."""
    return passage.document.translation_of or passage.document.id, passage.ord


def _groups(passages: Sequence[Passage]) -> NDArray[np.int64]:
    numbers: dict[tuple[str, int], int] = {}
    keys = map(_group_key, passages)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _shelf(
    passages: Sequence[Passage], terms: Sequence[Sequence[str]], language: Language
) -> Shelf:
    positions = [i for i, passage in enumerate(passages) if passage.document.language == language]
    return Shelf(np.array(positions, np.int64), LexicalIndex([terms[i] for i in positions]))


__all__ = ["Edition", "Library", "Shelf", "Vector", "embedded_texts", "indexed_text"]
