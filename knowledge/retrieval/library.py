"""The library as readers hold it open: the active edition and its terms."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Sequence, Set
from typing import Protocol

from knowledge.catalogue import Catalogue, EditionRow
from knowledge.embedding.embedder import Embedder
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.counts.counts_file import (
    COUNTS_FILE,
    compute_counts_key,
    read_counts,
    write_counts,
)
from knowledge.retrieval.counts.edition_counts import EditionCounts, count_edition
from knowledge.retrieval.edition import Edition, list_own_documents
from knowledge.retrieval.known_questions import (
    IndexedText,
    compute_text_key,
    compute_wordings_key,
    ensure_wordings,
    list_indexed_texts,
    list_wordings,
)
from knowledge.retrieval.vector_store import REMEDY, VectorStore
from knowledge.text.glossary import Glossary
from knowledge.text.lexicon import find_place_terms
from knowledge.types import Passage

GLOSSARY_KEY = compute_text_key("glossary")  # of the terms of its spellings, in one row
TERM_SEPARATOR = "\t"
# How long a reader may answer from the old edition after an ingest in another process, or
# without the phrases that were approved there.
EDITION_CHECK_SECONDS = 1.0


class PhraseSource(Protocol):
    """Where the known questions come from that an admin approved: `knowledge.phrases.side_files`."""

    def describe_state(self) -> object:
        """A value that is another one after a change."""

    def attach_phrases(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages with the phrases of their sections."""


