"""The library as readers hold it open: the active edition and its terms."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence, Set

from knowledge.catalogue import Catalogue
from knowledge.embedding.embedder import Embedder
from knowledge.errors import LibraryMissing
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import (
    IndexedText,
    compute_text_key,
    list_indexed_texts,
)
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.glossary import Glossary
from knowledge.types import Passage

# How long a reader may answer from the old edition after an ingest in another process.
EDITION_CHECK_SECONDS = 1.0


class Library:
    """The active edition, opened once and kept until another one is made active. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: VectorStore,
        embedder: Embedder,
        glossary: Glossary,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds and decides when the active edition is looked up again."""
        self.catalogue = catalogue
        self.embedder = embedder
        self.glossary = glossary
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._current: Edition | None = None
        self._checked_at = 0.0

    def get_current_edition(self) -> Edition:
        """The edition to answer the next question from.

        Raises LibraryMissing before the first ingest, LibraryStale for another model's vectors,
        StoreUnavailable where the database or the vector server cannot be reached.
        """
        with self._lock:
            if self._current and self._clock() - self._checked_at < EDITION_CHECK_SECONDS:
                return self._current
            number = self.catalogue.get_active_edition()
            if number is None:
                raise LibraryMissing("The library is empty. Run `naru ingest` first.")
            if self._current is None or self._current.number != number:
                self._current = self.open_edition(number)
            self._checked_at = self._clock()
            return self._current

    def open_edition(self, number: int, left_out: Set[str] = frozenset()) -> Edition:
        """Open any edition, independently of the active one; `left_out` are the texts of known
        questions to exclude (hold-out for calibration).

        Raises LibraryMissing for an unknown number, LibraryStale for missing or another model's
        vectors.
        """
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
        """The terms of every passage and known question, by `compute_text_key` of the text.

        Texts that were not analysed before are analysed and stored; `progress` is called after
        each of them with (done, total).
        """
        made_by = self.glossary.fingerprint
        texts = {compute_text_key(one.text): one for one in list_indexed_texts(passages)}
        terms = self.catalogue.load_terms(texts, made_by)
        missing = [key for key in texts if key not in terms]
        fresh: dict[str, list[str]] = {}
        for key in missing:
            fresh[key] = self._analyse_text(texts[key])
            if progress:
                progress(len(fresh), len(missing))
        if fresh:
            self.catalogue.add_terms(made_by, fresh)
        return terms | fresh

    def _analyse_text(self, text: IndexedText) -> list[str]:
        if text.question:
            return self.glossary.tokenise_question(text.text, text.language)
        return self.glossary.analyser.tokenise_passage(text.text, text.language)
