"""Asking the library, and building its vectors again where they are lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError, LibraryStale
from knowledge.phrases.phrase import SectionName
from knowledge.types import Answer, Language, Offer, Question

if TYPE_CHECKING:
    from ingest.pipeline import IngestPipeline
    from knowledge.catalogue import Catalogue
    from knowledge.chain import Chain
    from knowledge.embedding.embedder import Vectors

log = logging.getLogger(__name__)

LIBRARY_EMPTY = "The library is empty. Run `naru ingest` first."
REPAIR_WAIT_SECONDS = 20.0  # that a question waits for its vectors; its lease is 90 s
REPAIR_PAUSE_SECONDS = 60.0  # after a repair that did not help


@dataclass
class _Repair:
    """One run of a repair; `ended` is when it ended, in seconds."""

    done: threading.Event = field(default_factory=threading.Event)
    succeeded: bool = False
    ended: float = 0.0


class LibraryKeeper:
    """Answers questions from the library of `chain`; `ingest` rebuilds lost vectors from the
    database, in a thread of its own, one run at a time. Both take long to load, and are called for
    when they are needed. `clock` gives seconds.

    `problem` is a sentence with the remedy while the library cannot be asked, else "".
    """

    def __init__(
        self,
        catalogue: Catalogue,
        chain: Callable[[], Chain],
        ingest: Callable[[], IngestPipeline],
        clock: Callable[[], float] = time.monotonic,
        wait_seconds: float = REPAIR_WAIT_SECONDS,
    ) -> None:
        self.problem = ""
        self._catalogue = catalogue
        self._chain = chain
        self._ingest = ingest
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._repair: _Repair | None = None

    def ask(self, question: Question, show: Callable[[str], None] | None = None) -> Answer:
        """The answer to a question, after a repair where that is needed and quick enough. Raises
        KnowledgeError where the library cannot be asked now."""
        answer = self._call(lambda chain: chain.ask(question, show))
        self.problem = ""
        return answer

    def show_section(self, question: Question, offer: Offer) -> Answer:
        """The section of an offer whole. Raises like `ask`. That it succeeds says nothing of the
        vectors, which it does not need, so a `problem` stays."""
        return self._call(lambda chain: chain.show_section(question, offer))

    def find_linked_section(self, text: str) -> SectionName | None:
        """The section that a text cites or links; None if it names none. Raises KnowledgeError at once
        where the library cannot be asked: a reply of staff does not wait for a repair."""
        from knowledge.phrases.section_links import find_linked_section, may_name_section

        if not may_name_section(text):
            return None
        return find_linked_section(self._chain().library.get_current_edition(), text)

    def list_samples(self, language: Language, day: date) -> tuple[Offer, ...]:
        """Sections whose labels are questions to try; () where the library cannot be asked now."""
        from knowledge.answering.samples import choose_samples

        try:
            return choose_samples(self._chain().library.get_current_edition(), language, day)
        except KnowledgeError as error:
            self.problem = str(error)
            return ()

    def embed_text(self, text: str) -> Vectors | None:
        """The vector of a short text by the shipped model; None where another is in use, whose
        vectors the model of acts was not fitted to, or where it cannot be had now."""
        from knowledge.embedding.embedder import SHIPPED_MODEL

        try:
            embedder = self._chain().library.embedder
            return embedder.embed_query(text) if embedder.name == SHIPPED_MODEL else None
        except KnowledgeError as error:
            self.problem = str(error)
            return None

    def _call(self, ask: Callable[[Chain], Answer]) -> Answer:
        try:
            try:
                return ask(self._chain())
            except LibraryStale as error:
                if not self._wait_for_repair(error):
                    raise
                return ask(self._chain())
        except KnowledgeError as error:
            self.problem = str(error)
            raise

    def check(self, *, thorough: bool = True) -> str:
        """Look whether the library can be asked, and begin to repair what is lost; the `problem`,
        "" if there is none. Unless `thorough`, nothing is loaded, which takes seconds."""
        try:
            if not thorough:
                is_empty = self._catalogue.get_active_edition() is None
                self.problem = LIBRARY_EMPTY if is_empty else ""
                return self.problem
            self._chain().library.check_vectors()
        except LibraryStale as error:
            self.problem = str(error)
            if self._wait_for_repair(error):
                self.problem = ""
        except KnowledgeError as error:
            self.problem = str(error)
        else:
            self.problem = ""
        return self.problem

    def _wait_for_repair(self, error: LibraryStale) -> bool:
        """Whether a repair, begun now if none is under way, helped within the time to wait."""
        with self._lock:
            last = self._repair
            if last is None or last.succeeded or self._is_due(last):
                log.error("%s It is tried to rebuild them from the database.", error)
                self._repair = _Repair()
                thread = threading.Thread(
                    target=self._run_repair, args=(self._repair,), name="repair", daemon=True
                )
                thread.start()
            repair = self._repair
        assert repair
        return repair.done.wait(self._wait_seconds) and repair.succeeded

    def _is_due(self, last: _Repair) -> bool:
        return last.done.is_set() and self._clock() - last.ended >= REPAIR_PAUSE_SECONDS

    def _run_repair(self, repair: _Repair) -> None:
        try:
            count = self._ingest().restore_vectors()
            repair.succeeded = True
            log.warning("%s vectors were rebuilt from the database", count)
        except Exception as error:  # a sentence of the library's, or the database's or the disk's
            log.error("the vectors could not be rebuilt: %s", error)
        finally:
            repair.ended = self._clock()
            repair.done.set()