class Library:
    """The active edition, opened once and kept until another one is made active. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: VectorStore,
        embedder: Embedder,
        glossary: Glossary,
        clock: Callable[[], float] = time.monotonic,
        phrase_source: PhraseSource | None = None,
    ) -> None:
        """`clock` gives seconds and decides when the active edition is looked up again;
        `phrase_source` has known questions that an admin approved."""
        self.catalogue = catalogue
        self.embedder = embedder
        self.glossary = glossary
        self._phrase_source = phrase_source
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._current: Edition | None = None
        self._opened: tuple[object, ...] = ()
        self._checked_at = -math.inf
        self._has_glossary_terms = False

    def get_current_edition(self) -> Edition:
        """The edition to answer the next question from.

        Raises LibraryMissing before the first ingest, LibraryStale for another model's vectors,
        StoreUnavailable where the database or the vector server cannot be reached.
        """
        with self._lock:
            if self._current and self._clock() - self._checked_at < EDITION_CHECK_SECONDS:
                return self._current
            row = self._find_active_edition()
            # Its vectors may have been built again, and phrases approved.
            phrases = self._phrase_source.describe_state() if self._phrase_source else ()
            wanted = (row.id, row.index_name, phrases)
            if self._current is None or self._opened != wanted:
                self._current = self.open_edition(row.id)
                self._opened = wanted
            self._checked_at = self._clock()
            return self._current

    def forget_check(self) -> None:
        """Have the next question look up the active edition, however short ago that was done."""
        with self._lock:  # after who looks at this moment, and may see the edition before
            self._checked_at = -math.inf

    def check_vectors(self) -> None:
        """Look whether the active edition's vectors are where they belong, and open it.

        Raises LibraryStale where they are lost or damaged, also below an edition that is open,
        LibraryMissing before the first ingest, StoreUnavailable like `get_current_edition`.
        """
        row = self._find_active_edition()
        if row.index_name not in self._store.list_names():
            raise LibraryStale(f"The vectors of edition {row.id} are missing. {REMEDY}")
        self._store.check(row.index_name)
        self.get_current_edition()

    def _find_active_edition(self) -> EditionRow:
        """Raises LibraryMissing before the first ingest."""
        number = self.catalogue.get_active_edition()
        if number is None:
            raise LibraryMissing("The library is empty. Run `naru ingest` first.")
        return self.catalogue.find_edition(number)

    def open_edition(self, number: int, left_out: Set[str] = frozenset()) -> Edition:
        """Open any edition, independently of the active one; `left_out` are the texts of known
        questions to exclude (hold-out for calibration).

        Raises LibraryMissing for an unknown number, LibraryStale for missing or another model's
        vectors.
        """
        row = self.catalogue.find_edition(number)
        versions = self.catalogue.load_versions(number)
        passages = self.attach_phrases([p for version in versions for p in version.passages])
        vectors = self._store.open(row.index_name, self.embedder.name)
        if left_out:
            counts = self._count(passages, left_out)
        else:
            counts = self._ensure_counts(row.index_name, passages)
        return Edition(number, passages, counts, vectors, list_own_documents(versions))

    def store_counts(self, number: int) -> None:
        """Count the texts of an edition and store the counts, so that it opens fast. Raises
        LibraryMissing for an unknown number."""
        row = self.catalogue.find_edition(number)
        passages = [p for one in self.catalogue.load_versions(number) for p in one.passages]
        self._ensure_counts(row.index_name, self.attach_phrases(passages))

    def attach_phrases(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages with the phrases that an admin approved for their sections."""
        source = self._phrase_source
        return source.attach_phrases(passages) if source else list(passages)

    def ensure_terms(
        self, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None
    ) -> dict[str, list[str]]:
        """The terms of every passage and known question, by `compute_text_key` of the text.

        Texts that were not analysed before are analysed and stored; `progress` is called after
        each of them with (done, total).
        """
        return self._ensure_terms(self._list_texts(passages), progress)

    def list_term_keys(self, number: int) -> set[str]:
        """The keys of all stored terms that an edition is opened with."""
        versions = self.catalogue.load_versions(number)
        passages = self.attach_phrases([p for version in versions for p in version.passages])
        texts = {compute_text_key(one.text) for one in self._list_texts(passages)}
        return {*texts, compute_wordings_key(list_wordings(passages)), GLOSSARY_KEY}

    def _ensure_counts(self, index_name: str, passages: Sequence[Passage]) -> EditionCounts:
        """The counts of `passages`, from the folder of their vectors if they are there."""
        self._ensure_glossary_terms()
        folder = self._store.find_folder(index_name)
        if folder is None:
            return self._count(passages)
        key = compute_counts_key(passages, self.glossary.fingerprint)
        counts = read_counts(folder / COUNTS_FILE, key)
        if counts is None:
            counts = self._count(passages)
            write_counts(folder / COUNTS_FILE, key, counts)
        return counts

    def _count(
        self, passages: Sequence[Passage], left_out: Set[str] = frozenset()
    ) -> EditionCounts:
        texts = self._list_texts(passages)
        return count_edition(passages, self._ensure_terms(texts), left_out, texts)

    def _list_texts(self, passages: Sequence[Passage]) -> list[IndexedText]:
        return list_indexed_texts(passages, ensure_wordings(self.catalogue, passages))

    def _ensure_terms(
        self,
        indexed: Sequence[IndexedText],
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, list[str]]:
        self._ensure_glossary_terms()
        made_by = self.glossary.fingerprint
        texts = {compute_text_key(one.text): one for one in indexed}
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

    def _ensure_glossary_terms(self) -> None:
        """Give the glossary, once, the stored terms of its own spellings, or store them."""
        if self._has_glossary_terms:
            return
        made_by = self.glossary.fingerprint
        spellings = self.glossary.list_spellings()
        rows = self.catalogue.load_terms([GLOSSARY_KEY], made_by).get(GLOSSARY_KEY)
        if rows is None or len(rows) != len(spellings):
            analysed = (self.glossary.analyse_spelling(*spelling) for spelling in spellings)
            rows = list(map(TERM_SEPARATOR.join, analysed))
            self.catalogue.add_terms(made_by, {GLOSSARY_KEY: rows})
        split = (row.split(TERM_SEPARATOR) if row else [] for row in rows)
        # A term of a hundred spellings is one string in memory.
        self.glossary.remember_terms([list(map(sys.intern, terms)) for terms in split])
        self._has_glossary_terms = True

    def _analyse_text(self, text: IndexedText) -> list[str]:
        if text.kind == "passage":
            return self.glossary.analyser.tokenise_passage(text.text, text.language)
        if text.kind == "places":
            places = self.glossary.place_terms[text.language]
            return find_place_terms(text.text, text.language, places, self.glossary.analyser)
        return self.glossary.tokenise_question(text.text, text.language)
